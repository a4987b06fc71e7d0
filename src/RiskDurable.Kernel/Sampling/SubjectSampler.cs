using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RiskDurable.Kernel.Sampling;

/// <summary>
/// Draws the losses of a subject's ELTs for the occurrences of a block: event by event, for all occurrences of an event from one row and then from
/// the next. A draw depends on the seed, the ELT, the trial and the occurrence's index in it, and on nothing else. Work arrays, kept between
/// layers; one a thread.
/// </summary>
/// <param name="seed">The seed.</param>
internal sealed class SubjectSampler(ulong seed)
{
    /// <summary>The stream of the deviations that all ELTs of an occurrence share; those of ELTs are hashes of their ids.</summary>
    private const ulong SharedStream = 0;

    private static readonly int Lanes = Vector256<double>.Count;

    private readonly OccurrenceRuns _runs = new();
    private readonly BetaQuantile _quantile = new();

    // By occurrence of a run.
    private ulong[] _trials = [];
    private ulong[] _indices = [];
    private double[] _deviations = [];

    // By hit.
    private double[] _sums = [];
    private double[] _absoluteSums = [];
    private TrialBlock? _block;
    private SampledSubject? _subject;

    /// <summary>The runs of the block's occurrences of events with a loss, in the order of which hits are counted.</summary>
    public OccurrenceRuns Runs => _runs;

    /// <summary>The subject loss of each hit.</summary>
    public ReadOnlySpan<double> Sums => _sums.AsSpan(0, (int)_runs.Hits);

    /// <summary>The sum of the absolute terms of each hit.</summary>
    public ReadOnlySpan<double> AbsoluteSums => (_subject!.AnyNegative ? _absoluteSums : _sums).AsSpan(0, (int)_runs.Hits);

    /// <summary>Draws; what was drawn last is kept, for the layers of a tower share it.</summary>
    public void Draw(TrialBlock block, SampledSubject subject)
    {
        if (ReferenceEquals(block, _block) && ReferenceEquals(subject, _subject))
        {
            return;
        }

        _block = block;
        _subject = subject;
        block.Occurrences.Match(subject.EventIds, subject.RowCounts, _runs);
        Begin(checked((int)_runs.Hits), subject.AnyNegative);
        int hit = 0;
        for (int run = 0; run < _runs.Count; run++)
        {
            int length = _runs.Length[run];
            int source = _runs.Source[run];
            Place(block, _runs.First[run], length);
            bool hasDeviations = false;
            foreach (ref readonly SampledRow row in subject.Rows.AsSpan(subject.RowStarts[source]..subject.RowStarts[source + 1]))
            {
                if (row.Shared > 0 && !hasDeviations)
                {
                    hasDeviations = true;
                    SetDeviations(block, _runs.First[run], length);
                }

                Add(row, subject.Terms[row.Term], hit, length);
            }

            hit += length;
        }
    }

    private void Begin(int hits, bool anyNegative)
    {
        // The last vector may reach beyond the last hit.
        int size = hits + Lanes;
        if (_sums.Length < size)
        {
            _sums = GC.AllocateUninitializedArray<double>(size);
        }

        if (anyNegative && _absoluteSums.Length < size)
        {
            _absoluteSums = GC.AllocateUninitializedArray<double>(size);
        }

        Array.Clear(_sums, 0, size);
        Array.Clear(_absoluteSums, 0, anyNegative ? size : 0);
    }

    /// <summary>Where the occurrences of a run are: trial and index, filled up to whole vectors with the last.</summary>
    private void Place(TrialBlock block, int first, int length)
    {
        int padded = (length + Lanes - 1) / Lanes * Lanes;
        if (_trials.Length < padded)
        {
            _trials = new ulong[2 * padded];
            _indices = new ulong[2 * padded];
            _deviations = new double[2 * padded];
        }

        Span<ulong> trials = _trials.AsSpan(0, padded);
        Span<ulong> indices = _indices.AsSpan(0, padded);
        if (block.Occurrences.ShortTrials is { } shortTrials)
        {
            Place(block, block.Positions.AsSpan(first, length), shortTrials.AsSpan(first, length), trials, indices);
        }
        else
        {
            Place(block, block.Positions.AsSpan(first, length), block.Occurrences.LongTrials.AsSpan(first, length), trials, indices);
        }

        trials[length..].Fill(trials[length - 1]);
        indices[length..].Fill(indices[length - 1]);
    }

