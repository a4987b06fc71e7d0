using RiskDurable.Execution.Running;
using RiskDurable.Execution.Storage;
using RiskDurable.Execution.Telemetry;
using RiskDurable.Functions.Cache;

namespace RiskDurable.Functions.Rollup;

/// <summary>
/// What to do when an output that the cache knows is gone or damaged: where one is lost others may be, so that the store is asked for all of
/// the plan's outputs, this once, and the cache forgets what is not there. Whoever needs it produces it again.
/// </summary>
/// <param name="store">The outputs.</param>
/// <param name="cache">What is known of them.</param>
public sealed class LostOutputs(IObjectStore store, OutputCache cache)
{
    /// <summary>Removes damaged objects, and makes the cache forget every output of a plan that is not in the store.</summary>
    /// <param name="client">Signals the cache.</param>
    /// <param name="runner">The plan.</param>
    /// <param name="damaged">Objects that could not be read.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task ForgetAsync(
        DurableTaskClient client, JobRunner runner, IReadOnlyCollection<ObjectKey> damaged, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(runner);
        ArgumentNullException.ThrowIfNull(damaged);
        var missing = new HashSet<ObjectKey>(damaged);
        foreach (ObjectKey key in damaged)
        {
            await store.DeleteAsync(key, cancellationToken).ConfigureAwait(false);
        }

        missing.UnionWith(await store.FindMissingAsync(
            runner.Plan.Stages.SelectMany(stage => Enumerable.Range(0, stage.Jobs).SelectMany(job => runner.Plan.OutputsOf(stage, job))),
            cancellationToken).ConfigureAwait(false));

        RollupMetrics.RecordLost(missing.Count);
        await cache.InvalidateAsync(client, missing, cancellationToken).ConfigureAwait(false);
    }
}
