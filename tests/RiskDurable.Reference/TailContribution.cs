namespace RiskDurable.Reference;

/// <summary>Co-TVaR: the part of a parent's TVaR that comes from one child.</summary>
public static class TailContribution
{
    /// <summary>The weight of every trial in the parent's TVaR, already divided by k; trials of equal parent loss share evenly.</summary>
    public static double[] Weights(IReadOnlyList<double> parent, double returnPeriod)
    {
        if (!ExceedanceCurve.TryRank(parent.Count, returnPeriod, out int k, out double a))
        {
            throw new ArgumentOutOfRangeException(nameof(returnPeriod), returnPeriod, $"{parent.Count} trials have no such return period.");
        }

        double OfRank(int rank) => rank > k ? 0 : rank == k ? 1 - a : rank == k - 1 ? 1 + a : 1;

        var weights = new double[parent.Count];
        int rank = 1;
        foreach (IGrouping<double, int> tied in Enumerable.Range(0, parent.Count).GroupBy(trial => parent[trial]).OrderByDescending(group => group.Key))
        {
            int count = tied.Count();
            double shared = Enumerable.Range(rank, count).Sum(OfRank) / count / k;
            foreach (int trial in tied)
            {
                weights[trial] = shared;
            }

            rank += count;
        }

        return weights;
    }

    /// <summary>The child's amounts must carry the sign with which they count in the parent.</summary>
    public static double Of(IReadOnlyList<double> parent, IReadOnlyList<double> child, double returnPeriod) =>
        Weights(parent, returnPeriod).Zip(child).Sum(trial => trial.First * trial.Second);
}
