using RiskDurable.Functions.Hosting;
using RiskDurable.Functions.Rollup;

namespace RiskDurable.Functions.Runs;

/// <summary>Whether a run moves, and whether it is in time.</summary>
/// <param name="Age">Since it was started, to its end or now.</param>
/// <param name="Idle">Since it last made progress; nothing for one that has ended.</param>
/// <param name="Expected">How long its jobs were expected to take; null before there is a plan.</param>
/// <param name="Lateness">How much longer they take or took; negative while there is time left; null before there is a plan.</param>
internal sealed record RunPulse(TimeSpan Age, TimeSpan Idle, TimeSpan? Expected, TimeSpan? Lateness)
{
    public const string Moving = "moving";
    public const string Stuck = "stuck";
    public const string Late = "late";
    public const string Ended = "ended";

    /// <summary>Takes the pulse of a run.</summary>
    /// <param name="run">The orchestration.</param>
    /// <param name="status">What it tells of itself; null before it starts.</param>
    /// <param name="progress">When its progress last changed; null where there is none yet.</param>
    /// <param name="cores">Cores that its jobs were planned for.</param>
    /// <param name="now">The time.</param>
    public static RunPulse Of(OrchestrationMetadata run, RollupStatus? status, DateTimeOffset? progress, int cores, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(run);
        DateTimeOffset until = run.IsCompleted ? run.LastUpdatedAt : now;
        DateTimeOffset latest = progress > run.LastUpdatedAt ? progress.Value : run.LastUpdatedAt;
        TimeSpan age = until - run.CreatedAt;
        TimeSpan? expected = status?.Estimate is { } estimate ? TimeSpan.FromSeconds(estimate.CoreSeconds / cores) : null;
        return new RunPulse(
            age,
            run.IsCompleted || latest > now ? TimeSpan.Zero : now - latest,
            expected,
            expected is { } planned ? age - TimeSpan.FromSeconds(status!.PackSeconds) - planned : null);
    }

    /// <summary>The pulse in a word.</summary>
    /// <param name="hasEnded">Whether the run has ended.</param>
    /// <param name="options">When a run is stuck or late.</param>
    public string Verdict(bool hasEnded, RiskOptions options) =>
        hasEnded ? Ended
        : Idle >= options.StuckAfter ? Stuck
        : Lateness >= options.LateAfter ? Late
        : Moving;
}
