using System.Collections.Concurrent;
using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Storage;

namespace RiskDurable.Execution.Running;

/// <summary>Runs the jobs of a plan; as many at once as there are callers. Writing an output twice is harmless, so is running a job twice.</summary>
/// <param name="store">Where inputs are and outputs go.</param>
/// <param name="tables">Tables in memory, shared by the runners of a process.</param>
/// <param name="plan">The plan.</param>
public sealed class JobRunner(IObjectStore store, TableCache tables, RollupPlan plan)
{
    private readonly ConcurrentBag<MapWorkspace> _workspaces = [];

    /// <summary>The plan.</summary>
    public RollupPlan Plan => plan;

    /// <summary>Whether everything that a map job writes is in the store.</summary>
    /// <param name="bundle">Number of the bundle.</param>
    /// <param name="block">Number of the trial block.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async ValueTask<bool> HasMapOutputAsync(int bundle, int block, CancellationToken cancellationToken) =>
        await store.ExistsAsync(plan.MapKey(bundle, block), cancellationToken).ConfigureAwait(false)
        && (plan.RecoveriesKey(bundle, block) is not { } recoveries || await store.ExistsAsync(recoveries, cancellationToken).ConfigureAwait(false));

    /// <summary>Simulates a bundle over a block; the map jobs of lower levels that it refers to have run.</summary>
    /// <param name="bundle">Number of the bundle.</param>
    /// <param name="block">Number of the trial block.</param>
    /// <param name="cancellationToken">Stops; nothing is written then.</param>
    /// <exception cref="UnreadableObjectException">An input is missing or damaged.</exception>
    public ValueTask<JobOutcome> RunMapAsync(int bundle, int block, CancellationToken cancellationToken) =>
        WithWorkspaceAsync(workspace => new MapJob(store, tables, plan, workspace).RunAsync(bundle, block, cancellationToken));

    /// <summary>Sums a block up the hierarchy; all its map jobs have run.</summary>
    /// <param name="block">Number of the trial block.</param>
    /// <param name="cancellationToken">Stops; nothing is written then.</param>
    /// <exception cref="UnreadableObjectException">An input is missing or damaged.</exception>
    public ValueTask<JobOutcome> RunReduceAsync(int block, CancellationToken cancellationToken) =>
        WithWorkspaceAsync(workspace => new ReduceJob(store, tables, plan, workspace).RunAsync(block, cancellationToken));

    /// <summary>Works out the metrics of a group of nodes; all map and reduce jobs have run.</summary>
    /// <param name="group">Number of the group.</param>
    /// <param name="cancellationToken">Stops; nothing is written then.</param>
    /// <exception cref="UnreadableObjectException">An input is missing or damaged.</exception>
    public ValueTask<JobOutcome> RunReportAsync(int group, CancellationToken cancellationToken) =>
        new ReportJob(store, plan).RunAsync(group, cancellationToken);

    private async ValueTask<JobOutcome> WithWorkspaceAsync(Func<MapWorkspace, ValueTask<JobOutcome>> run)
    {
        if (!_workspaces.TryTake(out MapWorkspace? workspace))
        {
            workspace = new MapWorkspace();
        }

        // Not given back after a failure: its work arrays may hold part of a sum.
        JobOutcome outcome = await run(workspace).ConfigureAwait(false);
        _workspaces.Add(workspace);
        return outcome;
    }
}
