namespace RiskDurable.Kernel.Metrics;

/// <summary>
/// Where a return period falls among N losses sorted descending, rank k having return period N/k (docs/kernel.md, "Metrics").
/// </summary>
/// <param name="ReturnPeriod">Years, at least 1.</param>
/// <param name="Rank">k = ceil(N / return period); N / return period within 1e-9 of an integer counts as that integer.</param>
/// <param name="Fraction">How far the return period lies from N/k towards N/(k-1), in [0, 1); 0 when it is that of rank k.</param>
public readonly record struct TailRank(double ReturnPeriod, int Rank, double Fraction)
{
    private const double IntegerTolerance = 1e-9;

    /// <summary>The rank of a return period.</summary>
    /// <param name="trialCount">Number of trials N, at least 1.</param>
    /// <param name="returnPeriod">Years, at least 1.</param>
    /// <param name="rank">The rank found.</param>
    /// <returns>False when the return period lies above N: so many trials say nothing about it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no trial, or the return period is below 1 or not a finite number.</exception>
    public static bool TryFind(int trialCount, double returnPeriod, out TailRank rank) =>
        TryFind(trialCount, RankConvention.Empirical, returnPeriod, out rank);

    /// <summary>The rank of a return period.</summary>
    /// <param name="trialCount">Number of trials N, at least 1.</param>
    /// <param name="convention">With Weibull's, N + 1 stands for N in the return periods.</param>
    /// <param name="returnPeriod">Years, at least 1.</param>
    /// <param name="rank">The rank found.</param>
    /// <returns>False when the return period lies beyond the largest loss, or (with Weibull's convention) before the smallest.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no trial, or the return period is below 1 or not a finite number.</exception>
    public static bool TryFind(int trialCount, RankConvention convention, double returnPeriod, out TailRank rank)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trialCount, 1);
        if (!(returnPeriod >= 1) || double.IsInfinity(returnPeriod))
        {
            throw new ArgumentOutOfRangeException(
                nameof(returnPeriod), returnPeriod, "A return period is a finite number of years, at least 1.");
        }

        double years = convention == RankConvention.Weibull ? trialCount + 1.0 : trialCount;
        double exceedances = years / returnPeriod;
        double nearest = Math.Round(exceedances);
        if (Math.Abs(exceedances - nearest) < IntegerTolerance)
        {
            rank = new TailRank(returnPeriod, (int)nearest, 0);
            return nearest >= 1 && nearest <= trialCount;
        }

        int k = (int)Math.Ceiling(exceedances);
        if (k < 2 || k > trialCount)
        {
            rank = default;
            return false;
        }

        double atRank = years / k;
        double beyond = years / (k - 1);
        rank = new TailRank(returnPeriod, k, (returnPeriod - atRank) / (beyond - atRank));
        return true;
    }
}
