using RiskDurable.Kernel;

namespace RiskDurable.Bench;

/// <summary>The year-event table as trial blocks, and what it took to index it on one core.</summary>
internal sealed class IndexedTable
{
    public IndexedTable(SyntheticData data, Figures figures)
    {
        Blocks = new TrialBlock[data.BlockCount];
        double best = double.PositiveInfinity;
        for (int number = 0; number < Blocks.Length; number++)
        {
            TrialBlockBuilder rows = data.Rows(number);
            double started = Timing.Now(1);
            Blocks[number] = rows.Build();
            double seconds = Timing.Now(1) - started;
            Seconds += seconds;
            best = Math.Min(best, seconds / Math.Max(Blocks[number].OccurrenceCount, 1));
        }

        BytesPerOccurrence = Blocks.Sum(block => (double)block.SizeInBytes) / data.Options.Occurrences;
        figures.Add("index", "seconds", Seconds);
        figures.Add("index", "ns an occurrence", Seconds * 1e9 / data.Options.Occurrences);
        figures.Add("index", "ns an occurrence, best block", best * 1e9);
        figures.Add("index", "bytes an occurrence", BytesPerOccurrence);
    }

    public TrialBlock[] Blocks { get; }

    public double Seconds { get; }

    public double BytesPerOccurrence { get; }
}
