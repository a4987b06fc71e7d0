namespace RiskDurable.Kernel.Metrics;

/// <summary>
/// 95 % confidence intervals of a TVaR, from the asymptotic variance of the estimator: the spread of the tail's losses and the
/// uncertainty of where the tail begins (Manistre and Hancock, Variance of the CTE estimator, North American Actuarial Journal
/// 9(2), 2005). Limits of the method: docs/kernel.md, "Intervals".
/// </summary>
public static class TvarInterval
{
    /// <summary>Fewest losses in the tail for which an interval is given.</summary>
    public const int FewestTailLosses = 100;

    private const double NormalQuantile = 1.959963984540054; // of probability 0.975

    /// <summary>The interval; both sides are null when the tail holds fewer than <see cref="FewestTailLosses"/> losses.</summary>
    /// <param name="curve">A curve that ranks the tail.</param>
    /// <param name="returnPeriod">Years, 1 to N.</param>
    /// <exception cref="ArgumentOutOfRangeException">The return period is below 1 or above N, or the curve does not hold its
    /// rank.</exception>
    public static LossInterval At(in ExceedanceCurve curve, double returnPeriod) => At(curve, curve.Find(returnPeriod));

    /// <summary>The interval at a return period whose rank is known.</summary>
    internal static LossInterval At(in ExceedanceCurve curve, TailRank at)
    {
        int tail = at.Rank;
        if (tail < FewestTailLosses)
        {
            return default;
        }

        double tvar = curve.TailValueAtRisk(at);
        double variance = curve.SumOfSquaredDeviations(tail, curve.MeanOfLargest(tail)) / (tail - 1);
        double excess = tvar - curve.ValueAtRisk(at);
        double level = 1 - (1 / at.ReturnPeriod);
        double halfWidth = NormalQuantile * Math.Sqrt((variance + (level * excess * excess)) / tail);
        return new LossInterval(tvar - halfWidth, tvar + halfWidth);
    }
}
