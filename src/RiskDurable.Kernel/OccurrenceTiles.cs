using System.Runtime.CompilerServices;

namespace RiskDurable.Kernel;

/// <summary>
/// All occurrences of a block by tiles of 2,048 trials and 16,384 event numbers, within a tile by event and then position: for layers that most
/// events cost something. The sums of a tile's trials fit the first-level cache and the losses of its events the second, so that an
/// occurrence costs an addition there and four bytes read in sequence.
/// </summary>
internal sealed class OccurrenceTiles
{
    /// <summary>Trials of a tile: <c>1 &lt;&lt; TrialBits</c>; the lower bits of an entry.</summary>
    public const int TrialBits = 11;

    /// <summary>Event numbers of a tile: <c>1 &lt;&lt; EventBits</c>; the bits above.</summary>
    public const int EventBits = 14;

    private readonly int[] _starts;

    /// <summary>Lays out a block.</summary>
    /// <param name="eventIds">The events, strictly ascending.</param>
    /// <param name="eventStarts">Where each event's occurrences start.</param>
    /// <param name="trials">The trial of each occurrence, grouped by event.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public OccurrenceTiles(long[] eventIds, int[] eventStarts, ushort[] trials)
    {
        Rows = (int)((eventIds[^1] - eventIds[0]) >> EventBits) + 1;
        Columns = (trials.Max() >> TrialBits) + 1;
        _starts = new int[(Rows * Columns) + 1];
        for (int e = 0; e < eventIds.Length; e++)
        {
            int row = (int)((eventIds[e] - eventIds[0]) >> EventBits);
            foreach (ushort trial in trials.AsSpan(eventStarts[e]..eventStarts[e + 1]))
            {
                _starts[(row * Columns) + (trial >> TrialBits) + 1]++;
            }
        }

        for (int tile = 1; tile < _starts.Length; tile++)
        {
            _starts[tile] += _starts[tile - 1];
        }

        int[] cursors = _starts[..^1];
        Entries = LargeArray.Uninitialized<uint>(trials.Length);
        for (int e = 0; e < eventIds.Length; e++)
        {
            long number = eventIds[e] - eventIds[0];
            Span<int> ofRow = cursors.AsSpan((int)(number >> EventBits) * Columns, Columns);
            uint ofEvent = (uint)(number & ((1 << EventBits) - 1)) << TrialBits;
            foreach (ushort trial in trials.AsSpan(eventStarts[e]..eventStarts[e + 1]))
            {
                Entries[ofRow[trial >> TrialBits]++] = ofEvent | (uint)(trial & ((1 << TrialBits) - 1));
            }
        }
    }

    /// <summary>Rows of tiles, each of so many event numbers.</summary>
    public int Rows { get; }

    /// <summary>Columns of tiles, each of so many trials.</summary>
    public int Columns { get; }

    /// <summary>The event number and the trial of each occurrence, both within the tile; tile after tile, row by row.</summary>
    public uint[] Entries { get; }

    /// <summary>Index of a tile's first entry.</summary>
    public int StartOf(int row, int column) => _starts[(row * Columns) + column];
}
