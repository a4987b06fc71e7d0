namespace RiskDurable.Reference;

/// <summary>What one layer does in one trial, at 100 % and in its deal's currency.</summary>
/// <param name="Recoveries">r_d, one per occurrence of the trial in time order.</param>
/// <param name="Bounds">How far rounding alone can move each r_d in another sound implementation.</param>
/// <param name="Aggregate">A_D, the last running total.</param>
/// <param name="AggregateBound">How far rounding alone can move A_D.</param>
public sealed record LayerYear(double[] Recoveries, double[] Bounds, double Aggregate, double AggregateBound)
{
    /// <summary>A subject loss at or below this share of its absolute terms is nothing.</summary>
    private const double Cancelled = 1.0 / (1L << 40);

    /// <summary>
    /// Folds the subject losses of one trial through the layer's terms, occurrence after occurrence.
    /// </summary>
    /// <param name="layer">The terms.</param>
    /// <param name="subject">s_d, one per occurrence in time order.</param>
    /// <param name="absolute">The sum of the absolute terms of each s_d.</param>
    /// <param name="bounds">How far rounding can have moved each s_d; null for not at all.</param>
    public static LayerYear Fold(Layer layer, IReadOnlyList<double> subject, IReadOnlyList<double> absolute, IReadOnlyList<double>? bounds = null)
    {
        double aggregateLimit = layer.EffectiveAggregateLimit;
        var recoveries = new double[subject.Count];
        double c = 0;
        double a = 0;
        for (int d = 0; d < subject.Count; d++)
        {
            double l = OccurrenceLoss(layer, subject[d], absolute[d]);
            double e = c >= layer.AggregateRetention ? l : Math.Max(l - (layer.AggregateRetention - c), 0);
            c += l;
            if (e < aggregateLimit - a)
            {
                recoveries[d] = e;
                a += e;
            }
            else
            {
                recoveries[d] = aggregateLimit - a;
                a = aggregateLimit;
            }
        }

        (double[] recoveryBounds, double aggregateBound) = RoundingBounds.OfLayer(layer, subject, absolute, bounds ?? new double[subject.Count]);
        return new LayerYear(recoveries, recoveryBounds, a, aggregateBound);
    }

    /// <summary>One loss after another, none of them a difference of larger ones.</summary>
    public static LayerYear Fold(Layer layer, params double[] subject) => Fold(layer, subject, [.. subject.Select(Math.Abs)]);

    /// <summary>l_d: franchise, occurrence retention and occurrence limit.</summary>
    public static double OccurrenceLoss(Layer layer, double subject, double absolute)
    {
        double x = subject <= Cancelled * absolute ? 0 : subject;
        if (x < layer.Franchise)
        {
            x = 0;
        }

        return Math.Min(Math.Max(x - layer.OccurrenceRetention, 0), layer.EffectiveOccurrenceLimit);
    }

    /// <summary>The reinstatement premium of a year whose recoveries sum to <paramref name="aggregate"/>, pro rata as to amount.</summary>
    public static double ReinstatementPremium(Layer layer, double aggregate)
    {
        double limit = layer.EffectiveOccurrenceLimit;
        double sum = 0;
        int k = 1;
        foreach (Reinstatement reinstatement in layer.Reinstatements)
        {
            for (int i = 0; i < reinstatement.Count; i++, k++)
            {
                sum += reinstatement.Rate * Math.Min(Math.Max(aggregate - ((k - 1) * limit), 0), limit) / limit;
            }
        }

        return layer.Premium * sum;
    }
}
