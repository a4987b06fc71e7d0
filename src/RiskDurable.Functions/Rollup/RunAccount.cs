using RiskDurable.Execution.Telemetry;
using RiskDurable.Functions.Runs;

namespace RiskDurable.Functions.Rollup;

/// <summary>Tells log and meter of a run, each thing once however often its orchestrator is replayed.</summary>
/// <param name="context">The run's orchestration.</param>
/// <param name="traceParent">W3C trace parent of what it was asked by; null where there is none.</param>
internal sealed class RunAccount(TaskOrchestrationContext context, string? traceParent)
{
    private readonly ILogger _log = context.CreateReplaySafeLogger(nameof(RiskRollup));
    private readonly DateTime _started = context.CurrentUtcDateTime;

    /// <summary>W3C trace parent of the run's jobs.</summary>
    public string? TraceParent => traceParent;

    /// <summary>The portfolio, once it is known.</summary>
    public string? Portfolio { get; set; }

    private TimeSpan Elapsed => context.CurrentUtcDateTime - _started;

    /// <summary>The run starts; what is logged until the scope ends belongs to it.</summary>
    public IDisposable? Begin(string? startedBy)
    {
        IDisposable? scope = _log.BeginRun(context.InstanceId);
        _log.RunStarts(context.InstanceId, startedBy);
        return scope;
    }

    /// <summary>A stage is through.</summary>
    public void EndStage(string stage, TimeSpan time, JobsOutcome outcome)
    {
        _log.StageEnded(context.InstanceId, stage, time.TotalSeconds, outcome.Run, outcome.Cached, outcome.Failed);
        if (!context.IsReplaying)
        {
            RollupMetrics.RecordStage(stage, time, outcome.Cached, outcome.Failed);
        }
    }

    /// <summary>The run is over, as it should be or as somebody wished.</summary>
    public void End(string outcome)
    {
        _log.RunEnded(context.InstanceId, Portfolio, outcome, Elapsed.TotalSeconds);
        Record(outcome);
    }

    /// <summary>The run failed.</summary>
    public void Fail(Exception failure)
    {
        _log.RunFailed(context.InstanceId, Portfolio, Elapsed.TotalSeconds, failure.Message);
        Record(RunStates.Failed);
    }

    /// <summary>The run is over, and what it claims could not be given back.</summary>
    public void KeepClaims(Exception failure) => _log.ClaimsKept(failure, context.InstanceId);

    private void Record(string outcome)
    {
        if (!context.IsReplaying)
        {
            RollupMetrics.RecordRun(context.InstanceId, Portfolio, outcome, Elapsed);
        }
    }
}
