using System.Diagnostics.Metrics;

namespace RiskDurable.Execution.Telemetry;

/// <summary>What the requests to a remote store are measured by: instruments of the meter <c>RiskDurable</c>.</summary>
public static class StorageMetrics
{
    private static readonly Counter<long> Requests = RiskTelemetry.Meter.CreateCounter<long>(
        "riskdurable.storage.requests", "{request}", "Requests to a storage account, each try counted; tags account, operation, outcome.");

    private static readonly Histogram<double> Duration = RiskTelemetry.Meter.CreateHistogram<double>(
        "riskdurable.storage.duration", "s", "Duration of a request to a storage account, body included, waiting excluded; tags account, operation, outcome.");

    private static readonly Counter<long> Throttles = RiskTelemetry.Meter.CreateCounter<long>(
        "riskdurable.storage.throttles", "{request}", "Requests that a storage account turned away or did not answer in time; tags account, reason.");

    private static readonly Gauge<int> Concurrency = RiskTelemetry.Meter.CreateGauge<int>(
        "riskdurable.storage.concurrency", "{request}", "Requests that may be under way to a storage account at the same time; tag account.");

    private static readonly Counter<long> Damaged = RiskTelemetry.Meter.CreateCounter<long>(
        "riskdurable.storage.damaged", "{object}", "Reads whose bytes had the wrong hash, fetched again; tags kind, outcome (mended, reported).");

    /// <summary>A request ended.</summary>
    /// <param name="account">The account.</param>
    /// <param name="operation">What was asked.</param>
    /// <param name="outcome"><c>ok</c>, a status code, <c>timeout</c> or <c>connection</c>.</param>
    /// <param name="seconds">How long it took.</param>
    public static void Requested(string account, string operation, string outcome, double seconds)
    {
        KeyValuePair<string, object?> ofAccount = new("account", account);
        KeyValuePair<string, object?> ofOperation = new("operation", operation);
        KeyValuePair<string, object?> ofOutcome = new("outcome", outcome);
        Requests.Add(1, ofAccount, ofOperation, ofOutcome);
        Duration.Record(seconds, ofAccount, ofOperation, ofOutcome);
    }

    /// <summary>An account turned a request away, or did not answer it in time.</summary>
    /// <param name="account">The account.</param>
    /// <param name="reason">A status code, or <c>timeout</c>.</param>
    public static void Throttled(string account, string reason) =>
        Throttles.Add(1, new("account", account), new KeyValuePair<string, object?>("reason", reason));

    /// <summary>The number of requests that may be under way to an account changed.</summary>
    /// <param name="account">The account.</param>
    /// <param name="limit">The number.</param>
    public static void ConcurrencyChanged(string account, int limit) => Concurrency.Record(limit, new KeyValuePair<string, object?>("account", account));

    internal static void DamageFound(string kind, bool isMended) =>
        Damaged.Add(1, new("kind", kind), new KeyValuePair<string, object?>("outcome", isMended ? "mended" : "reported"));
}
