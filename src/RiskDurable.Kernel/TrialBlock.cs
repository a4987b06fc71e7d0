namespace RiskDurable.Kernel;

/// <summary>
/// Consecutive trials of a year-event table (YET), indexed by event. The occurrences of the block are numbered 0, 1, ... by trial, and
/// within a trial in order of time: that number is an occurrence's <em>position</em>.
/// </summary>
/// <remarks>
/// Event-major: a layer visits the occurrences of the events that have a loss and no others, so that its cost grows with its hits and
/// not with the length of the YET. Indexing is done once, when the portfolio is packed.
/// </remarks>
public sealed class TrialBlock
{
    /// <summary>Wraps the columns; they are not copied and must not change afterwards.</summary>
    /// <param name="firstTrial">Zero-based number of the first trial.</param>
    /// <param name="trialStarts">Position of each trial's first occurrence, and behind them the number of occurrences.</param>
    /// <param name="eventIds">The events that occur in the block, strictly ascending.</param>
    /// <param name="eventStarts">Where each event's occurrences start in <paramref name="positions"/>, and behind them their number.</param>
    /// <param name="positions">Positions grouped by event, ascending within an event.</param>
    /// <param name="uniforms">The uniform z of each occurrence, by position, or null where the YET has none.</param>
    /// <exception cref="ArgumentException">The columns do not fit together.</exception>
    public TrialBlock(int firstTrial, int[] trialStarts, long[] eventIds, int[] eventStarts, int[] positions, double[]? uniforms = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstTrial);
        ArgumentNullException.ThrowIfNull(trialStarts);
        ArgumentNullException.ThrowIfNull(eventIds);
        ArgumentNullException.ThrowIfNull(eventStarts);
        ArgumentNullException.ThrowIfNull(positions);
        Check(trialStarts.Length >= 2 && IsPartition(trialStarts, positions.Length), "The trial starts do not cover the occurrences.");
        Check(eventStarts.Length == eventIds.Length + 1 && IsPartition(eventStarts, positions.Length), "The event starts do not cover the occurrences.");
        Check(uniforms is null || uniforms.Length == positions.Length, "One uniform an occurrence is needed.");
        for (int i = 1; i < eventIds.Length; i++)
        {
            Check(eventIds[i] > eventIds[i - 1], "Event ids must ascend strictly.");
        }

        FirstTrial = firstTrial;
        TrialStarts = trialStarts;
        EventIds = eventIds;
        EventStarts = eventStarts;
        Positions = positions;
        Uniforms = uniforms;
        Occurrences = new OccurrenceIndex(trialStarts, eventIds, eventStarts, positions);
    }

    /// <summary>Wraps columns that are known to fit together.</summary>
    internal TrialBlock(int firstTrial, int[] trialStarts, EventOrder order, double[]? uniforms)
    {
        FirstTrial = firstTrial;
        TrialStarts = trialStarts;
        EventIds = order.EventIds;
        EventStarts = order.EventStarts;
        Positions = order.Positions;
        Uniforms = uniforms;
        Occurrences = new OccurrenceIndex(order);
    }

    /// <summary>Zero-based number of the block's first trial in the YET.</summary>
    public int FirstTrial { get; }

    /// <summary>Number of trials, years without events included.</summary>
    public int TrialCount => TrialStarts.Length - 1;

    /// <summary>Number of occurrences.</summary>
    public int OccurrenceCount => Positions.Length;

    /// <summary>Position of each trial's first occurrence, and behind them the number of occurrences.</summary>
    public int[] TrialStarts { get; }

    /// <summary>The events that occur in the block, strictly ascending.</summary>
    public long[] EventIds { get; }

    /// <summary>Where each event's occurrences start in <see cref="Positions"/>, and behind them their number.</summary>
    public int[] EventStarts { get; }

    /// <summary>Positions grouped by event, ascending within an event.</summary>
    public int[] Positions { get; }

    /// <summary>The uniform z of each occurrence, by position, or null.</summary>
    public double[]? Uniforms { get; }

    /// <summary>Bytes held.</summary>
    public long SizeInBytes =>
        (4L * (TrialStarts.Length + EventStarts.Length + Positions.Length)) + (8L * (EventIds.Length + (Uniforms?.Length ?? 0))) + Occurrences.SizeInBytes;

    /// <summary>Bytes held once layers of every kind were simulated: dense ones add to a block what they look up.</summary>
    public long MostSizeInBytes => SizeInBytes + Occurrences.MostAddedBytes;

    /// <summary>Upper bound of <see cref="MostSizeInBytes"/> of a block that is not in memory yet.</summary>
    /// <param name="trials">Number of trials.</param>
    /// <param name="occurrences">Number of occurrences.</param>
    /// <param name="events">Number of different events among them.</param>
    public static long MostBytes(long trials, long occurrences, long events) =>
        (4 * (trials + 1 + events + 1 + occurrences)) + (8 * (events + occurrences)) + OccurrenceIndex.MostBytes(occurrences, events);

    /// <summary>What the kernel reads: events to occurrences to trials.</summary>
    internal OccurrenceIndex Occurrences { get; }

    /// <summary>The trial within the block, from 0, of an entry of <see cref="Positions"/>.</summary>
    /// <param name="index">Index in <see cref="Positions"/>.</param>
    public int TrialOf(int index) => Occurrences.TrialOf(index);

    private static bool IsPartition(int[] starts, int count)
    {
        if (starts.Length == 0 || starts[0] != 0 || starts[^1] != count)
        {
            return false;
        }

        for (int i = 1; i < starts.Length; i++)
        {
            if (starts[i] < starts[i - 1])
            {
                return false;
            }
        }

        return true;
    }

    private static void Check(bool holds, string message)
    {
        if (!holds)
        {
            throw new ArgumentException(message);
        }
    }
}
