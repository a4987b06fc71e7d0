using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace RiskDurable.Embedded.Http;

/// <summary>Responses of the management API.</summary>
internal static class ManagementResult
{
    /// <summary>Escapes as little as the real API does.</summary>
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static IResult Status(int status) => Results.StatusCode(status);

    public static IResult Body(int status, JsonNode? body) =>
        Results.Text(body?.ToJsonString(Json) ?? "null", "application/json; charset=utf-8", statusCode: status);

    public static IResult Error(int status, string message) => Body(status, new JsonObject { ["Message"] = message });

    /// <summary>Adds headers to a response.</summary>
    public static IResult With(this IResult result, params (string Name, string Value)[] headers) => new WithHeaders(result, headers);

    /// <summary>A stored text as JSON; text that is none, as the reason of a termination can be, as a string.</summary>
    public static JsonNode? Parse(string? stored)
    {
        if (stored is null)
        {
            return null;
        }

        try
        {
            return string.IsNullOrWhiteSpace(stored) ? "" : JsonNode.Parse(stored);
        }
        catch (JsonException)
        {
            // Not an error: plain text is a value too.
            return stored;
        }
    }

    private sealed class WithHeaders(IResult result, (string Name, string Value)[] headers) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            foreach ((string name, string value) in headers)
            {
                httpContext.Response.Headers[name] = value;
            }

            return result.ExecuteAsync(httpContext);
        }
    }
}
