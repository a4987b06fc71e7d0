using System.Diagnostics.Metrics;

namespace RiskDurable.Execution.Telemetry;

/// <summary>What is measured of a store on a network.</summary>
public static class StorageMetrics
{
    private static readonly Counter<long> Throttles = RiskTelemetry.Meter.CreateCounter<long>(
        "riskdurable.storage.throttles", "{response}", "Requests that a storage account refused because there were too many.");

    /// <summary>A request was refused because there were too many.</summary>
    /// <param name="account">Name of the account.</param>
    public static void RecordThrottle(string account) => Throttles.Add(1, new KeyValuePair<string, object?>("account", account));
}
