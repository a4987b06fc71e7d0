using System.Numerics;

namespace RiskDurable.Kernel;

/// <summary>
/// Adds up ELTs by event, term after term: over one window of event ids after another, which fits the second-level cache and in which an
/// event is found by its id.
/// </summary>
internal static class SubjectMerge
{
    private const int WindowLength = 1 << 14;

    public static EventSubject Of(IReadOnlyList<SubjectSource> terms, int count)
    {
        long rows = 0;
        for (int term = 0; term < count; term++)
        {
            rows += terms[term].Elt!.Count;
        }

        long[] eventIds = new long[rows];
        double[] sums = new double[rows];
        double[] absoluteSums = new double[rows];
        int[] cursors = new int[count];
        double[] sum = new double[WindowLength];
        double[] absolute = new double[WindowLength];
        ulong[] touched = new ulong[WindowLength / 64];
        int merged = 0;
        while (NextEvent(terms, cursors) is { } start)
        {
            for (int term = 0; term < count; term++)
            {
                cursors[term] = AddWindow(terms[term], cursors[term], start, sum, absolute, touched);
            }

            for (int word = 0; word < touched.Length; word++)
            {
                for (ulong bits = touched[word]; bits != 0; bits &= bits - 1)
                {
                    int at = (word << 6) + BitOperations.TrailingZeroCount(bits);
                    eventIds[merged] = start + at;
                    sums[merged] = sum[at];
                    absoluteSums[merged++] = absolute[at];
                    sum[at] = 0;
                    absolute[at] = 0;
                }

                touched[word] = 0;
            }
        }

        return new(eventIds[..merged], sums[..merged], absoluteSums[..merged]);
    }

    private static long? NextEvent(IReadOnlyList<SubjectSource> terms, int[] cursors)
    {
        long? next = null;
        for (int term = 0; term < cursors.Length; term++)
        {
            EventLossTable elt = terms[term].Elt!;
            if (cursors[term] < elt.Count && !(next <= elt.EventIds[cursors[term]]))
            {
                next = elt.EventIds[cursors[term]];
            }
        }

        return next;
    }

    private static int AddWindow(SubjectSource term, int cursor, long start, double[] sum, double[] absolute, ulong[] touched)
    {
        long[] ids = term.Elt!.EventIds;
        double[] losses = term.Elt.MeanLosses;
        for (; cursor < ids.Length; cursor++)
        {
            // Unsigned: ids may span more than half of the 64-bit range.
            ulong at = unchecked((ulong)ids[cursor] - (ulong)start);
            if (at >= WindowLength)
            {
                break;
            }

            double amount = term.Amount(losses[cursor]);
            sum[at] += amount;
            absolute[at] += Math.Abs(amount);
            touched[at >> 6] |= 1UL << (int)at;
        }

        return cursor;
    }
}
