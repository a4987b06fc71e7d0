using System.Runtime.CompilerServices;

namespace RiskDurable.Kernel.Sampling;

/// <summary>The ELTs of a subject event by event, ready to be drawn from. Prepared once, used for every block.</summary>
internal sealed class SampledSubject : IMergedSubject
{
    private SampledSubject(SubjectSource[] terms, long[] eventIds, double[] rowCounts, int[] rowStarts, SampledRow[] rows)
    {
        Terms = terms;
        EventIds = eventIds;
        RowCounts = rowCounts;
        RowStarts = rowStarts;
        Rows = rows;
        AnyNegative = terms.Any(term => term.Factor < 0);
    }

    /// <summary>The terms, all of them ELTs.</summary>
    public SubjectSource[] Terms { get; }

    /// <summary>Events of any of the ELTs, strictly ascending.</summary>
    public long[] EventIds { get; }

    /// <summary>Number of rows of each event.</summary>
    public double[] RowCounts { get; }

    /// <summary>Where each event's rows start, and behind them their number.</summary>
    public int[] RowStarts { get; }

    /// <summary>The rows by event, those of one event in the order of the terms.</summary>
    public SampledRow[] Rows { get; }

    /// <summary>Whether a term is subtracted.</summary>
    public bool AnyNegative { get; }

    public long SizeInBytes => (20L * EventIds.Length) + ((long)Unsafe.SizeOf<SampledRow>() * Rows.Length);

    /// <summary>Prepares the first terms of a subject, all of them ELTs.</summary>
    public static SampledSubject Of(IReadOnlyList<SubjectSource> terms, int count)
    {
        long[] eventIds = EventSubject.Merge(terms, count).EventIds;
        int[] rowStarts = new int[eventIds.Length + 1];
        for (int term = 0; term < count; term++)
        {
            EventLossTable elt = terms[term].Elt!;
            for (int entry = 0, at = 0; entry < elt.Count; entry++)
            {
                at = IndexOf(eventIds, at, elt.EventIds[entry]);
                rowStarts[at + 1] += elt.MeanLosses[entry] > 0 ? 1 : 0;
            }
        }

        double[] rowCounts = new double[eventIds.Length];
        for (int at = 0; at < eventIds.Length; at++)
        {
            rowCounts[at] = rowStarts[at + 1];
            rowStarts[at + 1] += rowStarts[at];
        }

        var rows = new SampledRow[rowStarts[^1]];
        int[] next = rowStarts[..^1];
        for (int term = 0; term < count; term++)
        {
            EventLossTable elt = terms[term].Elt!;
            for (int entry = 0, at = 0; entry < elt.Count; entry++)
            {
                at = IndexOf(eventIds, at, elt.EventIds[entry]);
                if (elt.MeanLosses[entry] > 0)
                {
                    rows[next[at]++] = SampledRow.Of(term, elt, entry);
                }
            }
        }

        return new([.. terms.Take(count)], eventIds, rowCounts, rowStarts, rows);
    }

    private static int IndexOf(long[] eventIds, int from, long id)
    {
        while (eventIds[from] != id)
        {
            from++;
        }

        return from;
    }
}
