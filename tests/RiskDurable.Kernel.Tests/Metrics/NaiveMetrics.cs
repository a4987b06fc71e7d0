namespace RiskDurable.Kernel.Tests.Metrics;

/// <summary>The definitions page restated over a dense array of year losses, without regard to speed or rounding.</summary>
internal static class NaiveMetrics
{
    public static double Mean(double[] losses) => losses.Sum() / losses.Length;

    public static double StandardDeviation(double[] losses)
    {
        double mean = Mean(losses);
        return Math.Sqrt(losses.Sum(loss => (loss - mean) * (loss - mean)) / (losses.Length - 1));
    }

    /// <summary>k, and how far the return period lies from N/k towards N/(k-1).</summary>
    public static (int Rank, double Fraction) Rank(int trials, double returnPeriod)
    {
        double exceedances = trials / returnPeriod;
        if (Math.Abs(exceedances - Math.Round(exceedances)) < 1e-9)
        {
            return ((int)Math.Round(exceedances), 0);
        }

        int k = (int)Math.Ceiling(exceedances);
        double shorter = (double)trials / k, longer = (double)trials / (k - 1);
        return (k, (returnPeriod - shorter) / (longer - shorter));
    }

    public static double ValueAtRisk(double[] losses, double returnPeriod)
    {
        double[] sorted = Descending(losses);
        (int k, double a) = Rank(losses.Length, returnPeriod);
        return a == 0 ? sorted[k - 1] : ((1 - a) * sorted[k - 1]) + (a * sorted[k - 2]);
    }

    public static double TailValueAtRisk(double[] losses, double returnPeriod)
    {
        (int k, _) = Rank(losses.Length, returnPeriod);
        return (Descending(losses).Take(k - 1).Sum() + ValueAtRisk(losses, returnPeriod)) / k;
    }

    /// <summary>Weights by rank, then the mean over each group of tied trials; k divided out.</summary>
    public static double[] TailWeights(double[] parent, double returnPeriod)
    {
        (int k, double a) = Rank(parent.Length, returnPeriod);
        int[] byRank = [.. Enumerable.Range(0, parent.Length).OrderByDescending(trial => parent[trial])];
        double[] ofRank = new double[parent.Length];
        for (int rank = 1; rank <= k; rank++)
        {
            ofRank[rank - 1] = a == 0 || rank <= k - 2 ? 1 : rank == k - 1 ? 1 + a : 1 - a;
        }

        double[] weights = new double[parent.Length];
        foreach (IGrouping<double, int> tied in Enumerable.Range(0, parent.Length).GroupBy(rank => parent[byRank[rank]]))
        {
            double shared = tied.Average(rank => ofRank[rank]);
            foreach (int rank in tied)
            {
                weights[byRank[rank]] = shared / k;
            }
        }

        return weights;
    }

    public static double[] Descending(double[] losses) => [.. losses.OrderByDescending(loss => loss)];
}
