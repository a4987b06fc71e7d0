namespace RiskDurable.Kernel.Metrics;

/// <summary>
/// Ranks (1 = largest loss) between whose losses the true loss at a return period lies with at least 95 % confidence, whatever
/// the distribution. The number of losses above the true value is binomial(N, 1 / return period); each side leaves out at most
/// 2.5 % (David and Nagaraja, Order Statistics, 3rd ed., section 7.1).
/// </summary>
/// <param name="Upper">Rank whose loss is the upper end, or 0 when even the largest loss is too likely to be exceeded.</param>
/// <param name="Lower">Rank whose loss is the lower end, or 0 when even the smallest loss is too likely to lie above.</param>
internal readonly record struct BinomialRanks(int Upper, int Lower)
{
    private const double TailProbability = 0.025;

    // Weights are relative to the most likely count; what lies below adds less than 1e-25 to any probability.
    private const double Negligible = 1e-30;

    /// <summary>
    /// Probabilities come from the ratio of neighbouring binomial terms, outwards from the most likely count and divided by their
    /// sum: +, *, / alone, so the same on every machine; their relative error is about 1e-12.
    /// </summary>
    /// <param name="trialCount">N, at least 1.</param>
    /// <param name="returnPeriod">Years, at least 1.</param>
    public static BinomialRanks For(int trialCount, double returnPeriod)
    {
        double odds = 1 / (returnPeriod - 1); // of exceeding the value in a year, infinite at return period 1
        if (double.IsInfinity(odds))
        {
            return new BinomialRanks(trialCount, 0); // every loss lies at or above it
        }

        int mode = (int)Math.Min(trialCount, Math.Floor((trialCount + 1.0) / returnPeriod));
        int lowest = mode, highest = mode;
        double weight = 1, total = 1, lowestWeight = 1, highestWeight = 1;
        while (lowest > 0 && weight > Negligible)
        {
            weight = weight * lowest / ((trialCount - lowest + 1) * odds);
            lowest--;
            total += weight;
            lowestWeight = weight;
        }

        weight = 1;
        while (highest < trialCount && weight > Negligible)
        {
            weight = weight * (trialCount - highest) / (highest + 1) * odds;
            highest++;
            total += weight;
            highestWeight = weight;
        }

        return new BinomialRanks(
            UpperRank(trialCount, odds, lowest, lowestWeight, TailProbability * total),
            LowerRank(trialCount, odds, highest, highestWeight, TailProbability * total));
    }

    // The largest rank l with P(count <= l - 1) <= 2.5 %: the l-th loss lies below the true value only if fewer than l exceed it.
    private static int UpperRank(int trialCount, double odds, int count, double weight, double allowed)
    {
        double below = 0;
        while (below + weight <= allowed)
        {
            below += weight;
            weight = weight * (trialCount - count) / (count + 1) * odds;
            count++;
        }

        return count;
    }

    // The smallest rank u with P(count >= u) <= 2.5 %: the u-th loss lies above the true value only if at least u exceed it.
    private static int LowerRank(int trialCount, double odds, int count, double weight, double allowed)
    {
        double above = 0;
        while (above + weight <= allowed)
        {
            above += weight;
            weight = weight * count / ((trialCount - count + 1) * odds);
            count--;
        }

        return count == trialCount ? 0 : count + 1;
    }
}
