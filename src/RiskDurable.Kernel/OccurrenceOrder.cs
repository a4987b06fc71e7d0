using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace RiskDurable.Kernel;

/// <summary>
/// Puts the occurrences of event runs in order of time. Many of them are dealt out by position into parts of 32,768 occurrences each: within a
/// part, bits say which occurrences are there, and the number of bits before an occurrence's own is its place. Few are sorted digit by digit.
/// Work arrays, kept between layers.
/// </summary>
internal sealed class OccurrenceOrder
{
    private const int PartBits = 15;
    private const int PartLength = 1 << PartBits;

    // Two lists of so many entries fit the second-level cache.
    private const int MostSorted = 1 << 15;
    private const int DigitBits = 8;
    private const int Digits = 1 << DigitBits;

    // An entry is the number of a loss, a run's or an occurrence's own, above a position. Entries lie in chunks, a part's chunks chained in the
    // order in which they were filled. Chunks are a line further apart than they are long: were they apart by a power of two, the ends of all
    // parts would compete for the same few lines of the cache.
    private const int ChunkBits = 8;
    private const int ChunkLength = 1 << ChunkBits;
    private const int ChunkGap = 8;

    // Entries by which what comes next is asked for ahead.
    private const int ReadAhead = 64;

    // The number of the loss goes up by this much from occurrence to occurrence of a run.
    private const ulong OneLossARun = 0;
    private const ulong OneLossAnOccurrence = 1UL << 32;

    private readonly OccurrenceRuns _list = new();
    private readonly ulong[] _there = new ulong[PartLength / 64];
    private readonly int[] _before = new int[(PartLength / 64) + 1];
    private ulong[] _entries = [];
    private ulong[] _sorted = [];
    private int[] _nextChunk = [];
    private int[] _cursors = [];
    private int[] _firstChunks = [];
    private int[] _counts = [];
    private int _chunks;
    private int _parts;
    private int _sortedCount;

    /// <summary>Number of lists that together hold all occurrences in order of time: parts of the block, or the whole of it.</summary>
    public int Lists { get; private set; }

    /// <summary>Starts over with the occurrences of the runs: the loss of each is that of its run.</summary>
    /// <param name="block">The trials.</param>
    /// <param name="runs">The runs.</param>
    public void Deal(TrialBlock block, OccurrenceRuns runs) => Deal(block.Positions, block.OccurrenceCount, runs, OneLossARun);

    /// <summary>Starts over with occurrences one by one: the loss of each is that at its own index.</summary>
    /// <param name="block">The trials.</param>
    /// <param name="positions">Different positions in the block, in any order.</param>
    /// <param name="count">Number of occurrences, the first ones.</param>
    public void Deal(TrialBlock block, int[] positions, int count)
    {
        _list.Begin(1);
        _list.Add(0, count, 0, 0);
        _list.End();
        Deal(positions, block.OccurrenceCount, _list, OneLossAnOccurrence);
    }

    private void Deal(int[] positions, int occurrences, OccurrenceRuns runs, ulong step)
    {
        if (runs.Hits <= MostSorted)
        {
            Lists = 1;
            _parts = 0;
            Sort(positions, occurrences, runs, step);
            return;
        }

        BeginParts(occurrences, runs.Hits);
        DealParts(positions, runs, step);
        for (int part = 0; part < _parts; part++)
        {
            _counts[part] += _cursors[part] & (ChunkLength - 1);
        }

        Lists = _parts;
    }

    /// <summary>Occurrences of a list.</summary>
    public int CountOf(int list) => _parts == 0 ? _sortedCount : _counts[list];

    /// <summary>The position behind the last that may be in a list.</summary>
    public long EndOf(int list) => _parts == 0 ? long.MaxValue : (list + 1L) << PartBits;

    /// <summary>Writes the losses of a list in order of time.</summary>
    /// <param name="list">Number of the list.</param>
    /// <param name="lossOf">The losses of the runs, or of the occurrences, that were dealt.</param>
    /// <param name="losses">Receives the loss of each occurrence.</param>
    public void WriteLosses(int list, ReadOnlySpan<double> lossOf, Span<double> losses)
    {
        if (_parts == 0)
        {
            for (int i = 0; i < _sortedCount; i++)
            {
                losses[i] = lossOf[(int)(_sorted[i] >> 32)];
            }

            return;
        }

        MarkPart(list, lossOf);
        PlacePart(list, lossOf, losses, default);
    }

