namespace RiskDurable.Kernel;

/// <summary>A year's retention and limit, applied to the year's layered losses in order of time (docs/kernel.md, section 2).</summary>
internal static class AggregateTerms
{
    // Closer to a bound than this share of it, the sum over (event, position) and the sum in order of time may fall on different
    // sides of the bound; there the fold in order of time decides.
    private const double Near = 1 - EventSubject.CancellationShare;

    /// <summary>What a year's total, added in whatever order, says about its aggregate terms.</summary>
    public enum Effect
    {
        /// <summary>They cannot bind: every layered loss is paid in full, and order does not matter.</summary>
        None,

        /// <summary>The retention keeps everything.</summary>
        NothingPaid,

        /// <summary>They may bind: the losses must be folded in order of time.</summary>
        Ordered,
    }

    public static Effect EffectOn(double total, LayerTerms terms)
    {
        if (terms.AggregateRetention > 0)
        {
            return total <= terms.AggregateRetention * Near ? Effect.NothingPaid : Effect.Ordered;
        }

        return total <= terms.AggregateLimit * Near ? Effect.None : Effect.Ordered;
    }

    /// <summary>Whether no total can make the terms bind.</summary>
    public static bool NeverBind(LayerTerms terms) => terms.AggregateRetention == 0 && double.IsPositiveInfinity(terms.AggregateLimit);

    /// <summary>The same as <see cref="Fold"/>, without the recoveries: stops where the limit is used up.</summary>
    /// <param name="losses">l_d of one trial, at least 0.</param>
    /// <param name="terms">The layer's terms.</param>
    public static (double Total, double Largest) FoldYear<TLosses>(TLosses losses, LayerTerms terms)
        where TLosses : struct, ITrialLosses, allows ref struct
    {
        double retention = terms.AggregateRetention;
        double limit = terms.AggregateLimit;
        double layered = 0;
        double paid = 0;
        double largest = 0;
        int i = 0;
        for (; i < losses.Count && layered < retention; i++)
        {
            double kept = retention - layered;
            layered += losses.At(i);
            if (losses.At(i) > kept)
            {
                double excess = losses.At(i) - kept;
                double left = limit - paid;
                largest = Math.Max(largest, Math.Min(excess, left));
                paid = excess >= left ? limit : paid + excess;
            }
        }

        for (; i < losses.Count; i++)
        {
            double loss = losses.At(i);
            double left = limit - paid;
            if (loss >= left)
            {
                return (limit, double.MaxNative(largest, left));
            }

            largest = double.MaxNative(largest, loss);
            paid += loss;
        }

        return (paid, largest);
    }

    /// <summary>Turns l_d into r_d in place, in order of time.</summary>
    /// <param name="losses">l_d of one trial; r_d afterwards.</param>
    /// <param name="terms">The layer's terms.</param>
    /// <returns>The year's total A_D, exactly the aggregate limit when that was reached, and the largest r_d.</returns>
    public static (double Total, double Largest) Fold(Span<double> losses, LayerTerms terms)
    {
        double retention = terms.AggregateRetention;
        double limit = terms.AggregateLimit;
        double layered = 0;
        double paid = 0;
        double largest = 0;
        for (int i = 0; i < losses.Length; i++)
        {
            double loss = losses[i];
            double excess = layered >= retention ? loss : Math.Max(loss - (retention - layered), 0);
            layered += loss;
            double left = limit - paid;
            double recovery = Math.Min(excess, left);
            paid = excess >= left ? limit : paid + recovery;
            losses[i] = recovery;
            largest = Math.Max(largest, recovery);
        }

        return (paid, largest);
    }
}

/// <summary>Losses of one trial in order of time, wherever they come from.</summary>
internal interface ITrialLosses
{
    int Count { get; }

    double At(int index);
}

/// <summary>Losses that lie side by side.</summary>
internal readonly ref struct ListedLosses(ReadOnlySpan<double> losses) : ITrialLosses
{
    private readonly ReadOnlySpan<double> _losses = losses;

    public int Count => _losses.Length;

    public double At(int index) => _losses[index];
}

/// <summary>Losses looked up by the event of each occurrence.</summary>
/// <param name="table">Loss by event number.</param>
/// <param name="events">Event number of each occurrence of the trial.</param>
internal readonly ref struct LookedUpLosses(ReadOnlySpan<double> table, ReadOnlySpan<int> events) : ITrialLosses
{
    private readonly ReadOnlySpan<double> _table = table;
    private readonly ReadOnlySpan<int> _events = events;

    public int Count => _events.Length;

    public double At(int index) => _table[_events[index]];
}
