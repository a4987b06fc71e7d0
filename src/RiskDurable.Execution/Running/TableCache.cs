using RiskDurable.Execution.Packing;
using RiskDurable.Execution.Storage;
using RiskDurable.Kernel;
using RiskDurable.Kernel.Metrics;

namespace RiskDurable.Execution.Running;

/// <summary>Trial blocks and ELTs in memory, shared by the jobs of a process.</summary>
public sealed class TableCache
{
    /// <summary>Bytes kept by default of each: trial blocks, and ELTs.</summary>
    public const long DefaultCapacity = 256L * 1024 * 1024;

    private readonly IObjectStore _store;
    private readonly long _capacity;
    private readonly LoadingCache<TrialBlock> _blocks;
    private readonly LoadingCache<EventLossTable> _elts;
    private readonly LoadingCache<TrialWeights> _weights;

    /// <summary>Creates an empty cache over a store.</summary>
    /// <param name="store">Where the packed tables are.</param>
    /// <param name="capacity">Bytes kept of trial blocks, and as many of ELTs; what running jobs use comes on top.</param>
    public TableCache(IObjectStore store, long capacity = DefaultCapacity)
    {
        ArgumentNullException.ThrowIfNull(store);
        _store = store;
        _capacity = capacity;
        _blocks = new(capacity, block => block.MostSizeInBytes);
        _elts = new(capacity, elt => elt.SizeInBytes);
        _weights = new(capacity, weights => (long)sizeof(double) * weights.TrialCount);
    }

    /// <summary>How many of a portfolio's trial blocks are kept together for certain, at least 1.</summary>
    internal int BlocksAtOnce(IReadOnlyList<PackedBlock> blocks)
    {
        long largest = blocks.Count == 0 ? 0 : blocks.Max(block => TrialBlock.MostBytes(block.Trials, block.Occurrences, block.Events));
        return (int)Math.Clamp(_capacity / Math.Max(largest, 1), 1, Math.Max(blocks.Count, 1));
    }

    internal ValueTask<TrialBlock> BlockAsync(string hash, CancellationToken cancellationToken) =>
        _blocks.GetAsync(hash, (name, cancel) => PackedTables.ReadBlockAsync(_store, name, cancel), cancellationToken);

    /// <summary>The weights of a portfolio's trials; null where all count alike.</summary>
    internal async ValueTask<TrialWeights?> WeightsAsync(PortfolioManifest manifest, CancellationToken cancellationToken) =>
        manifest.Weights is { } hash
            ? await _weights.GetAsync(hash, (name, cancel) => PackedTables.ReadWeightsAsync(_store, name, cancel), cancellationToken).ConfigureAwait(false)
            : null;

    internal ValueTask<EventLossTable> EltAsync(string hash, CancellationToken cancellationToken) =>
        _elts.GetAsync(hash, (name, cancel) => PackedTables.ReadEltAsync(_store, name, cancel), cancellationToken);
}
