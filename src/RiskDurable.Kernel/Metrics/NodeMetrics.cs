namespace RiskDurable.Kernel.Metrics;

/// <summary>All metrics of one node of the hierarchy. Definitions: docs/kernel.md, "Metrics".</summary>
/// <param name="Annual">Moments of the year losses.</param>
/// <param name="Points">The four curves at each return period that the trials reach: by curve, then in the order of the grid.</param>
/// <param name="Layer">Measures of a layer; null for any other node.</param>
public sealed record NodeMetrics(AnnualLossStatistics Annual, IReadOnlyList<ExceedancePoint> Points, LayerMeasures? Layer)
{
    /// <summary>Computes the metrics of a node.</summary>
    /// <param name="node">Year losses.</param>
    /// <param name="grid">Return periods, for as many trials as the node has.</param>
    /// <param name="workspace">Memory to reuse from node to node, one per thread.</param>
    /// <param name="layer">Measures of a layer, or null.</param>
    /// <exception cref="ArgumentException">The grid is for another number of trials.</exception>
    public static NodeMetrics Of(in NodeYearLosses node, ReturnPeriodGrid grid, MetricsWorkspace workspace, LayerMeasures? layer = null)
    {
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentNullException.ThrowIfNull(workspace);
        if (grid.TrialCount != node.Aggregate.TrialCount)
        {
            throw new ArgumentException(
                $"The grid is for {grid.TrialCount} trials, the node has {node.Aggregate.TrialCount}.", nameof(grid));
        }

        if (grid.Weights is { } weights)
        {
            List<ExceedancePoint> weighted =
            [
                .. ReadWeighted(node.MaxOccurrence, weights, grid, workspace, EpType.Oep, EpType.OepTvar),
                .. ReadWeighted(node.Aggregate, weights, grid, workspace, EpType.Aep, EpType.AepTvar),
            ];
            return new NodeMetrics(AnnualLossStatistics.Of(node, weights), weighted, layer);
        }

        var points = new ExceedancePoint[4 * grid.Ranks.Length];
        int half = points.Length / 2;
        ReadCurve(node.MaxOccurrence, grid, workspace, EpType.Oep, EpType.OepTvar, points.AsSpan(0, half));
        ReadCurve(node.Aggregate, grid, workspace, EpType.Aep, EpType.AepTvar, points.AsSpan(half));
        return new NodeMetrics(AnnualLossStatistics.Of(node), points, layer);
    }

    private static void ReadCurve(
        in YearLosses losses, ReturnPeriodGrid grid, MetricsWorkspace workspace, EpType var, EpType tvar, Span<ExceedancePoint> points)
    {
        ExceedanceCurve curve = ExceedanceCurve.Of(losses, grid.DeepestRank, workspace);
        ReadOnlySpan<TailRank> ranks = grid.Ranks;
        for (int i = 0; i < ranks.Length; i++)
        {
            TailRank at = ranks[i];
            points[i] = new ExceedancePoint(
                var, at.ReturnPeriod, curve.ValueAtRisk(at), VarInterval.Between(curve, grid.IntervalRanks[i]));
            points[ranks.Length + i] = new ExceedancePoint(
                tvar, at.ReturnPeriod, curve.TailValueAtRisk(at), TvarInterval.At(curve, at));
        }
    }

    private static List<ExceedancePoint> ReadWeighted(
        in YearLosses losses, TrialWeights weights, ReturnPeriodGrid grid, MetricsWorkspace workspace, EpType var, EpType tvar)
    {
        var points = new List<ExceedancePoint>(2 * grid.ReturnPeriods.Length);
        var tails = new List<ExceedancePoint>(grid.ReturnPeriods.Length);
        WeightedCurve curve = WeightedCurve.Of(losses, weights, grid.Convention, grid.ShortestReturnPeriod, workspace);
        foreach (double returnPeriod in grid.ReturnPeriods)
        {
            if (curve.TryFind(returnPeriod, out WeightedTail at))
            {
                points.Add(new ExceedancePoint(var, returnPeriod, curve.ValueAtRisk(at), curve.IntervalOfValueAtRisk(at)));
                tails.Add(new ExceedancePoint(tvar, returnPeriod, curve.TailValueAtRisk(at), curve.IntervalOfTailValueAtRisk(at)));
            }
        }

        points.AddRange(tails);
        return points;
    }
}
