namespace RiskDurable.Kernel.Metrics;

/// <summary>Measures that only a layer has.</summary>
/// <param name="ExhaustionProbability">Share of trials that use up the aggregate limit.</param>
/// <param name="RateOnLine">Premium at 100 % / occurrence limit; null without a positive, finite occurrence limit.</param>
/// <param name="LossOnLine">Expected annual loss at 100 % / occurrence limit; null likewise.</param>
public sealed record LayerMeasures(double ExhaustionProbability, double? RateOnLine, double? LossOnLine)
{
    /// <summary>The measures from what a simulation of the layer yields.</summary>
    /// <param name="exhaustionProbability">Share of the trials, by weight where they have weights, that use up the aggregate limit.</param>
    /// <param name="occurrenceLimit">Deal currency; infinite when unlimited.</param>
    /// <param name="premium">At 100 %, deal currency.</param>
    /// <param name="expectedAnnualLoss">At 100 %, before share, deal currency.</param>
    /// <exception cref="ArgumentOutOfRangeException">The probability is not between 0 and 1.</exception>
    public static LayerMeasures Of(double exhaustionProbability, double occurrenceLimit, double premium, double expectedAnnualLoss)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(exhaustionProbability);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(exhaustionProbability, 1);
        bool limited = occurrenceLimit > 0 && double.IsFinite(occurrenceLimit);
        return new LayerMeasures(
            exhaustionProbability,
            limited ? premium / occurrenceLimit : null,
            limited ? expectedAnnualLoss / occurrenceLimit : null);
    }
}
