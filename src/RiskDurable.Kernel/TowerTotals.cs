using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace RiskDurable.Kernel;

/// <summary>
/// Sums and largest losses by trial of several layers over one subject, in one pass: lane by lane what <see cref="YearTotals"/> does for a
/// layer. A layer that an event does not reach adds 0 there, which changes no bit.
/// </summary>
internal sealed class TowerTotals
{
    /// <summary>Layers at a time: the sums and largest losses of a trial then fill a line of the cache.</summary>
    public const int MostLayers = 4;

    // By trial: the sums of all layers, then their largest losses. By run: the loss of each layer.
    private double[] _years = [];
    private double[] _losses = [];

    /// <summary>Whether the machine has vectors of four doubles; without them a layer after another is as fast.</summary>
    public static bool IsSupported => Vector256.IsHardwareAccelerated;

    public (double Total, double Largest) this[int layer, int trial] =>
        (_years[(2 * MostLayers * trial) + layer], _years[(2 * MostLayers * trial) + MostLayers + layer]);

    /// <summary>Starts over with the losses of a tower.</summary>
    /// <param name="block">The trials.</param>
    /// <param name="runs">The runs of the events that reach any layer.</param>
    /// <param name="layers">For each layer the loss of each event of the table that was matched; at most 4.</param>
    public void Add(TrialBlock block, OccurrenceRuns runs, ReadOnlySpan<double[]> layers)
    {
        if (_years.Length < 2 * MostLayers * block.TrialCount)
        {
            _years = new double[2 * MostLayers * block.TrialCount];
        }

        Array.Clear(_years, 0, 2 * MostLayers * block.TrialCount);
        if (_losses.Length < runs.Count * MostLayers)
        {
            _losses = new double[runs.Count * MostLayers];
        }

        Array.Clear(_losses, 0, runs.Count * MostLayers);
        for (int run = 0; run < runs.Count; run++)
        {
            int source = runs.Source[run];
            for (int layer = 0; layer < layers.Length; layer++)
            {
                _losses[(run * MostLayers) + layer] = layers[layer][source];
            }
        }

        if (block.Occurrences.ShortTrials is { } trials)
        {
            AddRuns(trials, runs);
        }
        else
        {
            AddRuns(block.Occurrences.LongTrials!, runs);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void AddRuns(ushort[] trials, OccurrenceRuns runs)
    {
        fixed (ushort* trial = trials)
        fixed (int* first = runs.First, length = runs.Length)
        fixed (double* losses = _losses, years = _years)
        {
            for (int run = 0; run < runs.Count; run++)
            {
                if (Sse.IsSupported)
                {
                    Sse.Prefetch0(trial + first[run + OccurrenceRuns.LookAhead]);
                }

                Vector256<double> ofRun = Vector256.Load(losses + ((nint)run * MostLayers));
                ushort* end = trial + first[run] + length[run];
                for (ushort* at = trial + first[run]; at < end; at++)
                {
                    Add(years + ((nint)(*at) * 2 * MostLayers), ofRun);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void AddRuns(int[] trials, OccurrenceRuns runs)
    {
        fixed (int* trial = trials)
        fixed (int* first = runs.First, length = runs.Length)
        fixed (double* losses = _losses, years = _years)
        {
            for (int run = 0; run < runs.Count; run++)
            {
                Vector256<double> ofRun = Vector256.Load(losses + ((nint)run * MostLayers));
                int* end = trial + first[run] + length[run];
                for (int* at = trial + first[run]; at < end; at++)
                {
                    Add(years + ((nint)(*at) * 2 * MostLayers), ofRun);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Add(double* year, Vector256<double> losses)
    {
        (Vector256.Load(year) + losses).Store(year);
        Vector256.MaxNative(Vector256.Load(year + MostLayers), losses).Store(year + MostLayers);
    }
}
