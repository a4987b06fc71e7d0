namespace RiskDurable.Kernel.Metrics;

/// <summary>
/// One amount per trial, dense (every trial given) or sparse (trials that are not listed have 0). Every metric is bit-for-bit
/// the same for both forms. A view: the memory behind it must not change while it is in use.
/// </summary>
public readonly ref struct YearLosses
{
    private YearLosses(ReadOnlySpan<int> trials, ReadOnlySpan<double> amounts, int trialCount, bool isDense)
    {
        Trials = trials;
        Amounts = amounts;
        TrialCount = trialCount;
        IsDense = isDense;
    }

    /// <summary>Number of trials, years without a loss included.</summary>
    public int TrialCount { get; }

    /// <summary>True when <see cref="Amounts"/> holds one entry per trial and <see cref="Trials"/> is empty.</summary>
    public bool IsDense { get; }

    /// <summary>Zero-based trial of each amount, strictly ascending; empty when dense.</summary>
    public ReadOnlySpan<int> Trials { get; }

    /// <summary>Amounts, one currency, finite; zeros and negative amounts are allowed.</summary>
    public ReadOnlySpan<double> Amounts { get; }

    /// <summary>One amount for every trial.</summary>
    /// <param name="amounts">Amounts by trial, finite.</param>
    /// <exception cref="ArgumentException">There is no trial, or an amount is NaN or infinite.</exception>
    public static YearLosses Dense(ReadOnlySpan<double> amounts)
    {
        RequireTrials(amounts.Length);
        RequireFinite(amounts);
        return new YearLosses([], amounts, amounts.Length, isDense: true);
    }

    /// <summary>Amounts of the listed trials, 0 for all others.</summary>
    /// <param name="trials">Zero-based trials, strictly ascending, below <paramref name="trialCount"/>.</param>
    /// <param name="amounts">Amount of each listed trial, finite.</param>
    /// <param name="trialCount">Number of trials, at least 1.</param>
    /// <exception cref="ArgumentException">The lengths differ, the trials do not ascend or lie outside the range, or an amount is
    /// NaN or infinite.</exception>
    public static YearLosses Sparse(ReadOnlySpan<int> trials, ReadOnlySpan<double> amounts, int trialCount)
    {
        RequireTrials(trialCount);
        RequireAscending(trials, trialCount);
        return new YearLosses(trials, [], trialCount, isDense: false).With(amounts);
    }

    /// <summary>Other amounts of the same trials.</summary>
    /// <exception cref="ArgumentException">The number of amounts differs, or one of them is NaN or infinite.</exception>
    internal YearLosses With(ReadOnlySpan<double> amounts)
    {
        int expected = IsDense ? TrialCount : Trials.Length;
        if (amounts.Length != expected)
        {
            throw new ArgumentException(
                $"Expected {expected} amounts, one for each trial given, but there are {amounts.Length}.", nameof(amounts));
        }

        RequireFinite(amounts);
        return new YearLosses(Trials, amounts, TrialCount, IsDense);
    }

    private static void RequireTrials(int trialCount)
    {
        if (trialCount < 1)
        {
            throw new ArgumentException($"Metrics need at least one trial, not {trialCount}.", nameof(trialCount));
        }
    }

    private static void RequireAscending(ReadOnlySpan<int> trials, int trialCount)
    {
        int previous = -1;
        foreach (int trial in trials)
        {
            if (trial <= previous)
            {
                throw new ArgumentException($"Trials must ascend strictly from 0; {trial} follows {previous}.", nameof(trials));
            }

            previous = trial;
        }

        if (previous >= trialCount)
        {
            throw new ArgumentException($"Trial {previous} lies outside 0..{trialCount - 1}.", nameof(trials));
        }
    }

    private static void RequireFinite(ReadOnlySpan<double> amounts)
    {
        // x - x is 0 for every finite x and NaN otherwise, and NaN survives a sum: no branch per amount.
        double even = 0, odd = 0;
        int i = 0;
        for (; i + 1 < amounts.Length; i += 2)
        {
            even += amounts[i] - amounts[i];
            odd += amounts[i + 1] - amounts[i + 1];
        }

        if (i < amounts.Length)
        {
            even += amounts[i] - amounts[i];
        }

        if (!double.IsNaN(even + odd))
        {
            return;
        }

        for (i = 0; double.IsFinite(amounts[i]); i++)
        {
        }

        throw new ArgumentException($"Year losses must be finite numbers; amount {i} (counted from 0) is {amounts[i]}.", nameof(amounts));
    }
}
