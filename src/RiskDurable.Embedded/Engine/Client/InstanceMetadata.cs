using System.Collections.ObjectModel;
using System.Globalization;
using System.Text.Json;
using RiskDurable.Embedded.DurableTask;
using RiskDurable.Embedded.DurableTask.Client;
using RiskDurable.Embedded.Engine.Orchestrations;
using RiskDurable.Embedded.Engine.Store;

namespace RiskDurable.Embedded.Engine.Client;

/// <summary>Between rows and what clients see.</summary>
internal static class InstanceMetadata
{
    private const int PurgePortion = 500;

    private static readonly int[] Ends =
        [(int)OrchestrationRuntimeStatus.Completed, (int)OrchestrationRuntimeStatus.Failed, (int)OrchestrationRuntimeStatus.Terminated];

    public static bool HasEnded(int status) => Ends.Contains(status);

    /// <param name="row">The row.</param>
    /// <param name="converter">Reads inputs and outputs; null if they were not asked for.</param>
    /// <param name="read">Finds large texts.</param>
    public static OrchestrationMetadata From(InstanceRow row, DataConverter? converter, ReadStatements read) => new(row.Name, row.InstanceId)
    {
        RuntimeStatus = (OrchestrationRuntimeStatus)row.Status,
        CreatedAt = new DateTimeOffset(row.Created, TimeSpan.Zero),
        LastUpdatedAt = new DateTimeOffset(row.Updated, TimeSpan.Zero),
        DataConverter = converter,
        SerializedInput = converter is null ? null : read.Text(row.Input),
        SerializedOutput = converter is null ? null : read.Text(row.Output),
        SerializedCustomStatus = converter is null ? null : row.CustomStatus,
        FailureDetails = FailureText.Decode(row.Failure),
        Tags = Tags(row),
    };

    public static IReadOnlyDictionary<string, string> Tags(InstanceRow row) => row.Tags is null
        ? ReadOnlyDictionary<string, string>.Empty
        : JsonSerializer.Deserialize<Dictionary<string, string>>(row.Tags)!;

    /// <exception cref="ArgumentException">The continuation token is not one of ours.</exception>
    public static InstanceFilter Filter(OrchestrationQuery query, string? token, int? size) => new()
    {
        From = query.CreatedFrom?.UtcTicks,
        To = query.CreatedTo?.UtcTicks,
        Statuses = query.Statuses?.Select(status => (int)status).ToArray(),
        Prefix = query.InstanceIdPrefix,
        After = After(token ?? query.ContinuationToken),
        Limit = Math.Max(1, size ?? query.PageSize),
    };

    /// <summary>Ended instances only, whatever states the filter names.</summary>
    public static InstanceFilter Filter(PurgeInstancesFilter filter) => new()
    {
        From = filter.CreatedFrom?.UtcTicks,
        To = filter.CreatedTo?.UtcTicks,
        Statuses = filter.Statuses is null ? Ends : [.. filter.Statuses.Select(status => (int)status).Intersect(Ends)],
        Limit = PurgePortion,
    };

    public static string Token(long lastRow) => lastRow.ToString(CultureInfo.InvariantCulture);

    /// <exception cref="ArgumentException">The continuation token is not one of ours.</exception>
    public static long After(string? token) => string.IsNullOrEmpty(token) ? 0
        : long.TryParse(token, CultureInfo.InvariantCulture, out long row) ? row
        : throw new ArgumentException($"'{token}' is not a continuation token of this host. Start again without one.", nameof(token));
}
