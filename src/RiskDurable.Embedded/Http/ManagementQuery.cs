using System.Globalization;
using Microsoft.AspNetCore.Http;
using RiskDurable.Embedded.DurableTask.Client;

namespace RiskDurable.Embedded.Http;

/// <summary>Query parameters of the management API. Like the real one it leaves out what it cannot read.</summary>
internal static class ManagementQuery
{
    public static bool? Flag(HttpRequest request, string name) => bool.TryParse(request.Query[name], out bool value) ? value : null;

    public static int? Number(HttpRequest request, string name) =>
        int.TryParse(request.Query[name], NumberStyles.Integer, CultureInfo.InvariantCulture, out int value) ? value : null;

    /// <summary>A time without an offset is UTC.</summary>
    public static DateTimeOffset? Time(HttpRequest request, string name) =>
        DateTimeOffset.TryParse(request.Query[name], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset value) ? value : null;

    public static TimeSpan? Seconds(HttpRequest request, string name) =>
        double.TryParse(request.Query[name], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? TimeSpan.FromSeconds(value) : null;

    /// <summary>The statuses, comma-separated or repeated; null where none is named.</summary>
    public static List<OrchestrationRuntimeStatus>? Statuses(HttpRequest request, string name)
    {
        List<OrchestrationRuntimeStatus> statuses =
        [
            .. request.Query[name].SelectMany(value => (value ?? "").Split(','))
                .Select(value => Enum.TryParse(value.Trim(), out OrchestrationRuntimeStatus status) ? status : (OrchestrationRuntimeStatus?)null)
                .OfType<OrchestrationRuntimeStatus>(),
        ];
        return statuses.Count > 0 ? statuses : null;
    }

    public static string? ContinuationToken(HttpRequest request) =>
        request.Headers.TryGetValue(ContinuationHeader, out var token) && token.ToString() is { Length: > 0 } text ? text : null;

    public const string ContinuationHeader = "x-ms-continuation-token";
}