    /// <summary>Writes the positions and losses of a list in order of time.</summary>
    /// <param name="list">Number of the list.</param>
    /// <param name="lossOf">The losses of the runs, or of the occurrences, that were dealt.</param>
    /// <param name="positions">Receives positions in the block, ascending.</param>
    /// <param name="losses">Receives the loss of each.</param>
    public void Write(int list, ReadOnlySpan<double> lossOf, Span<int> positions, Span<double> losses)
    {
        if (_parts == 0)
        {
            for (int i = 0; i < _sortedCount; i++)
            {
                positions[i] = (int)(uint)_sorted[i];
            }

            WriteLosses(list, lossOf, losses);
            return;
        }

        MarkPart(list, lossOf);
        PlacePart(list, lossOf, losses, positions);
    }

    /// <summary>Occurrences before a position in the list that was written last.</summary>
    /// <param name="list">The list.</param>
    /// <param name="position">A position in the block, not before the list's first and not behind its end.</param>
    /// <param name="from">A number of occurrences that certainly are before it.</param>
    public int CountBefore(int list, int position, int from)
    {
        if (_parts == 0)
        {
            while (from < _sortedCount && (int)(uint)_sorted[from] < position)
            {
                from++;
            }

            return from;
        }

        int local = position - (list << PartBits);
        return local == PartLength
            ? _counts[list]
            : _before[local >> 6] + BitOperations.PopCount(_there[local >> 6] & ((1UL << local) - 1));
    }

