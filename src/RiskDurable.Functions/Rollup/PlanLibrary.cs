using System.Collections.Concurrent;
using RiskDurable.Execution.Packing;
using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Running;
using RiskDurable.Execution.Storage;

namespace RiskDurable.Functions.Rollup;

/// <summary>Plans in memory: each is worked out once a process, from the manifest and the deals in the store.</summary>
/// <param name="store">Where these are.</param>
/// <param name="tables">Tables in memory.</param>
public sealed class PlanLibrary(IObjectStore store, TableCache tables)
{
    private const int MostPlans = 8;

    private readonly ConcurrentDictionary<string, Lazy<Task<JobRunner>>> _runners = new(StringComparer.Ordinal);

    /// <summary>What runs the jobs of a plan.</summary>
    /// <param name="plan">The plan's reference.</param>
    /// <exception cref="UnreadableObjectException">Its manifest or deals are missing.</exception>
    public async Task<JobRunner> RunnerOfAsync(PlanReference plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        string key = $"{plan.Manifest}|{plan.Settings.Depth}|{string.Join(',', plan.Settings.ReturnPeriods)}|{string.Join(',', plan.Settings.ContributionPeriods)}|{plan.Settings.RankConvention}";
        if (_runners.Count >= MostPlans && !_runners.ContainsKey(key))
        {
            _runners.Clear();
        }

        Lazy<Task<JobRunner>> runner = _runners.GetOrAdd(key, _ => new Lazy<Task<JobRunner>>(() => LoadAsync(plan)));
        try
        {
            return await runner.Value.ConfigureAwait(false);
        }
        catch
        {
            _runners.TryRemove(new KeyValuePair<string, Lazy<Task<JobRunner>>>(key, runner));
            throw;
        }
    }

    // Without cancellation: others may wait for the same plan.
    private async Task<JobRunner> LoadAsync(PlanReference reference)
    {
        PortfolioManifest manifest = await PortfolioManifest.ReadAsync(store, reference.Manifest, CancellationToken.None).ConfigureAwait(false);
        return new JobRunner(
            store, tables, RollupPlan.Create(manifest, await manifest.ReadDealsAsync(store, CancellationToken.None).ConfigureAwait(false), reference.Settings));
    }
}
