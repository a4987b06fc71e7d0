using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RiskDurable.Kernel;

/// <summary>The occurrences of a block grouped by event.</summary>
/// <param name="EventIds">The events that occur, strictly ascending.</param>
/// <param name="EventStarts">Where each event's occurrences start, and behind them their number.</param>
/// <param name="Positions">Positions grouped by event, ascending within an event.</param>
/// <param name="Trials">The trial of each.</param>
internal sealed record EventOrder(long[] EventIds, int[] EventStarts, int[] Positions, ushort[] Trials)
{
    private const int BucketBits = 11;
    private const int MostLowBits = 16;

    // Counters are cleared and read for every id of the range, whether it occurs or not.
    private const int MostIdsAnOccurrence = 64;

    /// <summary>
    /// Groups occurrences by event in two passes: dealt out by the upper bits of the id, each with its position and trial in one word, and
    /// then counted out by the lower bits, bucket by bucket, where all that is written lies in the second-level cache.
    /// </summary>
    /// <param name="events">The event of each occurrence, by position.</param>
    /// <param name="trialStarts">Position of each trial's first occurrence, and behind them their number.</param>
    /// <param name="dealt">Work memory, a word an occurrence; its content is lost.</param>
    /// <returns>Null where the ids range too widely, or there are more than 65,536 trials.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe EventOrder? TryOf(ReadOnlySpan<long> events, int[] trialStarts, Span<ulong> dealt)
    {
        if (events.Length == 0 || trialStarts.Length - 1 > ushort.MaxValue + 1)
        {
            return null;
        }

        (long smallest, long largest) = Range(events);
        ulong range = unchecked((ulong)largest - (ulong)smallest);
        int bits = 64 - BitOperations.LeadingZeroCount(range);
        int lowBits = Math.Max(bits - BucketBits, 0);
        if (lowBits > MostLowBits || range / MostIdsAnOccurrence > (ulong)events.Length)
        {
            return null;
        }

        int[] bucketEnds = Deal(events, trialStarts, smallest, lowBits, dealt);
        int[] positions = LargeArray.Uninitialized<int>(events.Length);
        ushort[] trials = LargeArray.Uninitialized<ushort>(events.Length);
        int most = (int)Math.Min(range + 1, (ulong)events.Length);
        long[] ids = LargeArray.Uninitialized<long>(most);
        int[] starts = LargeArray.Uninitialized<int>(most + 1);
        int[] cursors = new int[1 << lowBits];
        int distinct = 0;
        int start = 0;
        fixed (ulong* entries = dealt)
        fixed (int* cursor = cursors, position = positions)
        fixed (ushort* trial = trials)
        {
            for (int bucket = 0; bucket < bucketEnds.Length; bucket++)
            {
                int end = bucketEnds[bucket];
                for (int i = start; i < end; i++)
                {
                    cursor[entries[i] >> 48]++;
                }

                long first = smallest + ((long)bucket << lowBits);
                int next = start;
                for (int low = 0; next < end; low++)
                {
                    int count = cursor[low];
                    cursor[low] = next;
                    if (count > 0)
                    {
                        ids[distinct] = first + low;
                        starts[distinct++] = next;
                        next += count;
                    }
                }

                for (int i = start; i < end; i++)
                {
                    ulong entry = entries[i];
                    int to = cursor[entry >> 48]++;
                    position[to] = (int)(uint)entry;
                    trial[to] = (ushort)(entry >> 32);
                }

                Array.Clear(cursors);
                start = end;
            }
        }

        starts[distinct] = events.Length;
        return distinct == most
            ? new(ids, starts, positions, trials)
            : new(ids[..distinct], starts[..(distinct + 1)], positions, trials);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe int[] Deal(ReadOnlySpan<long> events, int[] trialStarts, long smallest, int lowBits, Span<ulong> dealt)
    {
        int[] cursors = new int[1 << BucketBits];
        ulong lowMask = (1UL << lowBits) - 1;
        fixed (ulong* to = dealt)
        fixed (long* ids = events)
        fixed (int* cursor = cursors)
        {
            for (int i = 0; i < events.Length; i++)
            {
                cursor[(ulong)(ids[i] - smallest) >> lowBits]++;
            }

            int sum = 0;
            for (int bucket = 0; bucket < cursors.Length; bucket++)
            {
                (cursor[bucket], sum) = (sum, sum + cursor[bucket]);
            }

            for (int trial = 0; trial + 1 < trialStarts.Length; trial++)
            {
                ulong ofTrial = (ulong)trial << 32;
                int end = trialStarts[trial + 1];
                for (int i = trialStarts[trial]; i < end; i++)
                {
                    ulong id = (ulong)(ids[i] - smallest);
                    to[cursor[id >> lowBits]++] = ((id & lowMask) << 48) | ofTrial | (uint)i;
                }
            }
        }

        return cursors;
    }

    private static (long Smallest, long Largest) Range(ReadOnlySpan<long> events)
    {
        long smallest = long.MaxValue;
        long largest = long.MinValue;
        int next = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<long> low = Vector256.Create(smallest);
            Vector256<long> high = Vector256.Create(largest);
            for (; next + Vector256<long>.Count <= events.Length; next += Vector256<long>.Count)
            {
                Vector256<long> ids = Vector256.Create(events[next..]);
                low = Vector256.Min(low, ids);
                high = Vector256.Max(high, ids);
            }

            for (int lane = 0; lane < Vector256<long>.Count; lane++)
            {
                smallest = Math.Min(smallest, low[lane]);
                largest = Math.Max(largest, high[lane]);
            }
        }

        for (; next < events.Length; next++)
        {
            smallest = Math.Min(smallest, events[next]);
            largest = Math.Max(largest, events[next]);
        }

        return (smallest, largest);
    }
}
