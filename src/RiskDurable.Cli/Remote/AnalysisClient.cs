using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using RiskDurable.Cli.Local;
using RiskDurable.Portfolio;

namespace RiskDurable.Cli.Remote;

/// <summary>Asks an application for analyses of deals, over HTTP.</summary>
internal sealed class AnalysisClient : IDisposable
{
    private const string Route = "api/deals/analytics";
    private const string PatientWait = "wait=20";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly HttpClient _http;

    /// <param name="host">Root of the application's address.</param>
    /// <param name="key">The key that it asks for, or null.</param>
    public AnalysisClient(Uri host, string? key)
    {
        string root = host.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/";
        _http = new HttpClient { BaseAddress = new Uri(root), Timeout = TimeSpan.FromSeconds(100) };
        if (key is not null)
        {
            _http.DefaultRequestHeaders.Add("x-functions-key", key);
        }
    }

    /// <summary>Sends a request and waits for its answer.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Stops waiting; the analysis goes on.</param>
    /// <returns>The answer as JSON, UTF-8.</returns>
    /// <exception cref="BadInputException">It was refused; carries every problem.</exception>
    /// <exception cref="RunFailedException">It cannot be answered.</exception>
    public async Task<byte[]> AnalyzeAsync(JsonObject request, CancellationToken cancellationToken)
    {
        using var content = new StringContent(request.ToJsonString(), Encoding.UTF8, MediaTypeHeaderValue.Parse("application/json"));
        HttpResponseMessage response = await SendAsync(HttpMethod.Post, new Uri(Route, UriKind.Relative), content, cancellationToken);
        while (response.StatusCode == HttpStatusCode.Accepted)
        {
            JsonNode? started = await response.Content.ReadFromJsonAsync<JsonNode>(Json, cancellationToken);
            string? id = started?["id"]?.GetValue<string>();
            response.Dispose();
            response = await SendAsync(HttpMethod.Get, new Uri($"{Route}/{Uri.EscapeDataString(id ?? "")}", UriKind.Relative), null, cancellationToken);
        }

        using (response)
        {
            return response.IsSuccessStatusCode
                ? await response.Content.ReadAsByteArrayAsync(cancellationToken)
                : throw await RefusalAsync(response, cancellationToken);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri address, HttpContent? content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, address) { Content = content };
        request.Headers.Add("Prefer", PatientWait);
        try
        {
            return await _http.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException error)
        {
            throw new RunFailedException($"{_http.BaseAddress} does not answer: {error.Message}");
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RunFailedException($"{_http.BaseAddress} did not answer within {_http.Timeout.TotalSeconds:F0} s.");
        }
    }

    private static async Task<Exception> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        string text = await response.Content.ReadAsStringAsync(cancellationToken);
        Refusal? refusal = response.Content.Headers.ContentType?.MediaType == "application/problem+json"
            ? JsonSerializer.Deserialize<Refusal>(text, Json)
            : null;
        return refusal is { Errors: { Count: > 0 } problems }
            ? new BadInputException(problems)
            : new RunFailedException(refusal?.Detail ?? response.StatusCode switch
            {
                HttpStatusCode.Unauthorized => "The host asks for a key: give it with --key.",
                _ => $"The host answered {(int)response.StatusCode} {response.ReasonPhrase}.",
            });
    }

    private sealed record Refusal(string? Detail, IReadOnlyList<Problem>? Errors);
}
