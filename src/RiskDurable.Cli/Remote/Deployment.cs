using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using RiskDurable.Cli.Local;
using RiskDurable.Functions.Http;
using RiskDurable.Portfolio;

namespace RiskDurable.Cli.Remote;

/// <summary>A deployment of the application, spoken to over its HTTP API.</summary>
internal sealed class Deployment : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    // A deal's analysis is waited for up to 20 s by the host.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // An upload over a slow line takes its time; one that fails by chance is sent again.
    private const double SlowestBytesPerSecond = 64 * 1024;
    private const int MostTries = 4;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.5);

    private readonly HttpClient _http;
    private readonly string? _key;

    /// <summary>Names a deployment; nothing is sent yet.</summary>
    /// <param name="address">Its address, such as <c>http://localhost:7071</c>.</param>
    /// <param name="key">Its key, or null.</param>
    public Deployment(Uri address, string? key)
    {
        _http = new HttpClient { BaseAddress = address.OriginalString.EndsWith('/') ? address : new Uri(address.OriginalString + "/"), Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        _key = key;
    }

    /// <summary>Gets something.</summary>
    /// <param name="path">Path below the address, or a whole address that the deployment gave.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="BadInputException">The deployment refused the input, with all that is wrong.</exception>
    /// <exception cref="RunFailedException">It does not answer, or answers with another problem.</exception>
    public Task<T> GetAsync<T>(string path, CancellationToken cancellationToken) =>
        SendAsync<T>(new HttpRequestMessage(HttpMethod.Get, path), cancellationToken);

    /// <summary>Posts a JSON document.</summary>
    /// <param name="path">Path below the address.</param>
    /// <param name="body">The document's text, or an object.</param>
    /// <param name="prefer">The header <c>Prefer</c>, or null.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="BadInputException">The deployment refused the input, with all that is wrong.</exception>
    /// <exception cref="RunFailedException">It does not answer, or answers with another problem.</exception>
    public async Task<T> PostAsync<T>(string path, object body, string? prefer, CancellationToken cancellationToken)
    {
        string text = body as string ?? JsonSerializer.Serialize(body, Json);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(text, Encoding.UTF8, "application/json") };
        if (prefer is not null)
        {
            request.Headers.Add("Prefer", prefer);
        }

        return await SendAsync<T>(request, cancellationToken);
    }

    /// <summary>Puts a file, or a part of one; tries again what fails by chance.</summary>
    /// <param name="path">Path below the address.</param>
    /// <param name="content">Makes the body, once a try.</param>
    /// <param name="length">Bytes of the body.</param>
    /// <param name="sha256">SHA-256 of the whole file.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="BadInputException">The deployment refused the file.</exception>
    /// <exception cref="RunFailedException">It does not answer, or answers with another problem.</exception>
    public async Task PutAsync(string path, Func<HttpContent> content, long length, byte[] sha256, CancellationToken cancellationToken)
    {
        TimeSpan patience = Patience + TimeSpan.FromSeconds(length / SlowestBytesPerSecond);
        TimeSpan pause = FirstPause;
        for (int tries = 1; ; tries++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = content() };
            request.Headers.Add("Repr-Digest", $"sha-256=:{Convert.ToBase64String(sha256)}:");
            try
            {
                await SendAsync<JsonElement>(request, cancellationToken, patience);
                return;
            }
            catch (TransientFailureException) when (tries < MostTries)
            {
                await Task.Delay(pause, cancellationToken);
                pause *= 2;
            }
        }
    }

    /// <summary>Reads what a deployment wrote.</summary>
    /// <param name="json">A JSON value.</param>
    public static T? Read<T>(JsonElement json) => json.Deserialize<T>(Json);

    public void Dispose() => _http.Dispose();

    private async Task<T> SendAsync<T>(HttpRequestMessage request, CancellationToken cancellationToken, TimeSpan? patience = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience ?? Patience);

        // The addresses that Durable Functions gives carry a key of their own, and a header would go before it.
        if (_key is not null && !request.RequestUri!.OriginalString.Contains("code=", StringComparison.Ordinal))
        {
            request.Headers.Add("x-functions-key", _key);
        }

        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, limit.Token);
            byte[] body = await response.Content.ReadAsByteArrayAsync(limit.Token);
            if (!response.IsSuccessStatusCode)
            {
                throw Refusal(response, body);
            }

            return JsonSerializer.Deserialize<T>(body, Json) ?? throw new RunFailedException($"{Named(request)} answered with nothing.");
        }
        catch (HttpRequestException error)
        {
            throw new TransientFailureException($"{_http.BaseAddress} does not answer: {error.Message} Is it running, and the address right?");
        }
        catch (JsonException error)
        {
            throw new RunFailedException($"{Named(request)} answered with something else than expected: {error.Message} Is it this application, in this version?");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TransientFailureException($"{Named(request)} did not answer within {(patience ?? Patience).TotalSeconds:F0} s.");
        }
    }

    // Without the query, which may hold a key.
    private static string Named(HttpRequestMessage request) => request.RequestUri!.OriginalString.Split('?')[0];

    private static Exception Refusal(HttpResponseMessage response, byte[] body)
    {
        if (response.Content.Headers.ContentType?.MediaType == ApiProblem.MediaType
            && JsonSerializer.Deserialize<ApiProblem>(body, Json) is { } problem)
        {
            return problem.Errors is { Count: > 0 } errors ? new BadInputException(errors) : new RunFailedException($"{problem.Title} {problem.Detail}");
        }

        if (response.StatusCode is System.Net.HttpStatusCode.TooManyRequests or System.Net.HttpStatusCode.RequestTimeout or >= System.Net.HttpStatusCode.InternalServerError)
        {
            return new TransientFailureException($"{Named(response.RequestMessage!)} answered {(int)response.StatusCode} {response.ReasonPhrase}.");
        }

        return new RunFailedException(response.StatusCode switch
        {
            System.Net.HttpStatusCode.Unauthorized or System.Net.HttpStatusCode.Forbidden => "The deployment refuses the key; give the right one with --key.",
            _ => $"{Named(response.RequestMessage!)} answered {(int)response.StatusCode} {response.ReasonPhrase}.",
        });
    }

    /// <summary>A failure that may pass.</summary>
    private sealed class TransientFailureException(string message) : RunFailedException(message);
}
