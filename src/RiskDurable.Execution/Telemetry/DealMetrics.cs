using System.Diagnostics.Metrics;

namespace RiskDurable.Execution.Telemetry;

/// <summary>What is measured of analyses of deals.</summary>
public static class DealMetrics
{
    private static readonly Histogram<double> Duration = RiskTelemetry.Seconds("riskdurable.deals.duration", "Time of an analysis, from its request to its answer.");
    private static readonly Histogram<double> Compute = RiskTelemetry.Seconds("riskdurable.deals.compute", "Of this, time of the activity that computes.");

    /// <summary>An analysis ended.</summary>
    /// <param name="outcome"><c>answered</c>, <c>lacking</c> (the rollup's data are not complete) or <c>failed</c>.</param>
    /// <param name="time">Since it was asked for.</param>
    public static void RecordAnalysis(string outcome, TimeSpan time) => Duration.Record(Math.Max(0, time.TotalSeconds), new KeyValuePair<string, object?>("outcome", outcome));

    /// <summary>The computing part of an analysis ended.</summary>
    /// <param name="time">How long it took.</param>
    public static void RecordComputing(TimeSpan time) => Compute.Record(time.TotalSeconds);
}
