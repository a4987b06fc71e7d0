using System.Diagnostics.Metrics;

namespace RiskDurable.Execution.Telemetry;

/// <summary>What is measured of rollups.</summary>
public static class RollupMetrics
{
    private static readonly Counter<long> Planned = RiskTelemetry.Meter.CreateCounter<long>("riskdurable.jobs.planned", "{job}", "Jobs of a plan.");
    private static readonly Counter<long> Cached = RiskTelemetry.Meter.CreateCounter<long>("riskdurable.jobs.cached", "{job}", "Jobs whose output was there.");
    private static readonly Counter<long> Run = RiskTelemetry.Meter.CreateCounter<long>("riskdurable.jobs.run", "{job}", "Jobs that ran to their end.");
    private static readonly Counter<long> Failed = RiskTelemetry.Meter.CreateCounter<long>("riskdurable.jobs.failed", "{job}", "Jobs that failed after all retries.");
    private static readonly Counter<long> Hits = RiskTelemetry.Meter.CreateCounter<long>("riskdurable.kernel.hits", "{hit}", "Occurrences with a loss that layers visited.");
    private static readonly Counter<long> Lost = RiskTelemetry.Meter.CreateCounter<long>("riskdurable.outputs.lost", "{object}", "Objects that should be in the store and were missing or damaged.");
    private static readonly Histogram<double> JobTime = RiskTelemetry.Seconds("riskdurable.job.duration", "Time of a job, from reading its inputs to writing its output.");
    private static readonly Histogram<double> StageTime = RiskTelemetry.Seconds("riskdurable.stage.duration", "Time of a stage, from its first claim to its last job.");
    private static readonly Histogram<double> RunTime = RiskTelemetry.Seconds("riskdurable.run.duration", "Time of a rollup, from its start to its end.");
    private static readonly Histogram<double> PackTime = RiskTelemetry.Seconds("riskdurable.pack.duration", "Time of validating and packing a portfolio.");
    private static readonly Histogram<double> Queue = RiskTelemetry.Seconds("riskdurable.queue.wait", "Time from asking for an activity to its start.");
    private static readonly Histogram<double> Claims = RiskTelemetry.Seconds("riskdurable.claim.wait", "Time that a stage waited before it looked again at jobs that another run was at.");

    /// <summary>A plan was looked up in the cache.</summary>
    /// <param name="stage">Name of a stage.</param>
    /// <param name="jobs">Its jobs.</param>
    /// <param name="cached">Of these, jobs whose output was there.</param>
    public static void RecordPlan(string stage, int jobs, int cached)
    {
        Planned.Add(jobs, Stage(stage));
        Cached.Add(cached, Stage(stage));
    }

    /// <summary>A job ran to its end.</summary>
    /// <param name="stage">Its stage.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="hits">Occurrences with a loss that layers visited.</param>
    public static void RecordJob(string stage, double seconds, long hits)
    {
        Run.Add(1, Stage(stage));
        JobTime.Record(seconds, Stage(stage));
        Hits.Add(hits, Stage(stage));
    }

    /// <summary>A stage ended.</summary>
    /// <param name="stage">Its name.</param>
    /// <param name="time">How long it took.</param>
    /// <param name="cached">Jobs that another run did meanwhile.</param>
    /// <param name="failed">Jobs that failed.</param>
    public static void RecordStage(string stage, TimeSpan time, int cached, int failed)
    {
        StageTime.Record(time.TotalSeconds, Stage(stage));
        Cached.Add(cached, Stage(stage));
        Failed.Add(failed, Stage(stage));
    }

    /// <summary>A run ended.</summary>
    /// <param name="run">Its id: a few a day, so that an alert can say which.</param>
    /// <param name="portfolio">The portfolio; null where it was not packed.</param>
    /// <param name="outcome"><c>completed</c>, <c>refused</c>, <c>failed</c> or <c>cancelled</c>.</param>
    /// <param name="time">How long it took.</param>
    public static void RecordRun(string run, string? portfolio, string outcome, TimeSpan time) =>
        RunTime.Record(time.TotalSeconds, new("run", run), new("portfolio", portfolio), new("outcome", outcome));

    /// <summary>A portfolio was validated, and packed where it is sound.</summary>
    /// <param name="outcome"><c>packed</c>, <c>refused</c> or <c>cancelled</c>.</param>
    /// <param name="time">How long it took.</param>
    public static void RecordPacking(string outcome, TimeSpan time) => PackTime.Record(time.TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome));

    /// <summary>An activity started.</summary>
    /// <param name="function">Its function.</param>
    /// <param name="wait">Since it was asked for; clocks of two machines may differ by a little.</param>
    public static void RecordQueueWait(string function, TimeSpan wait) =>
        Queue.Record(Math.Max(0, wait.TotalSeconds), new KeyValuePair<string, object?>("function", function));

    /// <summary>A stage waited for another run.</summary>
    /// <param name="wait">How long.</param>
    public static void RecordClaimWait(TimeSpan wait) => Claims.Record(wait.TotalSeconds);

    /// <summary>Objects turned out to be missing or damaged.</summary>
    /// <param name="objects">How many.</param>
    public static void RecordLost(int objects) => Lost.Add(objects);

    private static KeyValuePair<string, object?> Stage(string stage) => new("stage", stage);
}