    private void BeginParts(int occurrences, long hits)
    {
        _parts = (int)(((long)occurrences + PartLength - 1) >> PartBits);
        if (_cursors.Length < _parts)
        {
            _cursors = new int[_parts];
            _firstChunks = new int[_parts];
            _counts = new int[_parts];
        }

        // Every part wastes less than a chunk, and has one more begun.
        int chunks = checked((int)((hits >> ChunkBits) + (2L * _parts) + 1));
        if (_nextChunk.Length < chunks)
        {
            _nextChunk = new int[chunks];
            _entries = LargeArray.Uninitialized<ulong>(checked(chunks * (ChunkLength + ChunkGap)));
        }

        for (int part = 0; part < _parts; part++)
        {
            _firstChunks[part] = part;
            _cursors[part] = part << ChunkBits;
            _counts[part] = 0;
        }

        _chunks = _parts;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void DealParts(int[] of, OccurrenceRuns runs, ulong step)
    {
        fixed (int* positions = of, first = runs.First, length = runs.Length, cursors = _cursors)
        fixed (ulong* entries = _entries)
        {
            for (int run = 0; run < runs.Count; run++)
            {
                if (Sse.IsSupported)
                {
                    int* ahead = positions + first[run + OccurrenceRuns.LookAhead];
                    Sse.Prefetch0(ahead);
                    Sse.Prefetch0(ahead + length[run + OccurrenceRuns.LookAhead]);
                }

                ulong loss = (ulong)run << 32;
                int* end = positions + first[run] + length[run];
                for (int* at = positions + first[run]; at < end; at++, loss += step)
                {
                    int part = *at >> PartBits;
                    int cursor = cursors[part];
                    entries[PlaceOf(cursor)] = loss | (uint)*at;
                    cursors[part] = (++cursor & (ChunkLength - 1)) == 0 ? NextChunk(part, cursor) : cursor;
                }
            }
        }
    }

    /// <summary>Where an entry lies, from its chunk and its number there.</summary>
    private static nint PlaceOf(int cursor) => cursor + ((nint)(cursor >> ChunkBits) * ChunkGap);

    private int NextChunk(int part, int filledTo)
    {
        _nextChunk[(filledTo >> ChunkBits) - 1] = _chunks;
        _counts[part] += ChunkLength;
        return _chunks++ << ChunkBits;
    }

    /// <summary>Sets the bits of a part's occurrences, and counts those before each word; their losses are asked for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void MarkPart(int part, ReadOnlySpan<double> lossOf)
    {
        Array.Clear(_there);
        fixed (ulong* entries = _entries, there = _there)
        fixed (double* losses = lossOf)
        {
            int left = _counts[part];
            for (int chunk = _firstChunks[part]; left > 0; chunk = _nextChunk[chunk])
            {
                ulong* entry = entries + PlaceOf(chunk << ChunkBits);
                ulong* end = entry + Math.Min(left, ChunkLength);
                left -= ChunkLength;
                for (; entry < end; entry++)
                {
                    if (Sse.IsSupported)
                    {
                        Sse.Prefetch0(entry + ReadAhead);
                        Sse.Prefetch0(losses + (*entry >> 32));
                    }

                    int local = (int)*entry & (PartLength - 1);
                    there[local >> 6] |= 1UL << local;
                }
            }
        }

        int before = 0;
        for (int word = 0; word < _there.Length; word++)
        {
            _before[word] = before;
            before += BitOperations.PopCount(_there[word]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void PlacePart(int part, ReadOnlySpan<double> lossOf, Span<double> losses, Span<int> positions)
    {
        int left = _counts[part];
        bool withPositions = !positions.IsEmpty;
        if (left > losses.Length || (withPositions && left > positions.Length))
        {
            throw new ArgumentException("The list does not fit.", nameof(losses));
        }

        fixed (ulong* entries = _entries, there = _there)
        fixed (int* before = _before, toPositions = positions)
        fixed (double* fromLosses = lossOf, toLosses = losses)
        {
            for (int chunk = _firstChunks[part]; left > 0; chunk = _nextChunk[chunk])
            {
                ulong* entry = entries + PlaceOf(chunk << ChunkBits);
                ulong* end = entry + Math.Min(left, ChunkLength);
                left -= ChunkLength;
                for (; entry < end; entry++)
                {
                    int local = (int)*entry & (PartLength - 1);
                    int place = before[local >> 6] + BitOperations.PopCount(there[local >> 6] & ((1UL << local) - 1));
                    toLosses[place] = fromLosses[*entry >> 32];
                    if (withPositions)
                    {
                        toPositions[place] = (int)(uint)*entry;
                    }
                }
            }
        }
    }

    /// <summary>Sorts all occurrences by position: by the least digit first, each pass keeping what the one before did.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void Sort(int[] of, int occurrences, OccurrenceRuns runs, ulong step)
    {
        int count = _sortedCount = (int)runs.Hits;
        if (_sorted.Length < count || _entries.Length < count)
        {
            _sorted = new ulong[MostSorted];
            _entries = _entries.Length < count ? new ulong[MostSorted] : _entries;
            _nextChunk = [];
        }

        int passes = (BitOperations.Log2((uint)occurrences | 1) / DigitBits) + 1;
        int* counts = stackalloc int[4 * Digits];
        new Span<int>(counts, 4 * Digits).Clear();
        fixed (int* positions = of, first = runs.First, length = runs.Length)
        fixed (ulong* sorted = _sorted, other = _entries)
        {
            ulong* from = (passes & 1) == 0 ? sorted : other;
            ulong* to = (passes & 1) == 0 ? other : sorted;
            ulong* next = from;
            for (int run = 0; run < runs.Count; run++)
            {
                if (Sse.IsSupported)
                {
                    Sse.Prefetch0(positions + first[run + OccurrenceRuns.LookAhead]);
                }

                ulong loss = (ulong)run << 32;
                int* end = positions + first[run] + length[run];
                for (int* at = positions + first[run]; at < end; at++, loss += step)
                {
                    *next++ = loss | (uint)*at;
                    for (int pass = 0; pass < passes; pass++)
                    {
                        counts[(pass << DigitBits) + (byte)(*at >> (pass << 3))]++;
                    }
                }
            }

            for (int pass = 0; pass < passes; pass++)
            {
                int* starts = counts + (pass << DigitBits);
                int shift = pass * DigitBits;
                int sum = 0;
                for (int digit = 0; digit < Digits; digit++)
                {
                    (starts[digit], sum) = (sum, sum + starts[digit]);
                }

                for (int i = 0; i < count; i++)
                {
                    to[starts[(byte)(from[i] >> shift)]++] = from[i];
                }

                ulong* done = to;
                to = from;
                from = done;
            }
        }
    }
}
