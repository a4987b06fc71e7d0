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
}
