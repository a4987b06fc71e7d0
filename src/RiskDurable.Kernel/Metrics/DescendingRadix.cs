using System.Numerics;

namespace RiskDurable.Kernel.Metrics;

/// <summary>
/// Puts the largest of positive losses in order without sorting the rest. The bits of a positive double order like the number, so
/// one counting pass over the leading bits (of the range that the losses really span) places each loss within a few of its
/// neighbours; losses beyond the bucket that holds the last rank asked for are dropped there, and an insertion pass finishes.
/// Buckets that stay large are split again; ties, frequent where a limit cuts losses, end at once.
/// </summary>
internal static class DescendingRadix
{
    private const int InsertionLength = 32;
    private const int MaximumBucketBits = 12;

    /// <summary>Sorts the largest losses to the front, descending; what follows them is left undefined.</summary>
    /// <param name="keys">Bits of positive doubles.</param>
    /// <param name="scratch">Room for as many; its content is lost.</param>
    /// <param name="count">How many of the largest are wanted, at most all.</param>
    public static void SortLargest(Span<long> keys, Span<long> scratch, int count)
    {
        if (count == 0)
        {
            return;
        }

        if (keys.Length <= InsertionLength)
        {
            InsertionSort(keys);
            return;
        }

        int placed = Partition(keys, scratch, count);
        InsertionSort(keys[..placed]);
    }

    // Afterwards keys[..returned] holds the largest, nearly sorted: no key is further than InsertionLength from its place.
    private static int Partition(Span<long> keys, Span<long> scratch, int count)
    {
        (long smallest, long largest) = Range(keys);
        if (smallest == largest)
        {
            return count;
        }

        int bits = Math.Clamp(BitOperations.Log2((uint)keys.Length) - 2, 4, MaximumBucketBits);
        ulong range = (ulong)(largest - smallest);
        int shift = Math.Max(0, 64 - BitOperations.LeadingZeroCount(range) - bits);
        Span<int> ends = stackalloc int[(int)(range >> shift) + 1];
        ends.Clear();
        foreach (long key in keys)
        {
            ends[(int)((largest - key) >> shift)]++;
        }

        int last = 0, placed = 0;
        for (int bucket = 0; bucket < ends.Length; bucket++)
        {
            int size = ends[bucket];
            ends[bucket] = placed;
            placed += size;
            if (placed >= count)
            {
                last = bucket;
                break;
            }
        }

        foreach (long key in keys)
        {
            int bucket = (int)((largest - key) >> shift);
            if (bucket <= last)
            {
                scratch[ends[bucket]++] = key;
            }
        }

        scratch[..placed].CopyTo(keys);
        return shift == 0 ? placed : SplitLargeBuckets(keys, scratch, ends[..(last + 1)], count);
    }

    // Only the last bucket may be split partially; what its split drops ends the ordered part.
    private static int SplitLargeBuckets(Span<long> keys, Span<long> scratch, ReadOnlySpan<int> ends, int count)
    {
        int start = 0;
        foreach (int end in ends)
        {
            int size = end - start;
            start += size > InsertionLength
                ? Partition(keys.Slice(start, size), scratch.Slice(start, size), Math.Min(size, count - start))
                : size;
        }

        return start;
    }

    private static (long Smallest, long Largest) Range(ReadOnlySpan<long> keys)
    {
        long smallest = long.MaxValue, largest = long.MinValue;
        foreach (long key in keys)
        {
            smallest = Math.Min(smallest, key);
            largest = Math.Max(largest, key);
        }

        return (smallest, largest);
    }

    private static void InsertionSort(Span<long> keys)
    {
        for (int i = 1; i < keys.Length; i++)
        {
            long key = keys[i];
            int hole = i;
            while (hole > 0 && keys[hole - 1] < key)
            {
                keys[hole] = keys[hole - 1];
                hole--;
            }

            keys[hole] = key;
        }
    }
}
