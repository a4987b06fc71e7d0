using System.Globalization;

namespace RiskDurable.Functions.Runs;

/// <summary>Ids of runs: they sort by time, and say what the run is.</summary>
public static class RunIds
{
    /// <summary>How the id of a rollup begins.</summary>
    public const string RollupPrefix = "rollup-";

    /// <summary>How the id of an ingestion begins.</summary>
    public const string IngestPrefix = "ingest-";

    /// <summary>How the id of an analysis of deals begins.</summary>
    public const string AnalysisPrefix = "deals-";

    /// <summary>An id for a new rollup.</summary>
    /// <param name="now">The time.</param>
    public static string NewRollup(DateTimeOffset now) => New(RollupPrefix, now);

    /// <summary>An id for a new ingestion.</summary>
    /// <param name="now">The time.</param>
    public static string NewIngest(DateTimeOffset now) => New(IngestPrefix, now);

    /// <summary>An id for a new analysis of deals.</summary>
    /// <param name="now">The time.</param>
    public static string NewAnalysis(DateTimeOffset now) => New(AnalysisPrefix, now);

    /// <summary>The id of the rollup that a tick of the nightly timer starts: the same for the same tick.</summary>
    /// <param name="tick">The scheduled time.</param>
    public static string OfTick(DateTimeOffset tick) => string.Create(CultureInfo.InvariantCulture, $"{RollupPrefix}nightly-{tick.UtcDateTime:yyyyMMdd-HHmmss}");

    private static string New(string prefix, DateTimeOffset now) =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}{now.UtcDateTime:yyyyMMdd-HHmmss}-{Guid.NewGuid().ToString("N")[..6]}");
}
