using System.Runtime.InteropServices;

namespace RiskDurable.Kernel;

/// <summary>
/// Collects the rows of one trial block after another in the order of the file, puts them in time order and indexes them by event. Keeps its
/// memory from block to block: the first use of fresh memory costs more than indexing.
/// </summary>
/// <param name="firstTrial">Zero-based number of the first trial.</param>
/// <param name="trialCount">Number of trials, at least 1.</param>
/// <param name="hasUniforms">Whether the YET gives a uniform z with each row.</param>
public sealed class TrialBlockBuilder(int firstTrial, int trialCount, bool hasUniforms)
{
    private const int RadixBits = 11;
    private const int Buckets = 1 << RadixBits;

    private int[] _trials = [];
    private long[] _events = [];
    private double[] _days = [];
    private double[] _uniforms = [];
    private int _trialCount = trialCount;
    private bool _isInOrder = true;
    private int _lastTrial = -1;
    private double _lastDay;

    /// <summary>Zero-based number of the first trial.</summary>
    public int FirstTrial { get; private set; } = firstTrial;

    /// <summary>Number of rows added.</summary>
    public int Count { get; private set; }

    /// <summary>Starts over with another block of the same YET.</summary>
    /// <param name="firstTrial">Zero-based number of the first trial.</param>
    /// <param name="trialCount">Number of trials, at least 1.</param>
    public void Begin(int firstTrial, int trialCount)
    {
        (FirstTrial, _trialCount) = (firstTrial, trialCount);
        Clear();
    }

    /// <summary>Adds rows in the order of the file.</summary>
    /// <param name="trials">Zero-based trial numbers in the YET, all within this block.</param>
    /// <param name="eventIds">Event ids.</param>
    /// <param name="days">Days, finite.</param>
    /// <param name="uniforms">Uniform z of each row; empty when the YET has none.</param>
    /// <exception cref="ArgumentException">A trial lies outside the block, or the columns differ in length.</exception>
    public void Add(ReadOnlySpan<int> trials, ReadOnlySpan<long> eventIds, ReadOnlySpan<double> days, ReadOnlySpan<double> uniforms)
    {
        if (eventIds.Length != trials.Length || days.Length != trials.Length || uniforms.Length != (hasUniforms ? trials.Length : 0))
        {
            throw new ArgumentException("The columns differ in length.", nameof(eventIds));
        }

        int count = Count + trials.Length;
        if (count > _trials.Length)
        {
            int capacity = (int)Math.Min(Math.Max(Math.Max(count, 1024), _trials.Length * 2L), Array.MaxLength);
            Grow(ref _trials, capacity);
            Grow(ref _events, capacity);
            Grow(ref _days, capacity);
            Grow(ref _uniforms, hasUniforms ? capacity : 0);
        }

        for (int i = 0; i < trials.Length; i++)
        {
            int trial = trials[i] - FirstTrial;
            if ((uint)trial >= (uint)_trialCount)
            {
                throw new ArgumentException($"Trial {trials[i]} lies outside the block of {_trialCount} trials from {FirstTrial}.", nameof(trials));
            }

            _trials[Count + i] = trial;
            _isInOrder &= trial > _lastTrial || (trial == _lastTrial && days[i] >= _lastDay);
            (_lastTrial, _lastDay) = (trial, days[i]);
        }

        eventIds.CopyTo(_events.AsSpan(Count));
        days.CopyTo(_days.AsSpan(Count));
        uniforms.CopyTo(_uniforms.AsSpan(hasUniforms ? Count : 0));
        Count = count;
    }

    /// <summary>Orders by trial, then day, then position in the file, and groups by event. There are no rows left afterwards.</summary>
    public TrialBlock Build()
    {
        int[]? order = OrderOfTime();
        double[]? uniforms = hasUniforms ? InOrder(_uniforms, order) : null;
        int[] trialStarts = new int[_trialCount + 1];
        for (int row = 0; row < Count;)
        {
            int trial = _trials[row];
            int first = row++;
            while (row < Count && _trials[row] == trial)
            {
                row++;
            }

            trialStarts[trial + 1] += row - first;
        }

        for (int trial = 0; trial < _trialCount; trial++)
        {
            trialStarts[trial + 1] += trialStarts[trial];
        }

        // Days have done their work.
        Span<ulong> work = MemoryMarshal.Cast<double, ulong>(_days.AsSpan(0, Count));
        ReadOnlySpan<long> inPlace = _events.AsSpan(0, Count);
        TrialBlock block;
        if (EventOrder.TryOf(order is null ? inPlace : InOrder(_events, order), trialStarts, work) is { } byEvent)
        {
            block = new TrialBlock(FirstTrial, trialStarts, byEvent, uniforms);
        }
        else
        {
            long[] events = InOrder(_events, order);
            int[] positions = SortByEvent(events);
            block = GroupByEvent(FirstTrial, trialStarts, events, positions, uniforms);
        }

        Clear();
        return block;
    }

