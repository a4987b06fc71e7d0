namespace RiskDurable.Kernel.Metrics;

/// <summary>
/// 95 % confidence intervals of a loss at a return period, from order statistics: no assumption on the distribution of losses.
/// Method and source: docs/kernel.md, "Intervals".
/// </summary>
public static class VarInterval
{
    /// <summary>The interval; a side whose rank does not exist is null.</summary>
    /// <param name="curve">A curve that ranks all losses, or deep enough for the lower end.</param>
    /// <param name="returnPeriod">Years, 1 to N.</param>
    /// <exception cref="ArgumentOutOfRangeException">The return period is below 1 or above N, or the curve does not hold a rank
    /// needed.</exception>
    public static LossInterval At(in ExceedanceCurve curve, double returnPeriod)
    {
        TailRank at = curve.Find(returnPeriod);
        return Between(curve, BinomialRanks.For(curve.TrialCount, at.ReturnPeriod));
    }

    /// <summary>The losses of two ranks; null for rank 0.</summary>
    internal static LossInterval Between(in ExceedanceCurve curve, BinomialRanks ranks) => new(
        ranks.Lower == 0 ? null : curve.LossAtRank(ranks.Lower),
        ranks.Upper == 0 ? null : curve.LossAtRank(ranks.Upper));
}
