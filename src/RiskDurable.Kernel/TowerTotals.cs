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
    /// <summary>Layers at a time; more would not leave the trials of a block in the second-level cache.</summary>
    public const int MostLayers = 8;

    private const int Lanes = 4;

    // By trial: the sums of all layers, then their largest losses. By run: the loss of each layer.
    private double[] _years = [];
    private double[] _losses = [];
    private int _width;

    /// <summary>Whether the machine has vectors of four doubles; without them a layer after another is as fast.</summary>
    public static bool IsSupported => Vector256.IsHardwareAccelerated;

    public (double Total, double Largest) this[int layer, int trial] =>
        (_years[(2 * _width * trial) + layer], _years[(2 * _width * trial) + _width + layer]);

    /// <summary>Starts over with the losses of a tower.</summary>
    /// <param name="block">The trials.</param>
    /// <param name="runs">The runs of the events that reach any layer.</param>
    /// <param name="layers">For each layer the loss of each event of the table that was matched; at most 8.</param>
    public void Add(TrialBlock block, OccurrenceRuns runs, ReadOnlySpan<double[]> layers)
    {
        _width = (layers.Length + Lanes - 1) / Lanes * Lanes;
        if (_years.Length < 2 * _width * block.TrialCount)
        {
            _years = new double[2 * _width * block.TrialCount];
        }

        Array.Clear(_years, 0, 2 * _width * block.TrialCount);
        if (_losses.Length < runs.Count * _width)
        {
            _losses = new double[runs.Count * _width];
        }

        Array.Clear(_losses, 0, runs.Count * _width);
        for (int run = 0; run < runs.Count; run++)
        {
            int source = runs.Source[run];
            for (int layer = 0; layer < layers.Length; layer++)
            {
                _losses[(run * _width) + layer] = layers[layer][source];
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

                ushort* end = trial + first[run] + length[run];
                for (ushort* at = trial + first[run]; at < end; at++)
                {
                    Add(years + ((nint)(*at) * 2 * _width), losses + ((nint)run * _width), _width);
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
                int* end = trial + first[run] + length[run];
                for (int* at = trial + first[run]; at < end; at++)
                {
                    Add(years + ((nint)(*at) * 2 * _width), losses + ((nint)run * _width), _width);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Add(double* year, double* losses, int width)
    {
        for (int lane = 0; lane < width; lane += Lanes)
        {
            Vector256<double> loss = Vector256.Load(losses + lane);
            (Vector256.Load(year + lane) + loss).Store(year + lane);
            Vector256.MaxNative(Vector256.Load(year + width + lane), loss).Store(year + width + lane);
        }
    }
}
