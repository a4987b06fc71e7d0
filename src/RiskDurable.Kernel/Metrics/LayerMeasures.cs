namespace RiskDurable.Kernel.Metrics;

/// <summary>Measures that only a layer has.</summary>
/// <param name="ExhaustionProbability">Share of trials that use up the aggregate limit.</param>
/// <param name="RateOnLine">Premium at 100 % / occurrence limit; null without a positive, finite occurrence limit.</param>
/// <param name="LossOnLine">Expected annual loss at 100 % / occurrence limit; null likewise.</param>
public sealed record LayerMeasures(double ExhaustionProbability, double? RateOnLine, double? LossOnLine)
{
    /// <summary>The measures from what a simulation of the layer yields.</summary>
    /// <param name="trialCount">Number of trials, at least 1.</param>
    /// <param name="exhaustedTrials">Trials that use up the aggregate limit.</param>
    /// <param name="occurrenceLimit">Deal currency; infinite when unlimited.</param>
    /// <param name="premium">At 100 %, deal currency.</param>
    /// <param name="expectedAnnualLoss">At 100 %, before share, deal currency.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no trial, or the exhausted ones are not between 0 and all.</exception>
    public static LayerMeasures Of(int trialCount, int exhaustedTrials, double occurrenceLimit, double premium, double expectedAnnualLoss)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trialCount, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(exhaustedTrials);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(exhaustedTrials, trialCount);
        bool limited = occurrenceLimit > 0 && double.IsFinite(occurrenceLimit);
        return new LayerMeasures(
            (double)exhaustedTrials / trialCount,
            limited ? premium / occurrenceLimit : null,
            limited ? expectedAnnualLoss / occurrenceLimit : null);
    }
}
