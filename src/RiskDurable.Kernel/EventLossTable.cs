namespace RiskDurable.Kernel;

/// <summary>
/// An event loss table (ELT): for each event of a catalogue the expected loss, and optionally how uncertain it is. One entry an
/// event, ascending by event id. Amounts are in the table's own currency.
/// </summary>
public sealed class EventLossTable
{
    /// <summary>Wraps columns of equal length; they are not copied and must not change afterwards.</summary>
    /// <param name="eventIds">Event ids, strictly ascending.</param>
    /// <param name="meanLosses">Expected loss of each event, at least 0, ELT currency.</param>
    /// <param name="uncertainty">Standard deviations and exposures, or null where the table has none.</param>
    /// <exception cref="ArgumentException">The columns differ in length, or the ids are not strictly ascending.</exception>
    public EventLossTable(long[] eventIds, double[] meanLosses, LossUncertainty? uncertainty = null)
    {
        ArgumentNullException.ThrowIfNull(eventIds);
        ArgumentNullException.ThrowIfNull(meanLosses);
        if (meanLosses.Length != eventIds.Length || (uncertainty is not null && uncertainty.Count != eventIds.Length))
        {
            throw new ArgumentException("The columns of an event loss table must have the same length.", nameof(meanLosses));
        }

        for (int i = 1; i < eventIds.Length; i++)
        {
            if (eventIds[i] <= eventIds[i - 1])
            {
                throw new ArgumentException($"Event ids must ascend strictly; {eventIds[i]} follows {eventIds[i - 1]}.", nameof(eventIds));
            }
        }

        EventIds = eventIds;
        MeanLosses = meanLosses;
        Uncertainty = uncertainty;
    }

    /// <summary>Number of events with an entry.</summary>
    public int Count => EventIds.Length;

    /// <summary>Event ids, strictly ascending.</summary>
    public long[] EventIds { get; }

    /// <summary>Expected loss of each event, at least 0, ELT currency.</summary>
    public double[] MeanLosses { get; }

    /// <summary>Standard deviations and exposures, or null where the table has none.</summary>
    public LossUncertainty? Uncertainty { get; }

    /// <summary>Bytes held.</summary>
    public long SizeInBytes => 8L * Count * (Uncertainty is null ? 2 : 5);
}

/// <summary>The columns of an ELT that describe secondary uncertainty, one entry an event, ELT currency.</summary>
/// <param name="SdIndependent">Standard deviation of the part that is independent between ELTs.</param>
/// <param name="SdCorrelated">Standard deviation of the part that all ELTs of an occurrence share.</param>
/// <param name="Exposure">The largest loss possible.</param>
public sealed record LossUncertainty(double[] SdIndependent, double[] SdCorrelated, double[] Exposure)
{
    /// <summary>Number of events.</summary>
    public int Count => SdIndependent.Length == SdCorrelated.Length && SdCorrelated.Length == Exposure.Length
        ? SdIndependent.Length
        : throw new InvalidOperationException("The uncertainty columns differ in length.");
}
