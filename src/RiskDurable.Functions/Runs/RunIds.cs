using System.Globalization;

namespace RiskDurable.Functions.Runs;

/// <summary>Ids of runs: they sort by time, and say what the run is.</summary>
public static class RunIds
{
    /// <summary>How the id of a rollup begins.</summary>
    public const string RollupPrefix = "rollup-";

    /// <summary>An id for a new rollup.</summary>
    /// <param name="now">The time.</param>
    public static string NewRollup(DateTimeOffset now) =>
        string.Create(CultureInfo.InvariantCulture, $"{RollupPrefix}{now.UtcDateTime:yyyyMMdd-HHmmss}-{Guid.NewGuid().ToString("N")[..6]}");
}
