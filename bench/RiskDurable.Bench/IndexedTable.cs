using RiskDurable.Kernel;

namespace RiskDurable.Bench;

/// <summary>The year-event table as trial blocks, and what it took to index it on one core.</summary>
internal sealed class IndexedTable
{
    // Rounds behind the first: they find the memory of the round before.
    private const int MoreRounds = 2;

    public IndexedTable(SyntheticData data, Figures figures)
    {
        Blocks = new TrialBlock[data.BlockCount];
        double[] best = [.. Blocks.Select(_ => double.PositiveInfinity)];
        double first = 0;
        TrialBlockBuilder? builder = null;
        for (int round = 0; round <= MoreRounds; round++)
        {
            for (int number = 0; number < Blocks.Length; number++)
            {
                builder = data.Rows(number, builder);
                Blocks[number] = null!;
                GC.Collect();
                double started = Timing.Now(1);
                TrialBlock block = builder.Build();
                double seconds = Timing.Now(1) - started;
                first += round == 0 ? seconds : 0;
                best[number] = Math.Min(best[number], seconds);
                Blocks[number] = block;
            }
        }

        Seconds = best.Sum();
        BytesPerOccurrence = Blocks.Sum(block => (double)block.SizeInBytes) / data.Options.Occurrences;
        figures.Add("index", "seconds", Seconds);
        figures.Add("index", "ns an occurrence", Seconds * 1e9 / data.Options.Occurrences);
        figures.Add("index", "ns an occurrence, in memory never used before", first * 1e9 / data.Options.Occurrences);
        figures.Add("index", "ns an occurrence, best block", best.Select((seconds, number) => seconds * 1e9 / Math.Max(Blocks[number].OccurrenceCount, 1)).Min());
        figures.Add("index", "bytes an occurrence", BytesPerOccurrence);
    }

    public TrialBlock[] Blocks { get; }

    public double Seconds { get; }

    public double BytesPerOccurrence { get; }
}
