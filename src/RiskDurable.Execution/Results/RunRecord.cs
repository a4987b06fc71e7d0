using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Running;

namespace RiskDurable.Execution.Results;

/// <summary>A run as <c>plan.json</c> tells it: what there was to do, what was done, what was expected and what it took.</summary>
/// <param name="RunId">The run's id.</param>
/// <param name="Portfolio">The portfolio's id.</param>
/// <param name="Status"><c>completed</c> or <c>failed</c>.</param>
/// <param name="Stages">The stages in order.</param>
/// <param name="Estimate">What planning expected.</param>
/// <param name="Actual">What it took.</param>
/// <param name="Failures">The first failures, job and cause; null where none failed.</param>
public sealed record RunRecord(
    string RunId,
    string Portfolio,
    string Status,
    IReadOnlyList<StageRecord> Stages,
    RunEstimate Estimate,
    RunActual Actual,
    IReadOnlyList<string>? Failures);

/// <summary>A stage of a run.</summary>
/// <param name="Name"><c>map</c>, <c>reduce</c> or <c>report</c>.</param>
/// <param name="Jobs">Number of jobs.</param>
/// <param name="Cached">Jobs whose output was there.</param>
/// <param name="Run">Jobs that ran to their end.</param>
/// <param name="Failed">Jobs that failed.</param>
/// <param name="Strategy">Where they ran: <c>in-process</c>, <c>activities</c> or <c>workers</c>.</param>
public sealed record StageRecord(string Name, int Jobs, int Cached, int Run, int Failed, string Strategy)
{
    /// <summary>A stage from its progress.</summary>
    /// <param name="stage">Its last state.</param>
    /// <param name="strategy">Where its jobs ran.</param>
    public static StageRecord Of(StageProgress stage, string strategy)
    {
        ArgumentNullException.ThrowIfNull(stage);
        return new(stage.Stage.Name(), stage.Jobs, stage.Cached, stage.Run, stage.Failed, strategy);
    }
}

/// <summary>What planning expected.</summary>
/// <param name="Jobs">Jobs in all.</param>
/// <param name="CachedJobs">Of these, jobs whose output was there when the run started.</param>
/// <param name="CoreSeconds">Time on one core for the rest.</param>
public sealed record RunEstimate(int Jobs, int CachedJobs, double CoreSeconds)
{
    /// <summary>Looks up what is there and expects what the rest costs.</summary>
    /// <param name="runner">Runs the plan's jobs.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async Task<RunEstimate> OfAsync(JobRunner runner, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(runner);
        RollupPlan plan = runner.Plan;
        var cost = new CostModel(plan);
        int cached = 0;
        double seconds = 0;
        foreach (PlanStage stage in plan.Stages)
        {
            for (int job = 0; job < stage.Jobs; job++)
            {
                bool isCached = await runner.HasOutputAsync(stage, job, cancellationToken).ConfigureAwait(false);
                cached += isCached ? 1 : 0;
                seconds += isCached ? 0 : cost.Seconds(stage, job);
            }
        }

        return new RunEstimate(plan.Stages.Sum(stage => stage.Jobs), cached, seconds);
    }
}

/// <summary>What a run took.</summary>
/// <param name="StartedAt">When it started.</param>
/// <param name="Seconds">Wall time of the run; on the durable application with packing, without writing results.</param>
/// <param name="PackSeconds">Wall time of packing the portfolio.</param>
/// <param name="WriteSeconds">Wall time of writing the results.</param>
/// <param name="Hits">Occurrences with a loss that layers visited.</param>
/// <param name="Threads">Jobs at the same time; null where a deployment decides.</param>
public sealed record RunActual(DateTimeOffset StartedAt, double Seconds, double PackSeconds, double WriteSeconds, long Hits, int? Threads);
