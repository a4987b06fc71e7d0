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

    public (double Total, double Largest) this[int trial] => (_pairs[2 * trial], _pairs[(2 * trial) + 1]);

    /// <summary>Starts over with the losses of a layer.</summary>
    public void Add(TrialBlock block, OccurrenceRuns runs)
    {
        if (_pairs.Length < 2 * block.TrialCount)
        {
            _pairs = new double[2 * block.TrialCount];
        }

        Array.Clear(_pairs, 0, 2 * block.TrialCount);
        if (block.Occurrences.ShortTrials is { } trials)
        {
            Add(trials, runs);
        }
        else
        {
            Add(block.Occurrences.LongTrials!, runs);
        }
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
