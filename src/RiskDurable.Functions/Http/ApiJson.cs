using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RiskDurable.Functions.Http;

/// <summary>How the HTTP API writes JSON: camelCase names, enumerations as names, nothing for null.</summary>
internal static class ApiJson
{
    public const string MediaType = "application/json";

    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>An answer with a JSON body.</summary>
    /// <param name="body">The body.</param>
    /// <param name="status">The HTTP status.</param>
    public static IResult Answer<T>(T body, int status = StatusCodes.Status200OK) => Results.Json(body, Options, MediaType, status);
}
