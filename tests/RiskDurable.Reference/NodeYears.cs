namespace RiskDurable.Reference;

/// <summary>The years of one node in reporting currency: index 0 is trial 1. The bounds say how far rounding can move the numbers.</summary>
public sealed record NodeYears(string Path, int Trials)
{
    public double[] Aggregate { get; } = new double[Trials];

    public double[] MaxOccurrence { get; } = new double[Trials];

    public double[] ReinstatementPremium { get; } = new double[Trials];

    public double[] AggregateBound { get; } = new double[Trials];

    public double[] MaxOccurrenceBound { get; } = new double[Trials];

    public double[] ReinstatementPremiumBound { get; } = new double[Trials];
}
