using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Storage;

namespace RiskDurable.Execution.Running;

/// <summary>The sections of all trial blocks that a group of nodes needs, read in runs of neighbours.</summary>
internal sealed class BlockSections(IObjectStore store, RollupPlan plan, ReportGroup group) : IDisposable
{
    private readonly Run[] _runs = [.. RunsOf(group)];
    private readonly int _blocks = plan.Manifest.Blocks.Count;
    private readonly Dictionary<(int Bundle, int Section), SectionReader[]> _sections = [];

    // Of each run its blocks, run after run; null where a read failed.
    private SectionReader?[] _readers = [];

    public async ValueTask LoadAsync(CancellationToken cancellationToken)
    {
        _readers = new SectionReader?[_runs.Length * _blocks];
        await ParallelReads.EachAsync(
            _readers.Length,
            async (number, cancel) =>
            {
                (Run run, int block) = (_runs[number / _blocks], number % _blocks);
                _readers[number] = await SectionReader.ReadSectionsAsync(
                    store, plan.SourceKey(run.Bundle, block), run.First, run.Count, cancel).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
        for (int number = 0; number < _runs.Length; number++)
        {
            Run run = _runs[number];
            SectionReader[] ofRun = [.. _readers.AsSpan(number * _blocks, _blocks)!];
            for (int section = run.First; section < run.First + run.Count; section++)
            {
                _sections.Add((run.Bundle, section), ofRun);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SectionReader? reader in _readers)
        {
            reader?.Dispose();
        }
    }

    /// <summary>Puts a node's year losses together.</summary>
    /// <param name="years">Where to.</param>
    /// <param name="source">Which.</param>
    /// <param name="aggregateLimit">The limit whose exhaustion is counted; NaN for none.</param>
    public void Fill(NodeYears years, in LossSource source, double aggregateLimit)
    {
        years.Begin();
        SectionReader[] ofBlocks = _sections[(source.Bundle, source.Section)];
        for (int block = 0; block < ofBlocks.Length; block++)
        {
            years.Add(ofBlocks[block], source, plan.Manifest.Blocks[block].FirstTrial, aggregateLimit);
        }
    }

    private static IEnumerable<Run> RunsOf(ReportGroup group)
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

                yield return new Run(bundle.Key, sections[first], end - first);
                first = end;
            }
        }
    }

    /// <summary>Neighbouring sections of a bundle's objects.</summary>
    private readonly record struct Run(int Bundle, int First, int Count);
}
