using System.Collections.Concurrent;
using System.Diagnostics;
using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Storage;
using RiskDurable.Execution.Telemetry;
using RiskDurable.Kernel;

namespace RiskDurable.Execution.Running;

/// <summary>Runs the jobs of a plan; as many at once as there are callers. Writing an output twice is harmless, so is running a job twice.</summary>
/// <param name="store">Where inputs are and outputs go.</param>
/// <param name="tables">Tables in memory, shared by the runners of a process.</param>
/// <param name="plan">The plan.</param>
/// <param name="way">Whom jobs let go first; null where there is nobody else in the process.</param>
public sealed class JobRunner(IObjectStore store, TableCache tables, RollupPlan plan, RightOfWay? way = null)
{
    private readonly ConcurrentBag<MapWorkspace> _workspaces = [];
    private readonly SubjectCache _subjects = new();

    /// <summary>The plan.</summary>
    public RollupPlan Plan => plan;

    /// <summary>The order in which a process that runs all jobs of a stage reads least, and waits least for what it reads.</summary>
    /// <param name="stage">The stage.</param>
    /// <returns>The jobs' numbers.</returns>
    internal int[] OrderOf(PlanStage stage) => stage.Kind == RollupStage.Map
        ? MapOrder.Of(stage.Jobs, tables.BlocksAtOnce(plan.Manifest.Blocks), plan.Manifest.Blocks.Count)
        : [.. Enumerable.Range(0, stage.Jobs)];

    /// <summary>Whether everything that a job writes is in the store.</summary>
    /// <param name="stage">The job's stage.</param>
    /// <param name="job">Its number in the stage.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async ValueTask<bool> HasOutputAsync(PlanStage stage, int job, CancellationToken cancellationToken)
    {
        foreach (ObjectKey key in plan.OutputsOf(stage, job))
        {
            if (!await store.ExistsAsync(key, cancellationToken).ConfigureAwait(false))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Runs a job; the stages before its own are through.</summary>
    /// <param name="stage">The job's stage.</param>
    /// <param name="job">Its number in the stage.</param>
    /// <param name="traceParent">W3C trace parent of whoever asked for the job; null where it is the span under way, or unknown.</param>
    /// <param name="cancellationToken">Stops; nothing is written then.</param>
    /// <exception cref="UnreadableObjectException">An input is missing or damaged.</exception>
    public async ValueTask<JobOutcome> RunAsync(PlanStage stage, int job, string? traceParent, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stage);
        string name = stage.Kind.Name();
        using Activity? span = RiskTelemetry.Start("job " + name, traceParent);
        long started = Stopwatch.GetTimestamp();
        try
        {
            JobOutcome outcome = await DispatchAsync(stage, job, cancellationToken).ConfigureAwait(false);
            RollupMetrics.RecordJob(name, Stopwatch.GetElapsedTime(started).TotalSeconds, outcome.Hits);
            span?.SetTag("riskdurable.job", plan.NameOf(stage, job)).SetTag("riskdurable.hits", outcome.Hits).SetTag("riskdurable.bytes", outcome.Bytes);
            return outcome;
        }
        catch (Exception failure)
        {
            span?.SetTag("riskdurable.job", plan.NameOf(stage, job)).SetStatus(ActivityStatusCode.Error, failure.Message);
            throw;
        }
    }

    /// <summary>Between two parts of a job, each some milliseconds of computing.</summary>
    private ValueTask PauseAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return way?.GiveWayAsync(cancellationToken) ?? ValueTask.CompletedTask;
    }

    private ValueTask<JobOutcome> DispatchAsync(PlanStage stage, int job, CancellationToken cancellationToken)
    {
        switch (stage.Kind)
        {
            case RollupStage.Map:
                (int bundle, int block) = plan.MapJobAt(stage.Level, job);
                return WithWorkspaceAsync(workspace => new MapJob(store, tables, plan, workspace, PauseAsync).RunAsync(bundle, block, cancellationToken));
            case RollupStage.Reduce:
                return WithWorkspaceAsync(workspace => new ReduceJob(store, tables, plan, workspace, PauseAsync).RunAsync(job, cancellationToken));
            default:
                return new ReportJob(store, tables, plan, PauseAsync).RunAsync(job, cancellationToken);
        }
    }

    private async ValueTask<JobOutcome> WithWorkspaceAsync(Func<MapWorkspace, ValueTask<JobOutcome>> run)
    {
        if (!_workspaces.TryTake(out MapWorkspace? workspace))
        {
            workspace = new MapWorkspace(_subjects, plan.Settings.Sampling);
        }

        // Not given back after a failure: its work arrays may hold part of a sum.
        JobOutcome outcome = await run(workspace).ConfigureAwait(false);
        workspace.EndJob();
        _workspaces.Add(workspace);
        return outcome;
    }
}
