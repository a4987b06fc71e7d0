using System.Net;
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

    /// <summary>Its address.</summary>
    public Uri Address => _http.BaseAddress!;

    /// <summary>Gets something.</summary>
    /// <param name="path">Path below the address, or a whole address that the deployment gave.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="BadInputException">The deployment refused the input, with all that is wrong.</exception>
    /// <exception cref="RunFailedException">It does not answer, or answers with another problem.</exception>
    public async Task<T> GetAsync<T>(string path, CancellationToken cancellationToken) =>
        Read<T>(await SendAsync(() => new HttpRequestMessage(HttpMethod.Get, path), cancellationToken));

    /// <summary>Posts a JSON document.</summary>
    /// <param name="path">Path below the address.</param>
    /// <param name="body">The document.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="BadInputException">The deployment refused the input, with all that is wrong.</exception>
    /// <exception cref="RunFailedException">It does not answer, or answers with another problem.</exception>
    public async Task<T> PostAsync<T>(string path, object body, CancellationToken cancellationToken) =>
        Read<T>(await SendAsync(() => Post(path, body), cancellationToken));

    /// <summary>A request that posts a JSON document.</summary>
    /// <param name="path">Path below the address.</param>
    /// <param name="body">The document.</param>
    public static HttpRequestMessage Post(string path, object body) => new(HttpMethod.Post, path)
    {
        Content = new StringContent(JsonSerializer.Serialize(body, Json), Encoding.UTF8, "application/json"),
    };

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
        string digest = $"sha-256=:{Convert.ToBase64String(sha256)}:";
        await InsistAsync(
            () => new HttpRequestMessage(HttpMethod.Put, path) { Content = content(), Headers = { { "Repr-Digest", digest } } }, length, cancellationToken);
    }

    /// <summary>Gets a range of something large; tries again what fails by chance.</summary>
    /// <param name="path">Path below the address.</param>
    /// <param name="offset">First byte.</param>
    /// <param name="length">Number of bytes.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The bytes; fewer where it ends before, none where it ends before the first.</returns>
    /// <exception cref="RunFailedException">It does not answer, or answers with another problem.</exception>
    public async Task<byte[]> GetRangeAsync(string path, long offset, int length, CancellationToken cancellationToken)
    {
        Answer answer = await InsistAsync(
            () => new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Range = new RangeHeaderValue(offset, offset + length - 1) } }, length, cancellationToken);
        return answer.Status == HttpStatusCode.RequestedRangeNotSatisfiable ? [] : answer.Body;
    }

    /// <summary>Reads what a deployment wrote.</summary>
    /// <param name="json">A JSON value.</param>
    public static T? Read<T>(JsonElement json) => json.Deserialize<T>(Json);

    /// <summary>Reads what a deployment answered.</summary>
    /// <param name="answer">The answer.</param>
    /// <exception cref="RunFailedException">It is something else.</exception>
    public static T Read<T>(Answer answer)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(answer.Body, Json) ?? throw new RunFailedException($"{answer.From} answered with nothing.");
        }
        catch (JsonException error)
        {
            throw new RunFailedException($"{answer.From} answered with something else than expected: {error.Message} Is it this application, in this version?");
        }
    }

    /// <summary>Sends a request.</summary>
    /// <param name="request">Makes it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <param name="length">Bytes that travel, where they are many.</param>
    /// <exception cref="BadInputException">The deployment refused the input, with all that is wrong.</exception>
    /// <exception cref="RunFailedException">It does not answer, or answers with another problem.</exception>
    public async Task<Answer> SendAsync(Func<HttpRequestMessage> request, CancellationToken cancellationToken, long length = 0)
    {
        TimeSpan patience = Patience + TimeSpan.FromSeconds(length / SlowestBytesPerSecond);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        using HttpRequestMessage message = request();

        // The addresses that Durable Functions gives carry a key of their own, and a header would go before it.
        if (_key is not null && !message.RequestUri!.OriginalString.Contains("code=", StringComparison.Ordinal))
        {
            message.Headers.Add("x-functions-key", _key);
        }

        // Without the query, which may hold a key.
        string named = message.RequestUri!.OriginalString.Split('?')[0];
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(message, limit.Token);
            byte[] body = await response.Content.ReadAsByteArrayAsync(limit.Token);
            return response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable
                ? new Answer(named, response.StatusCode, body)
                : throw RefusalOf(named, response, body);
        }
        catch (HttpRequestException error)
        {
            throw new TransientFailureException($"{Address} does not answer: {error.Message} Is it running, and the address right?");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TransientFailureException($"{named} did not answer within {patience.TotalSeconds:F0} s.");
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<Answer> InsistAsync(Func<HttpRequestMessage> request, long length, CancellationToken cancellationToken)
    {
        TimeSpan pause = FirstPause;
        for (int tries = 1; ; tries++)
        {
            try
            {
                return await SendAsync(request, cancellationToken, length);
            }
            catch (TransientFailureException) when (tries < MostTries)
            {
                await Task.Delay(pause, cancellationToken);
                pause *= 2;
            }
        }
    }

    private Exception RefusalOf(string named, HttpResponseMessage response, byte[] body)
    {
        if (response.Content.Headers.ContentType?.MediaType == ApiProblem.MediaType
            && JsonSerializer.Deserialize<ApiProblem>(body, Json) is { } problem)
        {
            return problem.Errors is { Count: > 0 } errors ? new BadInputException(errors) : new RunFailedException($"{problem.Title} {problem.Detail}");
        }

        if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError)
        {
            return new TransientFailureException($"{named} answered {(int)response.StatusCode} {response.ReasonPhrase}.");
        }

        return new RunFailedException(response.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => _key is null
                ? "The deployment asks for a key; give it with --key."
                : "The deployment refuses the key; give the right one with --key.",
            _ => $"{named} answered {(int)response.StatusCode} {response.ReasonPhrase}.",
        });
    }

    /// <summary>A failure that may pass.</summary>
    private sealed class TransientFailureException(string message) : RunFailedException(message);
}

/// <summary>What a deployment answered.</summary>
/// <param name="From">Address without a query.</param>
/// <param name="Status">Status.</param>
/// <param name="Body">Body.</param>
internal sealed record Answer(string From, HttpStatusCode Status, byte[] Body);
