using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Storage;
using RiskDurable.Kernel;

namespace RiskDurable.Execution.Running;

/// <summary>
/// A reduce job: over one trial block, folds the bundles' leaves in the order of the bundles, applies reporting rates currency by currency,
/// and sums children into parents by ordinal path.
/// </summary>
internal sealed class ReduceJob(
    IObjectStore store, TableCache tables, RollupPlan plan, MapWorkspace workspace, Func<CancellationToken, ValueTask> pauseAsync)
{
    public async ValueTask<JobOutcome> RunAsync(int blockNumber, CancellationToken cancellationToken)
    {
        TrialBlock block = await tables.BlockAsync(plan.Manifest.Blocks[blockNumber].Hash, cancellationToken).ConfigureAwait(false);
        using ReaderList readers = new();
        Dictionary<BundleLeaf, List<NodeLosses>> parts = await ReadLeavesAsync(blockNumber, readers, cancellationToken).ConfigureAwait(false);
        var nodes = new NodeLosses?[plan.Hierarchy.Nodes.Count];
        foreach (IGrouping<int, BundleLeaf> leaf in parts.Keys.GroupBy(leaf => leaf.Node))
        {
            await pauseAsync(cancellationToken).ConfigureAwait(false);
            nodes[leaf.Key] = FoldLeaf(block, [.. leaf.OrderBy(part => part.Currency, StringComparer.Ordinal)], parts);
        }

        // Parents come before their children by path, and so after them backwards.
        var years = new BlockYearLosses[nodes.Length];
        for (int number = nodes.Length - 1; number >= 0; number--)
        {
            IReadOnlyList<int> children = plan.Hierarchy.ChildrenOf(number);
            nodes[number] ??= Sum(block, [.. children.Select(child => (nodes[child]!, 1.0))]);
            years[number] = nodes[number]!.Years;
            foreach (int child in children)
            {
                nodes[child] = null;
            }
        }

        var writer = new SectionWriter(years.Length + 1);
        foreach (BlockYearLosses ofNode in years)
        {
            writer.Add(ofNode);
        }

        writer.Add(nodes[0]!.Occurrences);
        return new JobOutcome(0, await writer.WriteToAsync(store, plan.ReduceKey(blockNumber), cancellationToken).ConfigureAwait(false));
    }

    private async ValueTask<Dictionary<BundleLeaf, List<NodeLosses>>> ReadLeavesAsync(int block, ReaderList readers, CancellationToken cancellationToken)
    {
        var read = new NodeLosses[plan.Bundles.Count][];
        await ParallelReads.EachAsync(
            read.Length, async (number, cancel) => read[number] = await ReadLeavesAsync(plan.Bundles[number], block, readers, cancel).ConfigureAwait(false), cancellationToken)
            .ConfigureAwait(false);

        // In the order of the bundles, whatever order they arrived in.
        var parts = new Dictionary<BundleLeaf, List<NodeLosses>>();
        foreach ((Bundle bundle, NodeLosses[] leaves) in plan.Bundles.Zip(read))
        {
            for (int leaf = 0; leaf < leaves.Length; leaf++)
            {
                (parts.TryGetValue(bundle.Leaves[leaf], out List<NodeLosses>? list) ? list : parts[bundle.Leaves[leaf]] = []).Add(leaves[leaf]);
            }
        }

        return parts;
    }

    private async ValueTask<NodeLosses[]> ReadLeavesAsync(Bundle bundle, int block, ReaderList readers, CancellationToken cancellationToken)
    {
        SectionReader reader = readers.Keep(await SectionReader.ReadAsync(store, plan.MapKey(bundle.Index, block), cancellationToken).ConfigureAwait(false));
        var leaves = new NodeLosses[bundle.Leaves.Count];
        for (int leaf = 0; leaf < leaves.Length; leaf++)
        {
            int section = Bundle.LeafSection(leaf);
            leaves[leaf] = new NodeLosses(reader.OccurrenceLosses(section), reader.YearLosses(section + 1));
        }

        return leaves;
    }

    private NodeLosses FoldLeaf(TrialBlock block, BundleLeaf[] currencies, Dictionary<BundleLeaf, List<NodeLosses>> parts)
    {
        var inReporting = new List<(NodeLosses Losses, double Factor)>();
        foreach (BundleLeaf part in currencies)
        {
            inReporting.Add((Sum(block, [.. parts[part].Select(losses => (losses, 1.0))], withYears: false), plan.Manifest.Fx[part.Currency]));
        }

        return Sum(block, inReporting);
    }

    private NodeLosses Sum(TrialBlock block, IReadOnlyList<(NodeLosses Losses, double Factor)> terms, bool withYears = true)
    {
        workspace.Rollup.Begin(block);
        foreach ((NodeLosses losses, double factor) in terms)
        {
            workspace.Rollup.Add(losses.Occurrences, losses.Years, factor);
        }

        (OccurrenceLosses occurrences, BlockYearLosses years) = withYears ? workspace.Rollup.End() : workspace.Rollup.EndWithoutYears();
        return new NodeLosses(occurrences, years);
    }

    private sealed record NodeLosses(OccurrenceLosses Occurrences, BlockYearLosses Years);
}
