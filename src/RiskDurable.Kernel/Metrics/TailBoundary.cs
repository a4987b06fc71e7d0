namespace RiskDurable.Kernel.Metrics;

/// <summary>
/// Weights by the parent's loss, before division by k. By rank they are 1 up to k - 2, 1 + a for k - 1 and 1 - a for k; equal
/// losses get the mean of their ranks' weights. So a loss above both boundary losses weighs 1, one below both weighs 0.
/// </summary>
/// <param name="UpperLoss">Loss of rank k - 1; that of rank k when a = 0 or both are equal.</param>
/// <param name="UpperWeight">Weight of each trial with the upper loss.</param>
/// <param name="LowerLoss">Loss of rank k.</param>
/// <param name="LowerWeight">Weight of each trial with the lower loss.</param>
internal readonly record struct TailBoundary(double UpperLoss, double UpperWeight, double LowerLoss, double LowerWeight)
{
    /// <summary>The boundary of a tail.</summary>
    public static TailBoundary Of(in ExceedanceCurve curve, in YearLosses parent, TailRank tail)
    {
        int k = tail.Rank;
        double a = tail.Fraction;
        double lower = curve.LossAtRank(k);
        double upper = a == 0 ? lower : curve.LossAtRank(k - 1);
        (int aboveLower, int atLower) = Count(curve, parent, lower);
        if (upper == lower)
        {
            // 1 + a and 1 - a fall into one group, whose ranks up to k then have k - aboveLower in total.
            double shared = (double)(k - aboveLower) / atLower;
            return new TailBoundary(lower, shared, lower, shared);
        }

        // Ranks up to k - 1 end the upper group, rank k begins the lower one.
        (_, int atUpper) = Count(curve, parent, upper);
        return new TailBoundary(upper, 1 + (a / atUpper), lower, (1 - a) / atLower);
    }

    /// <summary>
    /// The boundary of a tail of weighted trials: the factors by which the trials' own weights count. By rank the weights are w_j up to
    /// k - 2, w_(k-1) + a w_k for k - 1 and (1 - a) w_k for k; equal losses share what their ranks have in proportion to their weights.
    /// </summary>
    public static TailBoundary Of(in WeightedCurve curve, in YearLosses parent, TrialWeights weights, in WeightedTail tail)
    {
        double lower = curve.LossAtRank(tail.Rank);
        double upper = tail.Fraction == 0 ? lower : curve.LossAtRank(tail.Rank - 1);
        (double aboveLower, double atLower) = Weigh(parent, weights, lower);
        if (upper == lower)
        {
            double shared = (tail.CumulativeWeight - aboveLower) / atLower;
            return new TailBoundary(lower, shared, lower, shared);
        }

        (_, double atUpper) = Weigh(parent, weights, upper);
        return new TailBoundary(upper, 1 + (tail.Fraction * tail.Weight / atUpper), lower, (1 - tail.Fraction) * tail.Weight / atLower);
    }

    /// <summary>The weight of a trial by its loss.</summary>
    public double WeightOf(double loss) =>
        loss > UpperLoss ? 1
        : loss == UpperLoss ? UpperWeight
        : loss == LowerLoss ? LowerWeight
        : 0;

    private static (int Above, int Equal) Count(in ExceedanceCurve curve, in YearLosses parent, double loss)
    {
        int above = 0, equal = 0;
        foreach (double amount in parent.Amounts)
        {
            above += amount > loss ? 1 : 0;
            equal += amount == loss ? 1 : 0;
        }

        if (loss == 0)
        {
            return (above, curve.ZeroCount);
        }

        return loss > 0 ? (above, equal) : (above + parent.TrialCount - parent.Amounts.Length, equal);
    }

    private static (double Above, double Equal) Weigh(in YearLosses parent, TrialWeights weights, double loss)
    {
        double above = 0, equal = 0, listed = 0;
        for (int i = 0; i < parent.Amounts.Length; i++)
        {
            double amount = parent.Amounts[i];
            double weight = weights.Values[parent.IsDense ? i : parent.Trials[i]];
            above += amount > loss ? weight : 0;
            equal += amount == loss ? weight : 0;
            listed += amount == 0 ? 0 : weight;
        }

        // Trials that are not listed have a loss of 0; listed zeros and others are weighed as one, for either form to give the same.
        double zeros = Math.Max(weights.Total - listed, 0);
        return loss == 0 ? (above, zeros)
            : loss > 0 ? (above, equal)
            : (AboveZeros(parent, weights, loss) + zeros, equal);
    }

    private static double AboveZeros(in YearLosses parent, TrialWeights weights, double loss)
    {
        double above = 0;
        for (int i = 0; i < parent.Amounts.Length; i++)
        {
            double amount = parent.Amounts[i];
            above += amount > loss && amount != 0 ? weights.Values[parent.IsDense ? i : parent.Trials[i]] : 0;
        }

        return above;
    }
}
