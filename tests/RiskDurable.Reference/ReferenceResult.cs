namespace RiskDurable.Reference;

/// <summary>A row of <c>ylt.csv</c>.</summary>
public sealed record YltRow(string Node, int Trial, double AggregateLoss, double MaxOccurrenceLoss, double ReinstatementPremium);

/// <summary>A row of <c>ept.csv</c>; types 1 OEP, 2 OEP TVaR, 3 AEP, 4 AEP TVaR.</summary>
public sealed record EptRow(string Node, int EpType, double ReturnPeriod, double Loss);

/// <summary>Everything that the definitions say about a book.</summary>
/// <param name="Nodes">By path.</param>
/// <param name="Children">Paths of a node's children; a layer has none.</param>
/// <param name="Metrics">By path.</param>
/// <param name="Signs">By path: how a node's amounts count in its parent (1, or -1 and 0 for ceded and memo layers).</param>
public sealed record ReferenceResult(
    IReadOnlyDictionary<string, NodeYears> Nodes,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Children,
    IReadOnlyDictionary<string, NodeMetrics> Metrics,
    IReadOnlyDictionary<string, int> Signs)
{
    public IEnumerable<YltRow> Ylt() =>
        from node in Nodes.Values
        from trial in Enumerable.Range(0, node.Trials)
        select new YltRow(node.Path, trial + 1, node.Aggregate[trial], node.MaxOccurrence[trial], node.ReinstatementPremium[trial]);

    public IEnumerable<EptRow> Ept()
    {
        foreach (NodeYears node in Nodes.Values)
        {
            var occurrence = new ExceedanceCurve(node.MaxOccurrence);
            var aggregate = new ExceedanceCurve(node.Aggregate);
            foreach (double period in ExceedanceCurve.Answerable(node.Trials))
            {
                yield return new EptRow(node.Path, 1, period, occurrence.LossAt(period));
                yield return new EptRow(node.Path, 2, period, occurrence.TailValueAt(period));
                yield return new EptRow(node.Path, 3, period, aggregate.LossAt(period));
                yield return new EptRow(node.Path, 4, period, aggregate.TailValueAt(period));
            }
        }
    }

    /// <summary>Co-TVaR of each child, with the sign by which it counts in its parent.</summary>
    public IEnumerable<double> Contributions(string parent, double returnPeriod)
    {
        double[] weights = TailContribution.Weights(Nodes[parent].Aggregate, returnPeriod);
        return Children[parent].Select(child => Signs[child] * TailContribution.Of(weights, Nodes[child].Aggregate));
    }
}
