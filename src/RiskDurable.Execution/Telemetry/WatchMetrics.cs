using System.Diagnostics.Metrics;

namespace RiskDurable.Execution.Telemetry;

/// <summary>What is measured of runs that have not ended, by whoever looks at them now and then.</summary>
public static class WatchMetrics
{
    private static readonly Gauge<long> Open = RiskTelemetry.Meter.CreateGauge<long>("riskdurable.runs.open", "{run}", "Rollups that have not ended.");
    private static readonly Gauge<double> Age = RiskTelemetry.Meter.CreateGauge<double>("riskdurable.run.age", "s", "Time since an open rollup was started.");
    private static readonly Gauge<double> Idle = RiskTelemetry.Meter.CreateGauge<double>("riskdurable.run.idle", "s", "Time since an open rollup last made progress.");
    private static readonly Gauge<double> Lateness = RiskTelemetry.Meter.CreateGauge<double>(
        "riskdurable.run.lateness", "s", "Time beyond what an open rollup's plan expected; negative while it is in time.");

    /// <summary>All open runs were looked at.</summary>
    /// <param name="runs">How many there are.</param>
    public static void RecordOpen(int runs) => Open.Record(runs);

    /// <summary>An open run was looked at.</summary>
    /// <param name="run">Its id.</param>
    /// <param name="portfolio">The portfolio; null before it is packed.</param>
    /// <param name="age">Since it was started.</param>
    /// <param name="idle">Since it last made progress.</param>
    /// <param name="lateness">Beyond what its plan expected; null before there is a plan.</param>
    public static void RecordRun(string run, string? portfolio, TimeSpan age, TimeSpan idle, TimeSpan? lateness)
    {
        KeyValuePair<string, object?> which = new("run", run);
        KeyValuePair<string, object?> whose = new("portfolio", portfolio);
        Age.Record(age.TotalSeconds, which, whose);
        Idle.Record(idle.TotalSeconds, which, whose);
        if (lateness is { } late)
        {
            Lateness.Record(late.TotalSeconds, which, whose);
        }
    }
}
