using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace RiskDurable.Kernel;

/// <summary>
/// What a simulation reads of a trial block: where an event's occurrences are, and the trial of each. Trials take two bytes wherever
/// the block has no more than 65,536 of them; where event ids are dense enough, an event is found by its id at once and not by search.
/// </summary>
internal sealed class OccurrenceIndex
{
    // A table by id may have so many entries for one event of the block; beyond that it would be mostly holes.
    private const int MostIdsAnEvent = 8;

    private readonly long[] _eventIds;
    private readonly int[] _eventStarts;
    private readonly int[]? _startsById;
    private readonly Lock _lock = new();
    private int[]? _eventNumbers;
    private OccurrenceTiles? _tiles;

    /// <exception cref="ArgumentException">The positions are not a permutation.</exception>
    public OccurrenceIndex(int[] trialStarts, long[] eventIds, int[] eventStarts, int[] positions)
    {
        _eventIds = eventIds;
        _eventStarts = eventStarts;
        if (trialStarts.Length - 1 <= ushort.MaxValue + 1)
        {
            ShortTrials = TrialOfEach(trialStarts, positions, trial => (ushort)trial);
        }
        else
        {
            LongTrials = TrialOfEach(trialStarts, positions, trial => trial);
        }

        _startsById = StartsById(eventIds, eventStarts);
    }

    /// <summary>Wraps an order whose trials are known.</summary>
    public OccurrenceIndex(EventOrder order)
    {
        _eventIds = order.EventIds;
        _eventStarts = order.EventStarts;
        ShortTrials = order.Trials;
        _startsById = StartsById(_eventIds, _eventStarts);
    }

    /// <summary>The trial of each occurrence, grouped by event; null where the block has more than 65,536 trials.</summary>
    public ushort[]? ShortTrials { get; }

    /// <summary>The same in 32 bits, where 16 do not suffice.</summary>
    public int[]? LongTrials { get; }

    /// <summary>Bytes held.</summary>
    public long SizeInBytes =>
        (2L * (ShortTrials?.Length ?? 0))
        + (4L * ((LongTrials?.Length ?? 0) + (_startsById?.Length ?? 0) + (_eventNumbers?.Length ?? 0) + (_tiles?.Entries.Length ?? 0)));

    /// <summary>Bytes that dense layers may add: the event numbers in order of time, and the tiles.</summary>
    public long MostAddedBytes => HasEventNumbers ? 4L * _eventStarts[^1] * (ShortTrials is null ? 1 : 2) : 0;

    /// <summary>Upper bound of <see cref="SizeInBytes"/> and <see cref="MostAddedBytes"/> together.</summary>
    /// <param name="occurrences">Number of occurrences.</param>
    /// <param name="events">Number of different events.</param>
    public static long MostBytes(long occurrences, long events) => (12 * occurrences) + (4 * ((MostIdsAnEvent * events) + 1));

    /// <summary>Whether events can be found by number: their id less the smallest of the block.</summary>
    public bool HasEventNumbers => _startsById is not null;

    /// <summary>Event numbers are below it.</summary>
    public int EventNumberCount => _startsById is null ? 0 : _startsById.Length - 1;

    /// <summary>The event number of each occurrence, by position; made when it is first asked for, as few layers need it.</summary>
    /// <param name="positions">The block's positions.</param>
    public int[] EventNumbers(int[] positions)
    {
        lock (_lock)
        {
            if (_eventNumbers is null)
            {
                int[] numbers = LargeArray.Uninitialized<int>(positions.Length);
                for (int e = 0; e < _eventIds.Length; e++)
                {
                    int number = (int)(_eventIds[e] - _eventIds[0]);
                    foreach (int position in positions.AsSpan(_eventStarts[e].._eventStarts[e + 1]))
                    {
                        numbers[position] = number;
                    }
                }

                _eventNumbers = numbers;
            }

            return _eventNumbers;
        }
    }

    /// <summary>All occurrences by tiles of events and trials, or null where events have no number or trials take four bytes; made when first asked for.</summary>
    public OccurrenceTiles? Tiles()
    {
        if (!HasEventNumbers || ShortTrials is null)
        {
            return null;
        }

        lock (_lock)
        {
            return _tiles ??= new OccurrenceTiles(_eventIds, _eventStarts, ShortTrials);
        }
    }

    /// <summary>Occurrences of an event number.</summary>
    public int CountOf(int eventNumber) => _startsById![eventNumber + 1] - _startsById[eventNumber];

    public int TrialOf(int index) => ShortTrials is null ? LongTrials![index] : ShortTrials[index];

