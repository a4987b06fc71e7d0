using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace RiskDurable.Kernel;

/// <summary>
/// Puts the losses of event runs in order of time: dealt out by position into parts of 65,536 occurrences each, then part by part written
/// to their places, which fit the second-level cache, and read back in order. Work arrays, kept between layers.
/// </summary>
internal sealed class OccurrenceOrder
{
    /// <summary>Positions of a part: <c>1 &lt;&lt; PartBits</c>.</summary>
    public const int PartBits = 16;

    private const int PartLength = 1 << PartBits;
    private const int ChunkBits = 8;
    private const int ChunkLength = 1 << ChunkBits;

    // A loss and its position. Chunks are a line further apart than they are long: were they apart by a power of two, the ends of all
    // parts would compete for the same few lines of the cache.
    private const int EntrySize = sizeof(double) + sizeof(int);
    private const int ChunkSize = (ChunkLength * EntrySize) + 64;

    // Bytes by which the lines that come next are asked for ahead.
    private const int WriteAhead = 128;
    private const int ReadAhead = 512;

    private readonly double[] _places = new double[PartLength];
    private readonly ulong[] _touched = new ulong[PartLength / 64];

    // Entries lie in chunks; a part's chunks are chained in the order in which they were filled.
    private byte[] _entries = [];
    private int[] _nextChunk = [];
    private int[] _cursors = [];
    private int[] _firstChunks = [];
    private int[] _counts = [];
    private int _chunks;

    /// <summary>Parts of the block.</summary>
    public int Parts { get; private set; }

    /// <summary>Deals out the occurrences of the runs.</summary>
    /// <param name="block">The trials.</param>
    /// <param name="runs">The runs.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe void Deal(TrialBlock block, OccurrenceRuns runs)
    {
        Begin(block.OccurrenceCount, runs.Hits);
        fixed (int* positions = block.Positions, first = runs.First, length = runs.Length, cursors = _cursors)
        fixed (double* lossOfRun = runs.Loss)
        fixed (byte* entries = _entries)
        {
            for (int run = 0; run < runs.Count; run++)
            {
                if (Sse.IsSupported)
                {
                    Sse.Prefetch0(positions + first[run + OccurrenceRuns.LookAhead]);
                }

                double loss = lossOfRun[run];
                int* end = positions + first[run] + length[run];
                for (int* at = positions + first[run]; at < end; at++)
                {
                    int part = *at >> PartBits;
                    int cursor = cursors[part];
                    byte* entry = entries + OffsetOf(cursor);
                    *(double*)entry = loss;
                    *(int*)(entry + sizeof(double)) = *at;
                    if (Sse.IsSupported)
                    {
                        Sse.Prefetch0(entry + WriteAhead);
                    }

                    cursors[part] = (++cursor & (ChunkLength - 1)) == 0 ? NextChunk(part, cursor) : cursor;
                }
            }
        }

        EndDeal();
    }

    /// <summary>Occurrences of a part that were dealt.</summary>
    public int CountOf(int part) => _counts[part];

    /// <summary>Writes a part's occurrences in order of time.</summary>
    /// <param name="part">Number of the part, from 0.</param>
    /// <param name="block">The trials.</param>
    /// <param name="positions">Receives positions in the block, ascending.</param>
    /// <param name="losses">Receives the loss of each.</param>
    /// <returns>How many.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe int Drain(int part, TrialBlock block, Span<int> positions, Span<double> losses)
    {
        int count = _counts[part];
        int start = part << PartBits;
        bool everyPlace = count == Math.Min(PartLength, block.OccurrenceCount - start);
        if (count > positions.Length || count > losses.Length)
        {
            throw new ArgumentException("The part does not fit.", nameof(positions));
        }

        fixed (byte* entries = _entries)
        fixed (double* places = _places, sorted = losses)
        fixed (ulong* touched = _touched)
        fixed (int* sortedPositions = positions)
        {
            int left = count;
            for (int chunk = _firstChunks[part]; left > 0; chunk = _nextChunk[chunk])
            {
                byte* entry = entries + OffsetOf(chunk << ChunkBits);
                byte* end = entry + (Math.Min(left, ChunkLength) * EntrySize);
                left -= ChunkLength;
                for (; entry < end; entry += EntrySize)
                {
                    int local = *(int*)(entry + sizeof(double)) & (PartLength - 1);
                    places[local] = *(double*)entry;
                    touched[local >> 6] |= 1UL << local;
                    if (Sse.IsSupported)
                    {
                        Sse.Prefetch0(entry + ReadAhead);
                    }
                }
            }

            if (everyPlace)
            {
                for (int i = 0; i < count; i++)
                {
                    sortedPositions[i] = start + i;
                    sorted[i] = places[i];
                }

                Array.Clear(_touched);
                return count;
            }

            int next = 0;
            for (int word = 0; next < count; word++)
            {
                ulong bits = touched[word];
                if (bits == 0)
                {
                    continue;
                }

                touched[word] = 0;
                int local = word << 6;
                do
                {
                    int place = local + BitOperations.TrailingZeroCount(bits);
                    sortedPositions[next] = start + place;
                    sorted[next++] = places[place];
                    bits &= bits - 1;
                }
                while (bits != 0);
            }
        }

        return count;
    }

    private void Begin(int occurrences, long hits)
    {
        Parts = (int)(((long)occurrences + PartLength - 1) >> PartBits);
        if (_cursors.Length < Parts)
        {
            _cursors = new int[Parts];
            _firstChunks = new int[Parts];
            _counts = new int[Parts];
        }

        // Every part wastes less than a chunk, and has one more begun.
        int chunks = checked((int)((hits >> ChunkBits) + (2L * Parts) + 1));
        if (_nextChunk.Length < chunks)
        {
            _nextChunk = new int[chunks];
            _entries = GC.AllocateUninitializedArray<byte>(checked(chunks * ChunkSize));
        }

        for (int part = 0; part < Parts; part++)
        {
            _firstChunks[part] = part;
            _cursors[part] = part << ChunkBits;
            _counts[part] = 0;
        }

        _chunks = Parts;
    }

    /// <summary>Where an entry begins.</summary>
    /// <param name="cursor">Its chunk and its number there.</param>
    private static nint OffsetOf(int cursor) => ((nint)cursor * EntrySize) + ((nint)(cursor >> ChunkBits) * (ChunkSize - (ChunkLength * EntrySize)));

    private int NextChunk(int part, int filledTo)
    {
        _nextChunk[(filledTo >> ChunkBits) - 1] = _chunks;
        _counts[part] += ChunkLength;
        return _chunks++ << ChunkBits;
    }

    private void EndDeal()
    {
        for (int part = 0; part < Parts; part++)
        {
            _counts[part] += _cursors[part] & (ChunkLength - 1);
        }
    }
}
