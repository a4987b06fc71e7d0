using System.Numerics;
using System.Runtime.InteropServices;

namespace RiskDurable.Kernel;

/// <summary>
/// Adds up lists of losses by occurrence, in the order in which they are given, and gives the sums back in order of time. The lists are gone
/// through side by side in windows of positions that fit the cache: one value a position of the window, and a bit for each that was
/// touched.
/// </summary>
/// <remarks>Keeps its work arrays; one a thread.</remarks>
/// <param name="memory">Where sums go; null for memory of their own.</param>
public sealed class OccurrenceSum(LossMemory? memory = null)
{
    private const int WindowBits = 13;
    private const int WindowLength = 1 << WindowBits;

    private readonly LossMemory _memory = memory ?? LossMemory.Fresh;
    private readonly List<Term> _terms = [];
    private readonly double[] _sums = new double[WindowLength];
    private readonly double[] _absolutes = new double[WindowLength];
    private readonly ulong[] _touched = new ulong[WindowLength / 64];
    private int[] _cursors = [];

    /// <summary>Starts over.</summary>
    public void Begin() => _terms.Clear();

    /// <summary>Adds losses, each times a factor.</summary>
    /// <param name="losses">The losses; read when the sum ends.</param>
    /// <param name="factor">The factor.</param>
    public void Add(OccurrenceLosses losses, double factor)
    {
        ArgumentNullException.ThrowIfNull(losses);
        Add(new(losses, 1, factor, default));
    }

    /// <summary>Adds a term of a subject.</summary>
    /// <param name="losses">The losses; read when the sum ends.</param>
    /// <param name="source">What an amount of the term comes to.</param>
    internal void Add(OccurrenceLosses losses, SubjectSource source) => Add(new(losses, source.CurrencyRatio, source.Factor, default));

    /// <summary>Adds what is a sum of terms already.</summary>
    /// <param name="sums">The sums; read when the sum ends.</param>
    /// <param name="absolutes">The sum of absolute terms of each.</param>
    internal void Add(OccurrenceLosses sums, ReadOnlyMemory<double> absolutes) => Add(new(sums, 1, 1, absolutes));

    private void Add(Term term)
    {
        if (term.Losses.Count > 0)
        {
            _terms.Add(term);
        }
    }

    /// <summary>The sums that are not 0.</summary>
    public OccurrenceLosses End()
    {
        switch (_terms.Count)
        {
            case 0:
                return OccurrenceLosses.None;
            case 1 when _terms[0].Ratio == 1:
                return _terms[0].Losses.Times(_terms[0].Factor, _memory);
            default:
                (Memory<int> positions, Memory<double> sums, int count) = Sum(Most(), default);
                return _memory.Trim(positions, sums, count);
        }
    }

    /// <summary>The sums that are not 0, each with the sum of its absolute terms.</summary>
    /// <param name="absolutes">Receives the sums of absolute terms; replaced where it is too short.</param>
    public OccurrenceLosses End(ref double[] absolutes)
    {
        (Memory<int> positions, Memory<double> sums) = EndWritable(ref absolutes);
        return new(positions, sums);
    }

    /// <inheritdoc cref="End(ref double[])"/>
    internal (Memory<int> Positions, Memory<double> Sums) EndWritable(ref double[] absolutes)
    {
        int most = Most();
        if (absolutes.Length < most)
        {
            absolutes = GC.AllocateUninitializedArray<double>(checked(most + (most >> 2)));
        }

        (Memory<int> positions, Memory<double> sums, int count) = Sum(most, absolutes);
        return (positions[..count], sums[..count]);
    }

    /// <summary>Entries of all lists: no sum has more.</summary>
    private int Most()
    {
        int most = 0;
        foreach (ref readonly Term term in CollectionsMarshal.AsSpan(_terms))
        {
            most = checked(most + term.Losses.Count);
        }

        return most;
    }