    /// <summary>
    /// Lists the events that have a loss and occur in the block: where their occurrences start, how many there are, and the loss of each.
    /// </summary>
    /// <param name="ids">Event ids, strictly ascending.</param>
    /// <param name="losses">Loss of each, at least 0.</param>
    /// <param name="runs">Receives the list.</param>
    public void Match(ReadOnlySpan<long> ids, ReadOnlySpan<double> losses, OccurrenceRuns runs)
    {
        runs.Begin(ids.Length);
        if (_startsById is not null)
        {
            MatchById(ids, losses, runs);
            return;
        }

        var walk = new EventIntersection(ids, _eventIds);
        while (walk.MoveNext())
        {
            if (losses[walk.InTable] > 0)
            {
                runs.Add(_eventStarts[walk.InBlock], _eventStarts[walk.InBlock + 1] - _eventStarts[walk.InBlock], losses[walk.InTable], walk.InTable);
            }
        }

        runs.End();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void MatchById(ReadOnlySpan<long> ids, ReadOnlySpan<double> losses, OccurrenceRuns runs)
    {
        long smallest = _eventIds[0];
        int from = FirstNotBelow(ids, smallest);
        int end = _eventIds[^1] == long.MaxValue ? ids.Length : FirstNotBelow(ids, _eventIds[^1] + 1);
        int count = 0;
        fixed (int* starts = _startsById)
        fixed (long* id = ids)
        fixed (double* loss = losses)
        fixed (int* first = runs.First, length = runs.Length, source = runs.Source)
        fixed (double* found = runs.Loss)
        {
            // Added up and not branched on: most events of a layer may have no loss, and those that have one no occurrence, in no order.
            int candidates = 0;
            for (int i = from; i < end; i++)
            {
                source[candidates] = i;
                candidates += loss[i] > 0 ? 1 : 0;
            }

            for (int candidate = 0; candidate < candidates; candidate++)
            {
                if (Sse.IsSupported)
                {
                    Sse.Prefetch0(starts + (id[source[Math.Min(candidate + OccurrenceRuns.LookAhead, candidates - 1)]] - smallest));
                }

                int row = source[candidate];
                int* start = starts + (id[row] - smallest);
                int occurrences = start[1] - start[0];
                first[count] = start[0];
                length[count] = occurrences;
                found[count] = loss[row];
                source[count] = row;
                count += occurrences > 0 ? 1 : 0;
            }
        }

        runs.End(count);
    }

    /// <summary>Index of the first id that is not below.</summary>
    public static int FirstNotBelow(ReadOnlySpan<long> ids, long id)
    {
        int at = ids.BinarySearch(id);
        return at < 0 ? ~at : at;
    }

    private static T[] TrialOfEach<T>(int[] trialStarts, int[] positions, Func<int, T> convert)
        where T : unmanaged
    {
        // Lent: fresh memory for what is dropped at once would cost more than all that is done with it.
        T[] byPosition = ArrayPool<T>.Shared.Rent(positions.Length);
        for (int trial = 0; trial + 1 < trialStarts.Length; trial++)
        {
            byPosition.AsSpan(trialStarts[trial]..trialStarts[trial + 1]).Fill(convert(trial));
        }

        T[] trials = LargeArray.Uninitialized<T>(positions.Length);
        int words = (positions.Length + 63) >> 6;
        ulong[] seen = ArrayPool<ulong>.Shared.Rent(words);
        seen.AsSpan(0, words).Clear();
        for (int i = 0; i < positions.Length; i++)
        {
            int position = positions[i];
            ulong bit = 1UL << (position & 63);
            if ((uint)position >= (uint)positions.Length || (seen[position >> 6] & bit) != 0)
            {
                throw new ArgumentException("The positions must be a permutation of the occurrences.");
            }

            seen[position >> 6] |= bit;
            trials[i] = byPosition[position];
        }

        ArrayPool<T>.Shared.Return(byPosition);
        ArrayPool<ulong>.Shared.Return(seen);
        return trials;
    }

    private static int[]? StartsById(long[] eventIds, int[] eventStarts)
    {
        if (eventIds.Length == 0 || unchecked((ulong)eventIds[^1] - (ulong)eventIds[0]) / MostIdsAnEvent >= (ulong)eventIds.Length)
        {
            return null;
        }

        long smallest = eventIds[0];
        int[] starts = LargeArray.Uninitialized<int>((int)(eventIds[^1] - smallest) + 2);
        int next = 0;
        for (int e = 0; e < eventIds.Length; e++)
        {
            int at = (int)(eventIds[e] - smallest);
            int start = eventStarts[e];
            while (next <= at)
            {
                starts[next++] = start;
            }
        }

        starts[next] = eventStarts[^1];
        return starts;
    }
}