    private void Clear() => (Count, _isInOrder, _lastTrial) = (0, true, -1);

    private void Grow<T>(ref T[] column, int capacity)
        where T : unmanaged
    {
        T[] larger = LargeArray.Uninitialized<T>(capacity);
        column.AsSpan(0, Math.Min(Count, capacity)).CopyTo(larger);
        column = larger;
    }

    private T[] InOrder<T>(T[] column, int[]? order)
    {
        T[] ordered = new T[Count];
        if (order is null)
        {
            column.AsSpan(0, Count).CopyTo(ordered);
            return ordered;
        }

        for (int position = 0; position < ordered.Length; position++)
        {
            ordered[position] = column[order[position]];
        }

        return ordered;
    }

    /// <summary>Row numbers in time order, or null where the rows are in that order already, as they are in most files.</summary>
    private int[]? OrderOfTime()
    {
        if (_isInOrder)
        {
            return null;
        }

        int[] order = new int[Count];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        order.AsSpan().Sort((a, b) =>
        {
            int byTrial = _trials[a].CompareTo(_trials[b]);
            int byDay = byTrial != 0 ? byTrial : _days[a].CompareTo(_days[b]);
            return byDay != 0 ? byDay : a.CompareTo(b);
        });
        return order;
    }

    /// <summary>
    /// Positions ordered by event id, those of one event ascending, for ids of any range: a least-significant-digit radix sort, which is stable, over as
    /// many digits as the range of the ids has. Sorts <paramref name="events"/> along.
    /// </summary>
    private static int[] SortByEvent(long[] events)
    {
        int[] positions = new int[events.Length];
        for (int i = 0; i < positions.Length; i++)
        {
            positions[i] = i;
        }

        if (events.Length == 0)
        {
            return positions;
        }

        long smallest = long.MaxValue;
        long largest = long.MinValue;
        foreach (long id in events)
        {
            smallest = Math.Min(smallest, id);
            largest = Math.Max(largest, id);
        }

        // Unsigned difference: right even where the ids span more than half of the 64-bit range.
        ulong range = unchecked((ulong)largest - (ulong)smallest);
        long[] events2 = new long[events.Length];
        int[] positions2 = new int[events.Length];
        long[] fromEvents = events;
        int[] fromPositions = positions;
        int[] starts = new int[Buckets];
        for (int shift = 0; shift < 64 && (range >> shift) != 0; shift += RadixBits)
        {
            Array.Clear(starts);
            foreach (long id in fromEvents)
            {
                starts[Digit(id, smallest, shift)]++;
            }

            int sum = 0;
            for (int digit = 0; digit < Buckets; digit++)
            {
                (starts[digit], sum) = (sum, sum + starts[digit]);
            }

            for (int i = 0; i < fromEvents.Length; i++)
            {
                int to = starts[Digit(fromEvents[i], smallest, shift)]++;
                events2[to] = fromEvents[i];
                positions2[to] = fromPositions[i];
            }

            (fromEvents, events2) = (events2, fromEvents);
            (fromPositions, positions2) = (positions2, fromPositions);
        }

        if (!ReferenceEquals(fromEvents, events))
        {
            fromEvents.CopyTo(events, 0);
        }

        return fromPositions;
    }

    private static int Digit(long id, long smallest, int shift) => (int)(unchecked((ulong)id - (ulong)smallest) >> shift) & (Buckets - 1);

    private static TrialBlock GroupByEvent(int firstTrial, int[] trialStarts, long[] sortedEvents, int[] positions, double[]? uniforms)
    {
        int distinct = sortedEvents.Length == 0 ? 0 : 1;
        for (int i = 1; i < sortedEvents.Length; i++)
        {
            distinct += sortedEvents[i] == sortedEvents[i - 1] ? 0 : 1;
        }

        long[] eventIds = new long[distinct];
        int[] eventStarts = new int[distinct + 1];
        int next = 0;
        for (int i = 0; i < sortedEvents.Length; i++)
        {
            if (i == 0 || sortedEvents[i] != sortedEvents[i - 1])
            {
                eventIds[next] = sortedEvents[i];
                eventStarts[next++] = i;
            }
        }

        eventStarts[distinct] = sortedEvents.Length;
        return new TrialBlock(firstTrial, trialStarts, eventIds, eventStarts, positions, uniforms);
    }
}
