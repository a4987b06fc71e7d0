namespace RiskDurable.Kernel.Metrics;

/// <summary>The three columns of a node's year loss table (YLT), in one currency; a view over the caller's memory.</summary>
public readonly ref struct NodeYearLosses
{
    private NodeYearLosses(YearLosses aggregate, YearLosses maxOccurrence, YearLosses reinstatementPremium)
    {
        Aggregate = aggregate;
        MaxOccurrence = maxOccurrence;
        ReinstatementPremium = reinstatementPremium;
    }

    /// <summary>Loss of the year: all occurrences together. May be negative.</summary>
    public YearLosses Aggregate { get; }

    /// <summary>Largest occurrence of the year, 0 when there is none.</summary>
    public YearLosses MaxOccurrence { get; }

    /// <summary>Reinstatement premium of the year.</summary>
    public YearLosses ReinstatementPremium { get; }

    /// <summary>Columns with one entry for every trial.</summary>
    /// <exception cref="ArgumentException">There is no trial, the columns differ in length, or an amount is NaN or infinite.</exception>
    public static NodeYearLosses Dense(
        ReadOnlySpan<double> aggregate, ReadOnlySpan<double> maxOccurrence, ReadOnlySpan<double> reinstatementPremium)
    {
        YearLosses losses = YearLosses.Dense(aggregate);
        return new NodeYearLosses(losses, losses.With(maxOccurrence), losses.With(reinstatementPremium));
    }

    /// <summary>Columns of the listed trials; all others are years of zeros.</summary>
    /// <param name="trials">Zero-based trials, strictly ascending, shared by the columns.</param>
    /// <param name="aggregate">Aggregate loss of each listed trial.</param>
    /// <param name="maxOccurrence">Largest occurrence of each listed trial.</param>
    /// <param name="reinstatementPremium">Reinstatement premium of each listed trial.</param>
    /// <param name="trialCount">Number of trials, at least 1.</param>
    /// <exception cref="ArgumentException">The lengths differ, the trials do not ascend or lie outside the range, or an amount is
    /// NaN or infinite.</exception>
    public static NodeYearLosses Sparse(
        ReadOnlySpan<int> trials,
        ReadOnlySpan<double> aggregate,
        ReadOnlySpan<double> maxOccurrence,
        ReadOnlySpan<double> reinstatementPremium,
        int trialCount)
    {
        YearLosses losses = YearLosses.Sparse(trials, aggregate, trialCount);
        return new NodeYearLosses(losses, losses.With(maxOccurrence), losses.With(reinstatementPremium));
    }
}
