using System.Buffers;

namespace RiskDurable.Kernel;

/// <summary>
/// Memory for the losses of one job after another. What is taken for a job is used again once it is taken back: fresh memory costs more than
/// most of what is written into it. Not cleared. One a thread.
/// </summary>
public sealed class LossMemory
{
    private readonly Chunks<int>? _positions;
    private readonly Chunks<double>? _losses;

    /// <summary>Memory that is used again.</summary>
    public LossMemory()
        : this(new Chunks<int>(), new Chunks<double>())
    {
    }

    private LossMemory(Chunks<int>? positions, Chunks<double>? losses)
    {
        _positions = positions;
        _losses = losses;
    }

    /// <summary>Memory of their own for all losses, for as long as somebody holds them. For any number of threads.</summary>
    public static LossMemory Fresh { get; } = new(null, null);

    /// <summary>Takes everything back: no losses that lie in this memory may be read any more.</summary>
    public void TakeBack()
    {
        _positions?.TakeBack();
        _losses?.TakeBack();
    }

    /// <summary>A column of trials or positions.</summary>
    /// <param name="length">Number of entries.</param>
    internal Memory<int> Positions(int length) => _positions?.Take(length) ?? GC.AllocateUninitializedArray<int>(length);

    /// <summary>A column of amounts.</summary>
    /// <param name="length">Number of entries.</param>
    internal Memory<double> Losses(int length) => _losses?.Take(length) ?? GC.AllocateUninitializedArray<double>(length);

    /// <summary>Losses in the columns that were taken last; what is behind them is taken back.</summary>
    /// <param name="positions">The positions taken last.</param>
    /// <param name="losses">The amounts taken last.</param>
    /// <param name="count">Number of losses, the first ones.</param>
    internal OccurrenceLosses Trim(Memory<int> positions, Memory<double> losses, int count)
    {
        if (_positions is null && count < positions.Length)
        {
            return OccurrenceLosses.CopyOf(positions.Span[..count], losses.Span[..count]);
        }

        _positions?.GiveBack(positions.Length - count);
        _losses?.GiveBack(losses.Length - count);
        return count == 0 ? OccurrenceLosses.None : new(positions[..count], losses[..count]);
    }

    /// <summary>Takes in a chunk what is asked for, one piece behind the other.</summary>
    private sealed class Chunks<T>
        where T : unmanaged
    {
        private const int ChunkLength = 1 << 18;

        private readonly List<T[]> _chunks = [];
        private int _used;

        public Memory<T> Take(int length)
        {
            if (_chunks.Count == 0 || _chunks[^1].Length - _used < length)
            {
                _chunks.Add(ArrayPool<T>.Shared.Rent(Math.Max(length, ChunkLength)));
                _used = 0;
            }

            Memory<T> taken = _chunks[^1].AsMemory(_used, length);
            _used += length;
            return taken;
        }

        public void GiveBack(int length) => _used -= length;

        public void TakeBack()
        {
            // The one filled first is lent first again, while some of it is in the cache still.
            for (int chunk = _chunks.Count - 1; chunk >= 0; chunk--)
            {
                ArrayPool<T>.Shared.Return(_chunks[chunk]);
            }

            _chunks.Clear();
            _used = 0;
        }
    }
}
