using System.Numerics;

namespace RiskDurable.Kernel;

/// <summary>
/// Adds up losses by occurrence in any order of positions and gives them back in order of time. One value an occurrence of the block,
/// and a bit for each that was touched: the bits put the positions in order at a word a 64 occurrences, which no sort does.
/// </summary>
/// <remarks>Reused between layers and blocks; empty again after <see cref="Drain()"/>. Not for several threads at once.</remarks>
public sealed class OccurrenceAccumulator
{
    private double[] _sums = [];
    private ulong[] _touched = [];
    private int _touchedWords;

    /// <summary>The sums by position; 0 where nothing was added.</summary>
    internal double[] Sums => _sums;

    /// <summary>Makes room for a block's occurrences.</summary>
    /// <param name="occurrences">Number of occurrences in the block.</param>
    public void EnsureCapacity(int occurrences)
    {
        if (_sums.Length < occurrences)
        {
            _sums = new double[occurrences];
            _touched = new ulong[(occurrences + 63) >> 6];
        }

        _touchedWords = (occurrences + 63) >> 6;
    }

    /// <summary>Adds a loss to an occurrence.</summary>
    /// <param name="position">Position in the block.</param>
    /// <param name="loss">What is added.</param>
    public void Add(int position, double loss)
    {
        _sums[position] += loss;
        _touched[position >> 6] |= 1UL << (position & 63);
    }

    /// <summary>The sums that are not 0, in order of position; the accumulator is empty afterwards.</summary>
    public OccurrenceLosses Drain()
    {
        (Memory<int> positions, Memory<double> losses) = Drain(LossMemory.Fresh);
        return positions.IsEmpty ? OccurrenceLosses.None : new(positions, losses);
    }

    /// <summary>The sums that are not 0, in order of position; the accumulator is empty afterwards.</summary>
    /// <param name="memory">Where they go.</param>
    internal (Memory<int> Positions, Memory<double> Losses) Drain(LossMemory memory)
    {
        int count = 0;
        for (int word = 0; word < _touchedWords; word++)
        {
            count += BitOperations.PopCount(_touched[word]);
        }

        Memory<int> ofPositions = memory.Positions(count);
        Memory<double> ofLosses = memory.Losses(count);
        Span<int> positions = ofPositions.Span;
        Span<double> losses = ofLosses.Span;
        int kept = 0;
        for (int word = 0; word < _touchedWords; word++)
        {
            ulong bits = _touched[word];
            if (bits == 0)
            {
                continue;
            }

            _touched[word] = 0;
            for (; bits != 0; bits &= bits - 1)
            {
                int position = (word << 6) + BitOperations.TrailingZeroCount(bits);
                double loss = _sums[position];
                _sums[position] = 0;
                positions[kept] = position;
                losses[kept] = loss;
                kept += loss == 0 ? 0 : 1;
            }
        }

        return (ofPositions[..kept], ofLosses[..kept]);
    }
}
