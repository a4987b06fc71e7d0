namespace RiskDurable.Kernel;

/// <summary>
/// The part of a subject loss that depends on the event alone: sums over ELTs by event, added in the order of the terms. Merged once a
/// layer, so that the simulation looks up one table an occurrence and not one an ELT.
/// </summary>
internal sealed class EventSubject
{
    /// <summary>
    /// What is left of a sum that cancels but for rounding is nothing: a subject loss not above this share of the sum of its
    /// absolute terms counts as 0 (docs/kernel.md, section 2).
    /// </summary>
    public const double CancellationShare = 1.0 / (1L << 40);

    private EventSubject(long[] eventIds, double[] sums, double[] absoluteSums)
    {
        EventIds = eventIds;
        Sums = sums;
        AbsoluteSums = absoluteSums;
    }

    public long[] EventIds { get; }

    public double[] Sums { get; }

    public double[] AbsoluteSums { get; }

    /// <summary>Merges the first <paramref name="count"/> terms, all of them ELTs.</summary>
    public static EventSubject Merge(IReadOnlyList<SubjectSource> terms, int count)
    {
        var merged = new EventSubject([], [], []);
        for (int i = 0; i < count; i++)
        {
            merged = merged.Plus(terms[i]);
        }

        return merged;
    }

    /// <summary>x_d of an occurrence from the sum of its terms and of their absolute values.</summary>
    public static double Settle(double sum, double absoluteSum) => sum <= CancellationShare * absoluteSum ? 0 : sum;

    /// <summary>Events whose loss to the layer, after occurrence terms, is above 0.</summary>
    public (long[] EventIds, double[] Losses) LayeredLosses(LayerTerms terms)
    {
        long[] eventIds = new long[EventIds.Length];
        double[] losses = new double[EventIds.Length];
        int count = 0;
        for (int i = 0; i < EventIds.Length; i++)
        {
            double loss = terms.ApplyOccurrenceTerms(Settle(Sums[i], AbsoluteSums[i]));
            eventIds[count] = EventIds[i];
            losses[count] = loss;
            count += loss > 0 ? 1 : 0;
        }

        return (eventIds[..count], losses[..count]);
    }

    private EventSubject Plus(SubjectSource term)
    {
        EventLossTable elt = term.Elt!;
        long[] eventIds = new long[EventIds.Length + elt.Count];
        double[] sums = new double[eventIds.Length];
        double[] absoluteSums = new double[eventIds.Length];
        int count = 0;
        int mine = 0;
        int other = 0;
        while (mine < EventIds.Length || other < elt.Count)
        {
            long myEvent = mine < EventIds.Length ? EventIds[mine] : long.MaxValue;
            long otherEvent = other < elt.Count ? elt.EventIds[other] : long.MaxValue;
            bool fromMine = mine < EventIds.Length && (other >= elt.Count || myEvent <= otherEvent);
            bool fromOther = other < elt.Count && (mine >= EventIds.Length || otherEvent <= myEvent);
            double amount = fromOther ? term.Amount(elt.MeanLosses[other]) : 0;
            eventIds[count] = fromMine ? myEvent : otherEvent;
            sums[count] = (fromMine ? Sums[mine] : 0) + amount;
            absoluteSums[count] = (fromMine ? AbsoluteSums[mine] : 0) + Math.Abs(amount);
            count++;
            mine += fromMine ? 1 : 0;
            other += fromOther ? 1 : 0;
        }

        return count == eventIds.Length
            ? new(eventIds, sums, absoluteSums)
            : new(eventIds[..count], sums[..count], absoluteSums[..count]);
    }
}
