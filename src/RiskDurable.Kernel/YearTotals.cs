using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace RiskDurable.Kernel;

/// <summary>
/// Sums and largest losses by trial, added event by event: within a trial in ascending order of event ids, whatever the block and
/// the width of vectors.
/// </summary>
internal sealed class YearTotals
{
    // (sum, largest) side by side: one line of the cache an occurrence.
    private double[] _pairs = [];
    private readonly double[] _table = new double[1 << OccurrenceTiles.EventBits];

    public (double Total, double Largest) this[int trial] => (_pairs[2 * trial], _pairs[(2 * trial) + 1]);

    /// <summary>Starts over with the losses of a layer.</summary>
    public void Add(TrialBlock block, OccurrenceRuns runs)
    {
        Begin(block.TrialCount);
        if (block.Occurrences.ShortTrials is { } trials)
        {
            Add(trials, runs);
        }
        else
        {
            Add(block.Occurrences.LongTrials!, runs);
        }
    }

    /// <summary>Starts over with the losses of a layer that most events cost something; the same to the bit, as adding 0 changes none.</summary>
    /// <param name="block">The trials.</param>
    /// <param name="tiles">The block's occurrences.</param>
    /// <param name="ids">Event ids, strictly ascending.</param>
    /// <param name="losses">Loss of each, at least 0.</param>
    /// <returns>Occurrences with a loss.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe long Add(TrialBlock block, OccurrenceTiles tiles, ReadOnlySpan<long> ids, ReadOnlySpan<double> losses)
    {
        Begin(block.TrialCount);
        long smallest = block.EventIds[0];
        int at = OccurrenceIndex.FirstNotBelow(ids, smallest);
        int last = block.EventIds[^1] == long.MaxValue ? ids.Length : OccurrenceIndex.FirstNotBelow(ids, block.EventIds[^1] + 1);
        long hits = 0;
        fixed (double* table = _table, pairs = _pairs)
        fixed (uint* entries = tiles.Entries)
        {
            for (int row = 0; row < tiles.Rows; row++)
            {
                Array.Clear(_table);
                long first = smallest + ((long)row << OccurrenceTiles.EventBits);
                for (; at < last && ids[at] - first < _table.Length; at++)
                {
                    table[ids[at] - first] = losses[at];
                    hits += losses[at] > 0 ? block.Occurrences.CountOf((int)(ids[at] - smallest)) : 0;
                }

                for (int column = 0; column < tiles.Columns; column++)
                {
                    double* ofColumn = pairs + ((nint)column << (OccurrenceTiles.TrialBits + 1));
                    uint* entry = entries + tiles.StartOf(row, column);
                    uint* end = entries + tiles.StartOf(row, column + 1);
                    AddTile(entry, end, table, ofColumn);
                }
            }
        }

        return hits;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void AddTile(uint* entry, uint* end, double* table, double* pairs)
    {
        const int ReadAhead = 256;
        const uint TrialMask = (1 << OccurrenceTiles.TrialBits) - 1;
        for (; entry + 4 <= end; entry += 4)
        {
            if (Sse.IsSupported)
            {
                Sse.Prefetch0(entry + ReadAhead);
            }

            Add(pairs + (2 * (nint)(entry[0] & TrialMask)), table[entry[0] >> OccurrenceTiles.TrialBits]);
            Add(pairs + (2 * (nint)(entry[1] & TrialMask)), table[entry[1] >> OccurrenceTiles.TrialBits]);
            Add(pairs + (2 * (nint)(entry[2] & TrialMask)), table[entry[2] >> OccurrenceTiles.TrialBits]);
            Add(pairs + (2 * (nint)(entry[3] & TrialMask)), table[entry[3] >> OccurrenceTiles.TrialBits]);
        }

        for (; entry < end; entry++)
        {
            Add(pairs + (2 * (nint)(*entry & TrialMask)), table[*entry >> OccurrenceTiles.TrialBits]);
        }
    }

    private void Begin(int trials)
    {
        if (_pairs.Length < 2 * trials)
        {
            _pairs = new double[2 * trials];
        }

        Array.Clear(_pairs, 0, 2 * trials);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void Add(ushort[] trials, OccurrenceRuns runs)
    {
        fixed (ushort* trial = trials)
        fixed (int* first = runs.First, length = runs.Length)
        fixed (double* losses = runs.Loss, pairs = _pairs)
        {
            for (int run = 0; run < runs.Count; run++)
            {
                // The runs lie scattered over the index: each would be waited for.
                if (Sse.IsSupported)
                {
                    ushort* ahead = trial + first[run + OccurrenceRuns.LookAhead];
                    Sse.Prefetch0(ahead);
                    Sse.Prefetch0(ahead + length[run + OccurrenceRuns.LookAhead] - 1);
                }

                double loss = losses[run];
                ushort* end = trial + first[run] + length[run];
                for (ushort* at = trial + first[run]; at < end; at++)
                {
                    Add(pairs + (2 * (nint)(*at)), loss);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void Add(int[] trials, OccurrenceRuns runs)
    {
        fixed (int* trial = trials)
        fixed (int* first = runs.First, length = runs.Length)
        fixed (double* losses = runs.Loss, pairs = _pairs)
        {
            for (int run = 0; run < runs.Count; run++)
            {
                double loss = losses[run];
                int* end = trial + first[run] + length[run];
                for (int* at = trial + first[run]; at < end; at++)
                {
                    Add(pairs + (2 * (nint)(*at)), loss);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Add(double* pair, double loss)
    {
        if (Sse41.IsSupported)
        {
            Vector128<double> old = Vector128.Load(pair);
            Vector128<double> added = Vector128.Create(loss);
            Sse41.Blend(old + added, Sse2.Max(old, added), 0b10).Store(pair);
            return;
        }

        pair[0] += loss;
        pair[1] = loss > pair[1] ? loss : pair[1];
    }
}
