using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Running;
using RiskDurable.Execution.Storage;

namespace RiskDurable.Execution.Analytics;

/// <summary>Whole portfolios' losses by occurrence in memory, shared by the analyses of a process.</summary>
/// <param name="store">Where the outputs of reduce jobs are.</param>
/// <param name="tables">Trial blocks.</param>
/// <param name="capacity">Bytes kept; what running analyses use comes on top. 100,000 trials of 100 losses take 120 MB.</param>
public sealed class RootLossCache(IObjectStore store, TableCache tables, long capacity = RootLossCache.DefaultCapacity)
{
    /// <summary>Bytes kept by default.</summary>
    public const long DefaultCapacity = 512L * 1024 * 1024;

    private readonly LoadingCache<RootLosses> _blocks = new(capacity, root => root.SizeInBytes);

    internal ValueTask<RootLosses> GetAsync(RollupPlan plan, int block, CancellationToken cancellationToken) =>
        _blocks.GetAsync(plan.ReduceKey(block).Hash, (_, cancel) => RootLosses.ReadAsync(store, tables, plan, block, cancel), cancellationToken);
}
