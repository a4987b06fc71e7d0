namespace RiskDurable.Functions.Rollup;

/// <summary>A plan whose jobs are worked out.</summary>
/// <param name="Portfolio">The portfolio's id.</param>
/// <param name="Execution">Hash of the execution plan in the store.</param>
public sealed record PlannedRollup(string Portfolio, string Execution);

/// <summary>Asks to look a plan's outputs up.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Plan">The plan.</param>
/// <param name="Earlier">Hash of the decisions of the round before, whose outputs turned out to be lost; null in the first round.</param>
public sealed record ResolveRequest(string RunId, PlanReference Plan, string? Earlier = null);

/// <summary>What a plan comes to, and what of it is there.</summary>
/// <param name="Stages">Its stages in order.</param>
/// <param name="Estimate">What the rest is expected to cost.</param>
/// <param name="Decisions">Hash of the <see cref="JobDecisions"/>; null where an earlier version resolved.</param>
public sealed record ResolvedPlan(IReadOnlyList<ResolvedStage> Stages, RollupEstimate Estimate, string? Decisions = null);

/// <summary>A stage of a plan.</summary>
/// <param name="Name"><c>map</c>, <c>reduce</c> or <c>report</c>.</param>
/// <param name="Jobs">Number of jobs.</param>
/// <param name="Missing">The jobs that must run, as <see cref="JobRanges"/>.</param>
public sealed record ResolvedStage(string Name, int Jobs, string Missing);

/// <summary>Input of <see cref="RunStage"/>.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Plan">The plan.</param>
/// <param name="Stage">Number of the stage.</param>
/// <param name="Jobs">The jobs to run, as <see cref="JobRanges"/>.</param>
/// <param name="AskedAt">When an activity was asked for, UTC; null where nobody measures how long it waits.</param>
/// <param name="Before">What became of the stage's other jobs, where the orchestration waited for another run; null at first.</param>
/// <param name="TraceParent">W3C trace parent of the request that it all began with; null where there is none.</param>
public sealed record StageRequest(
    string RunId, PlanReference Plan, int Stage, string Jobs, DateTime? AskedAt = null, JobsOutcome? Before = null, string? TraceParent = null);

/// <summary>Whose a stage's jobs are.</summary>
/// <param name="Batches">Hash of the <see cref="JobBatches"/> that are this run's, a batch an activity; null where none is.</param>
/// <param name="BatchCount">Number of these.</param>
/// <param name="Others">Those that another run is at.</param>
/// <param name="There">Number of jobs whose output is there meanwhile.</param>
/// <param name="LookAgainAfter">How long to wait for the others.</param>
/// <param name="IsCancelled">Whether the run was cancelled; nothing is this run's then.</param>
public sealed record ClaimedJobs(string? Batches, int BatchCount, string Others, int There, TimeSpan LookAgainAfter, bool IsCancelled = false);

/// <summary>Jobs that one sub-orchestration fans out: a page of batches.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Plan">The plan.</param>
/// <param name="Stage">Number of the stage.</param>
/// <param name="Batches">Hash of the <see cref="JobBatches"/>.</param>
/// <param name="Page">The page.</param>
/// <param name="TraceParent">W3C trace parent of the request that it all began with; null where there is none.</param>
public sealed record BatchesRequest(string RunId, PlanReference Plan, int Stage, string Batches, int Page, string? TraceParent = null);

/// <summary>What became of the jobs of a batch.</summary>
/// <param name="Done">Those that ran, and those that failed as they would each time.</param>
/// <param name="Failed">Those that failed and may be tried again, as <see cref="JobRanges"/>.</param>
/// <param name="Failures">Why, in words; some of them.</param>
public sealed record BatchOutcome(JobsOutcome Done, string Failed, IReadOnlyList<string> Failures);

/// <summary>What became of jobs.</summary>
/// <param name="Run">Jobs that ran to their end.</param>
/// <param name="Cached">Jobs that another run did.</param>
/// <param name="Hits">Occurrences with a loss that layers visited.</param>
/// <param name="Failed">Jobs that failed.</param>
/// <param name="Failures">The first failures, in words.</param>
/// <param name="Lost">Names of objects that should be there and are not, or are damaged; some of them.</param>
/// <param name="IsCancelled">Whether jobs were left out because the run was cancelled.</param>
public sealed record JobsOutcome(
    int Run, int Cached, long Hits, int Failed, IReadOnlyList<string> Failures, IReadOnlyList<string> Lost, bool IsCancelled = false)
{
    private const int MostFailures = 5;
    private const int MostLost = 20;

    /// <summary>Nothing happened.</summary>
    public static JobsOutcome Nothing { get; } = new(0, 0, 0, 0, [], []);

    /// <summary>Both together.</summary>
    /// <param name="other">The other.</param>
    public JobsOutcome Plus(JobsOutcome other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new(
            Run + other.Run,
            Cached + other.Cached,
            Hits + other.Hits,
            Failed + other.Failed,
            [.. Failures.Concat(other.Failures).Take(MostFailures)],
            [.. Lost.Concat(other.Lost).Distinct().Take(MostLost)],
            IsCancelled || other.IsCancelled);
    }
}
