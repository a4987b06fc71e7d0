using System.Numerics;

namespace RiskDurable.Kernel;

/// <summary>
/// Adds up lists of losses by occurrence, each ascending by position: window by window of the block's positions, so that what is added to lies
/// in the first levels of the cache however long the block is, and what is between the lists' entries costs nothing. Every occurrence gets its
/// losses in the order of the lists. Work arrays, kept between sums.
/// </summary>
/// <param name="memory">Where sums go.</param>
internal sealed class OccurrenceSum(LossMemory memory)
{
    private const int WindowBits = 13;
    private const int WindowLength = 1 << WindowBits;

    private readonly List<(OccurrenceLosses Losses, double Factor)> _lists = [];
    private readonly double[] _sums = new double[WindowLength];
    private readonly ulong[] _touched = new ulong[WindowLength / 64];
    private int[] _cursors = [];

    /// <summary>Starts over.</summary>
    public void Begin() => _lists.Clear();

    /// <summary>Adds a list, times a factor; it is read when the sum ends.</summary>
    public void Add(OccurrenceLosses losses, double factor)
    {
        if (losses.Count > 0)
        {
            _lists.Add((losses, factor));
        }
    }

    /// <summary>The sums that are not 0.</summary>
    public OccurrenceLosses End() => _lists.Count switch
    {
        0 => OccurrenceLosses.None,
        1 => _lists[0].Losses.Times(_lists[0].Factor, memory),
        _ => Sum(),
    };

    private OccurrenceLosses Sum()
    {
        int most = 0;
        foreach ((OccurrenceLosses losses, _) in _lists)
        {
            most = checked(most + losses.Count);
        }

        if (_cursors.Length < _lists.Count)
        {
            _cursors = new int[_lists.Count + (_lists.Count >> 1)];
        }

        Array.Clear(_cursors, 0, _lists.Count);
        Memory<int> positions = memory.Positions(most);
        Memory<double> sums = memory.Losses(most);
        int kept = 0;
        for (int first = FirstOfAll(); first < int.MaxValue;)
        {
            // The window that holds the first position of all that are left.
            int start = first & ~(WindowLength - 1);
            first = AddWindow(start);
            kept += Drain(start, positions.Span[kept..], sums.Span[kept..]);
        }

        return memory.Trim(positions, sums, kept);
    }

    private int FirstOfAll()
    {
        int first = int.MaxValue;
        foreach ((OccurrenceLosses losses, _) in _lists)
        {
            first = Math.Min(first, losses.Positions[0]);
        }

        return first;
    }

    /// <summary>Adds what lies in a window; returns the first position behind it, or <see cref="int.MaxValue"/>.</summary>
    private int AddWindow(int start)
    {
        double[] sums = _sums;
        ulong[] touched = _touched;
        int next = int.MaxValue;
        for (int list = 0; list < _lists.Count; list++)
        {
            (OccurrenceLosses losses, double factor) = _lists[list];
            ReadOnlySpan<int> positions = losses.Positions;
            ReadOnlySpan<double> values = losses.Losses[..positions.Length];
            int at = _cursors[list];
            for (; at < positions.Length; at++)
            {
                int local = positions[at] - start;
                if (local >= WindowLength)
                {
                    next = Math.Min(next, positions[at]);
                    break;
                }

                sums[local] += factor * values[at];
                touched[local >> 6] |= 1UL << local;
            }

            _cursors[list] = at;
        }

        return next;
    }

    /// <returns>Number of sums in the window that are not 0.</returns>
    private int Drain(int start, Span<int> positions, Span<double> losses)
    {
        int kept = 0;
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
                kept += loss == 0 ? 0 : 1;
            }
        }

        return kept;
    }
}