    private (Memory<int> Positions, Memory<double> Sums, int Count) Sum(int most, Span<double> absolutes)
    {
        if (_cursors.Length < _terms.Count)
        {
            _cursors = new int[_terms.Count + (_terms.Count >> 1)];
        }

        Array.Clear(_cursors, 0, _terms.Count);
        Memory<int> positions = _memory.Positions(most);
        Memory<double> sums = _memory.Losses(most);
        int kept = 0;
        for (int first = FirstOfAll(); first < int.MaxValue;)
        {
            // The window that holds the first position of all that are left.
            int start = first & ~(WindowLength - 1);
            first = AddWindow(start, !absolutes.IsEmpty);
            kept += Drain(start, positions.Span[kept..], sums.Span[kept..], absolutes.IsEmpty ? default : absolutes[kept..]);
        }

        return (positions, sums, kept);
    }

    private int FirstOfAll()
    {
        int first = int.MaxValue;
        foreach (ref readonly Term term in CollectionsMarshal.AsSpan(_terms))
        {
            first = Math.Min(first, term.Losses.Positions[0]);
        }

        return first;
    }

    /// <summary>Adds what all lists have in a window.</summary>
    /// <returns>The first position behind it, or the largest number where there is none.</returns>
    private int AddWindow(int start, bool withAbsolutes)
    {
        double[] sums = _sums;
        ulong[] touched = _touched;
        int next = int.MaxValue;
        for (int number = 0; number < _terms.Count; number++)
        {
            Term term = _terms[number];
            ReadOnlySpan<int> positions = term.Losses.Positions;
            ReadOnlySpan<double> values = term.Losses.Losses[..positions.Length];
            double ratio = term.Ratio;
            double factor = term.Factor;
            int first = _cursors[number];
            int at = first;
            for (; at < positions.Length; at++)
            {
                int local = positions[at] - start;
                if (local >= WindowLength)
                {
                    next = Math.Min(next, positions[at]);
                    break;
                }

                sums[local] += factor * (values[at] * ratio);
                touched[local >> 6] |= 1UL << local;
            }

            _cursors[number] = at;
            if (withAbsolutes)
            {
                AddAbsolutes(term, first..at, start);
            }
        }

        return next;
    }

    private void AddAbsolutes(in Term term, Range range, int start)
    {
        double[] absolutes = _absolutes;
        ReadOnlySpan<int> positions = term.Losses.Positions[range];
        ReadOnlySpan<double> values = term.Absolutes.IsEmpty ? term.Losses.Losses[range] : term.Absolutes.Span[range];
        for (int i = 0; i < positions.Length; i++)
        {
            absolutes[positions[i] - start] += Math.Abs(term.Factor * (values[i] * term.Ratio));
        }
    }

    private int Drain(int start, Span<int> positions, Span<double> losses, Span<double> absolutes)
    {
        int kept = 0;
        bool withAbsolutes = !absolutes.IsEmpty;
        for (int word = 0; word < _touched.Length; word++)
        {
            ulong bits = _touched[word];
            _touched[word] = 0;
            for (; bits != 0; bits &= bits - 1)
            {
                int local = (word << 6) + BitOperations.TrailingZeroCount(bits);
                double loss = _sums[local];
                _sums[local] = 0;
                positions[kept] = start + local;
                losses[kept] = loss;
                if (withAbsolutes)
                {
                    absolutes[kept] = _absolutes[local];
                    _absolutes[local] = 0;
                }

                kept += loss == 0 ? 0 : 1;
            }
        }

        return kept;
    }

    /// <summary>A list that is added.</summary>
    /// <param name="Losses">The losses.</param>
    /// <param name="Ratio">What each is multiplied by first.</param>
    /// <param name="Factor">What the product is multiplied by.</param>
    /// <param name="Absolutes">What the absolute values are taken from; empty where from the losses.</param>
    private readonly record struct Term(OccurrenceLosses Losses, double Ratio, double Factor, ReadOnlyMemory<double> Absolutes);
}
