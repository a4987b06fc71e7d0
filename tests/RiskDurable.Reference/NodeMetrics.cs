namespace RiskDurable.Reference;

/// <summary>The single numbers of a node, over all trials.</summary>
public sealed record NodeMetrics(double Aal, double StandardDeviation, double StandardError, double AttachmentProbability, double ExpectedReinstatementPremium)
{
    /// <summary>Number of trials that are surely attached, and that may be, once rounding is allowed for.</summary>
    public required (int Least, int Most) AttachedTrials { get; init; }

    /// <summary>Layers only.</summary>
    public double? ExhaustionProbability { get; init; }

    /// <summary>Layers only: number of trials that are surely exhausted, and that may be, once rounding is allowed for.</summary>
    public (int Least, int Most) ExhaustedTrials { get; init; }

    /// <summary>Layers with an occurrence limit only.</summary>
    public double? RateOnLine { get; init; }

    /// <summary>Layers with an occurrence limit only.</summary>
    public double? LossOnLine { get; init; }

    /// <summary>How far rounding can move the loss on line.</summary>
    public double LossOnLineBound { get; init; }

    public static NodeMetrics Of(NodeYears years)
    {
        int n = years.Trials;
        double mean = years.Aggregate.Sum() / n;
        double squares = years.Aggregate.Sum(loss => (loss - mean) * (loss - mean));
        double deviation = n > 1 ? Math.Sqrt(squares / (n - 1)) : 0;
        return new NodeMetrics(
            mean,
            deviation,
            deviation / Math.Sqrt(n),
            (double)years.Aggregate.Count(loss => loss > 0) / n,
            years.ReinstatementPremium.Sum() / n)
        {
            AttachedTrials = (
                years.Aggregate.Zip(years.AggregateBound).Count(year => year.First > year.Second),
                years.Aggregate.Zip(years.AggregateBound).Count(year => year.First > -year.Second)),
        };
    }
}