    private static void Place<T>(
        TrialBlock block, ReadOnlySpan<int> positions, ReadOnlySpan<T> ofPositions, Span<ulong> trials, Span<ulong> indices)
        where T : unmanaged, INumberBase<T>
    {
        ReadOnlySpan<int> starts = block.TrialStarts;
        long firstTrial = block.FirstTrial;
        for (int i = 0; i < positions.Length; i++)
        {
            int trial = int.CreateTruncating(ofPositions[i]);
            trials[i] = (ulong)(firstTrial + trial);
            indices[i] = (ulong)(positions[i] - starts[trial]);
        }
    }

    /// <summary>The deviations that the ELTs of an occurrence share: from the YET, or else drawn.</summary>
    private void SetDeviations(TrialBlock block, int first, int length)
    {
        for (int i = 0; i < length; i += Lanes)
        {
            Vector256<double> z;
            if (block.Uniforms is { } uniforms)
            {
                z = Vector256.Create(At(i), At(i + 1), At(i + 2), At(i + 3));
                double At(int index) => uniforms[block.Positions[first + Math.Min(index, length - 1)]];
            }
            else
            {
                z = Philox.Uniforms(Vector256.Create(_trials, i), Vector256.Create(_indices, i), SharedStream, seed);
            }

            NormalDistribution.Quantile(z).CopyTo(_deviations, i);
        }
    }

    private void Add(in SampledRow row, SubjectSource term, int hit, int length)
    {
        Span<double> sums = _sums.AsSpan(hit, (length + Lanes - 1) / Lanes * Lanes);
        if (row.IsFixed)
        {
            double amount = term.Amount(row.Scale);
            for (int i = 0; i < length; i++)
            {
                sums[i] += amount;
            }

            if (_subject!.AnyNegative)
            {
                for (int i = 0; i < length; i++)
                {
                    _absoluteSums[hit + i] += Math.Abs(amount);
                }
            }

            return;
        }

        _quantile.Set(row.Shape);
        for (int i = 0; i < length; i += Lanes)
        {
            Vector256<double> loss = Draw(row, term.Stream, i);
            Vector256<double> amount = (loss * term.CurrencyRatio) * term.Factor;

            // A vector's tail falls on hits that come later and are not begun yet: it must leave nothing there.
            if (length - i < Lanes)
            {
                Vector256<long> inRun = Vector256.LessThan(Vector256.Create(0L, 1, 2, 3), Vector256.Create((long)(length - i)));
                amount &= inRun.AsDouble();
            }

            (Vector256.Create<double>(sums[i..]) + amount).CopyTo(sums[i..]);
            if (_subject!.AnyNegative)
            {
                Span<double> absolute = _absoluteSums.AsSpan(hit + i, Lanes);
                (Vector256.Create<double>(absolute) + Vector256.Abs(amount)).CopyTo(absolute);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<double> Draw(in SampledRow row, ulong stream, int at)
    {
        Vector256<double> q = Philox.Uniforms(Vector256.Create(_trials, at), Vector256.Create(_indices, at), stream, seed);
        Vector256<double> complement = Vector256<double>.One - q;
        if (row.Shared > 0)
        {
            Vector256<double> t = (Vector256.Create(_deviations, at) * row.Shared) + (NormalDistribution.Quantile(q) * row.Own);
            Vector256<double> tail = NormalDistribution.Tail(Vector256.Min(Vector256.Abs(t), Vector256.Create(NormalDistribution.MostDeviation)));
            Vector256<double> low = Vector256.LessThan(t, Vector256<double>.Zero);
            q = Vector256.ConditionalSelect(low, tail, Vector256<double>.One - tail);
            complement = Vector256.ConditionalSelect(low, Vector256<double>.One - tail, tail);
        }

        return Vector256.Min(_quantile.Of(q, complement), Vector256<double>.One) * row.Scale;
    }
}
