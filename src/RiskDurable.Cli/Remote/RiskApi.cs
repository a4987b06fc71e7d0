using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using RiskDurable.Cli.Local;
using RiskDurable.Portfolio;

namespace RiskDurable.Cli.Remote;

/// <summary>Reads from an application over HTTP.</summary>
internal sealed class RiskApi : IDisposable
{
    private const string ProblemMediaType = "application/problem+json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly HttpClient _http;

    /// <param name="host">Root of the application's address.</param>
    /// <param name="key">The key that it asks for, or null.</param>
    public RiskApi(Uri host, string? key)
    {
        _http = new HttpClient { BaseAddress = new Uri(host.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/") };
        if (key is not null)
        {
            _http.DefaultRequestHeaders.Add("x-functions-key", key);
        }
    }

    /// <summary>Gets a document.</summary>
    /// <param name="path">Its address, relative to the root.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="BadInputException">The request was refused; carries every problem.</exception>
    /// <exception cref="RunFailedException">There is no such thing, or no answer.</exception>
    public async Task<JsonNode> GetAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage response = await _http.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
            string text = await response.Content.ReadAsStringAsync(cancellationToken);
            return response.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw RefusalOf(response, text);
        }
        catch (HttpRequestException error)
        {
            throw new RunFailedException($"{_http.BaseAddress} does not answer: {error.Message}");
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RunFailedException($"{_http.BaseAddress} did not answer within {_http.Timeout.TotalSeconds:F0} s.");
        }
        catch (JsonException)
        {
            throw new RunFailedException($"{_http.BaseAddress} does not answer in JSON: is it a RiskDurable application?");
        }
    }

    public void Dispose() => _http.Dispose();

    private static Exception RefusalOf(HttpResponseMessage response, string text)
    {
        Refusal? refusal = response.Content.Headers.ContentType?.MediaType == ProblemMediaType ? JsonSerializer.Deserialize<Refusal>(text, Json) : null;
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
