using RiskDurable.Kernel;
using RiskDurable.Portfolio.Files;
using RiskDurable.Portfolio.Tables;

namespace RiskDurable.Portfolio.OpenResults;

/// <summary>A whole YET in the order of simulation: by trial, day, and position in the file. 16 bytes an occurrence, and 4 a trial.</summary>
public sealed class DatedOccurrences
{
    private readonly int[] _trialStarts;
    private readonly double[] _days;
    private readonly long[] _events;

    private DatedOccurrences(int[] trialStarts, double[] days, long[] events) => (_trialStarts, _days, _events) = (trialStarts, days, events);

    /// <summary>Reads a table.</summary>
    /// <param name="files">The portfolio's files.</param>
    /// <param name="file">The YET.</param>
    /// <param name="trials">Number of trials.</param>
    /// <exception cref="BadInputException">It is not sound.</exception>
    public static DatedOccurrences Read(IPortfolioFiles files, string file, int trials)
    {
        var trialOf = new List<int>();
        var dayOf = new List<double>();
        var eventOf = new List<long>();
        foreach (YetBatch batch in YetReader.Read(files, file, trials))
        {
            trialOf.AddRange(batch.Trial[..batch.Count]);
            dayOf.AddRange(batch.Day[..batch.Count]);
            eventOf.AddRange(batch.EventId[..batch.Count]);
        }

        int[] starts = new int[trials + 1];
        foreach (int trial in trialOf)
        {
            starts[trial]++;
        }

        for (int trial = 1; trial <= trials; trial++)
        {
            starts[trial] += starts[trial - 1];
        }

        int[] next = starts[..^1];
        int[] order = new int[trialOf.Count];
        for (int row = 0; row < order.Length; row++)
        {
            order[next[trialOf[row] - 1]++] = row;
        }

        for (int trial = 0; trial < trials; trial++)
        {
            order.AsSpan(starts[trial]..starts[trial + 1]).Sort((a, b) => dayOf[a] != dayOf[b] ? dayOf[a].CompareTo(dayOf[b]) : a.CompareTo(b));
        }

        return new DatedOccurrences(starts, [.. order.Select(row => dayOf[row])], [.. order.Select(row => eventOf[row])]);
    }

    /// <summary>Whether a block's trials have these occurrences.</summary>
    /// <param name="block">The block.</param>
    /// <param name="events">The event of each of its positions.</param>
    public bool Matches(TrialBlock block, ReadOnlySpan<long> events)
    {
        ArgumentNullException.ThrowIfNull(block);
        int first = _trialStarts[block.FirstTrial];
        for (int trial = 0; trial <= block.TrialCount; trial++)
        {
            if (_trialStarts[block.FirstTrial + trial] - first != block.TrialStarts[trial])
            {
                return false;
            }
        }

        return _events.AsSpan(first, events.Length).SequenceEqual(events);
    }

    /// <summary>The day of an occurrence.</summary>
    /// <param name="firstTrial">First trial of its block, from 0.</param>
    /// <param name="position">Its position in the block.</param>
    public double DayOf(int firstTrial, int position) => _days[_trialStarts[firstTrial] + position];
}
