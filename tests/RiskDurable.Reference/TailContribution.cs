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
    public static double Of(IReadOnlyList<double> parent, IReadOnlyList<double> child, double returnPeriod) => Of(Weights(parent, returnPeriod), child);

    /// <summary>The same by <see cref="Weights"/> of the parent.</summary>
    public static double Of(double[] weights, IReadOnlyList<double> child) => weights.Zip(child).Sum(trial => trial.First * trial.Second);

    /// <summary>Whether the trials of the tail are the same however sums are rounded: no near tie at a rank where the weight changes.</summary>
    public static bool IsCertain(NodeYears parent, double returnPeriod)
    {
        ExceedanceCurve.TryRank(parent.Trials, returnPeriod, out int k, out double a);
        double margin = 2 * parent.AggregateBound.Max();
        double[] losses = [.. parent.Aggregate.OrderDescending()];
        bool zerosAreExact = parent.Aggregate.Zip(parent.AggregateBound).All(year => year.First == 0 ? year.Second == 0 : Math.Abs(year.First) > margin);
        int first = a == 0 ? k : k - 2;
        return Enumerable.Range(first, k - first + 1)
            .Where(rank => rank >= 1 && rank < losses.Length)
            .All(rank => losses[rank - 1] - losses[rank] > margin || (zerosAreExact && losses[rank - 1] == 0 && losses[rank] == 0));
    }
}
