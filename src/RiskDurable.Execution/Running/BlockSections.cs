using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Storage;

namespace RiskDurable.Execution.Running;

/// <summary>The sections of all trial blocks that a group of nodes needs, read in runs of neighbours.</summary>
internal sealed class BlockSections(IObjectStore store, RollupPlan plan, ReportGroup group) : IDisposable
{
    private readonly Dictionary<(int Bundle, int Section), SectionReader>[] _blocks =
        [.. plan.Manifest.Blocks.Select(_ => new Dictionary<(int, int), SectionReader>())];

    public async ValueTask LoadAsync(CancellationToken cancellationToken)
    {
        IEnumerable<LossSource> sources = group.Nodes.SelectMany(node => node.Parent is { } parent ? new[] { node.Losses, parent } : [node.Losses]);
        foreach (IGrouping<int, int> bundle in sources.GroupBy(source => source.Bundle, source => source.Section))
        {
            int[] sections = [.. bundle.Distinct().Order()];
            for (int first = 0; first < sections.Length;)
            {
                int end = first + 1;
                while (end < sections.Length && sections[end] == sections[end - 1] + 1)
                {
                    end++;
                }

                for (int block = 0; block < _blocks.Length; block++)
                {
                    SectionReader reader = await SectionReader.ReadSectionsAsync(
                        store, plan.SourceKey(bundle.Key, block), sections[first], end - first, cancellationToken).ConfigureAwait(false);
                    foreach (int section in sections[first..end])
                    {
                        _blocks[block].Add((bundle.Key, section), reader);
                    }
                }

                first = end;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SectionReader reader in _blocks.SelectMany(block => block.Values))
        {
            reader.Dispose();
        }
    }

    /// <summary>Puts a node's year losses together.</summary>
    /// <param name="years">Where to.</param>
    /// <param name="source">Which.</param>
    /// <param name="aggregateLimit">The limit whose exhaustion is counted; NaN for none.</param>
    public void Fill(NodeYears years, in LossSource source, double aggregateLimit)
    {
        years.Begin();
        for (int block = 0; block < _blocks.Length; block++)
        {
            years.Add(_blocks[block][(source.Bundle, source.Section)], source, plan.Manifest.Blocks[block].FirstTrial, aggregateLimit);
        }
    }
}
