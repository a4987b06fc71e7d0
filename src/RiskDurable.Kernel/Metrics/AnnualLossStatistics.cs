namespace RiskDurable.Kernel.Metrics;

/// <summary>
/// Moments of a node's year losses over all trials, years without a loss included. Amounts in the currency of the losses.
/// </summary>
/// <param name="Trials">Number of trials N.</param>
/// <param name="AverageAnnualLoss">AAL: mean aggregate loss of a year.</param>
/// <param name="StandardDeviation">Of the aggregate loss, with N - 1; null with a single trial.</param>
/// <param name="StandardError">Of the AAL: standard deviation / sqrt(N); null with a single trial.</param>
/// <param name="AttachmentProbability">Share of trials with an aggregate loss above 0.</param>
/// <param name="ExpectedReinstatementPremium">Mean reinstatement premium of a year.</param>
/// <param name="EffectiveTrials">Where trials have weights: as many equally likely trials would give means as precise; else null.</param>
public sealed record AnnualLossStatistics(
    int Trials,
    double AverageAnnualLoss,
    double? StandardDeviation,
    double? StandardError,
    double AttachmentProbability,
    double ExpectedReinstatementPremium,
    double? EffectiveTrials = null)
{
    /// <summary>
    /// Computes the moments in two passes, first the mean and then the squared deviations from it, summed over fixed chunks of
    /// 4,096 trials: the same bits for dense and sparse input.
    /// </summary>
    public static AnnualLossStatistics Of(in NodeYearLosses node)
    {
        YearLosses losses = node.Aggregate;
        int trials = losses.TrialCount;
        double mean = ChunkedSum.Of(losses) / trials;
        (int positive, int negative) = CountSigns(losses.Amounts);

        double? deviation = null, error = null;
        if (trials > 1)
        {
            // All years without a loss deviate by the mean: one product for them instead of a term each.
            int zeros = trials - positive - negative;
            double squares = ChunkedSum.Of(losses, new SquaredDeviation(mean)) + (zeros * (mean * mean));
            deviation = Math.Sqrt(squares / (trials - 1));
            error = deviation / Math.Sqrt(trials);
        }

        return new AnnualLossStatistics(
            trials, mean, deviation, error, (double)positive / trials, ChunkedSum.Of(node.ReinstatementPremium) / trials);
    }

    /// <summary>The moments of weighted trials; the same sums with a weight at every term. Formulas: docs/kernel.md, "Weights".</summary>
    /// <param name="node">Year losses.</param>
    /// <param name="weights">Weights of as many trials; null where all count alike.</param>
    public static AnnualLossStatistics Of(in NodeYearLosses node, TrialWeights? weights)
    {
        if (weights is null)
        {
            return Of(node);
        }

        double mean = WeightedMean(node.Aggregate, weights);
        var attached = new TrialSum();
        var nonZero = new TrialSum();
        var squares = new TrialSum();
        for (int i = 0; i < node.Aggregate.Amounts.Length; i++)
        {
            int trial = node.Aggregate.IsDense ? i : node.Aggregate.Trials[i];
            double amount = node.Aggregate.Amounts[i];
            double weight = weights.Values[trial];
            attached.Add(trial, amount > 0 ? weight : 0);
            nonZero.Add(trial, amount == 0 ? 0 : weight);
            squares.Add(trial, amount == 0 ? 0 : weight * ((amount - mean) * (amount - mean)));
        }

        double? deviation = null, error = null;
        if (weights.Counted > 1)
        {
            double sum = squares.Total + (Math.Max(weights.Total - nonZero.Total, 0) * (mean * mean));
            deviation = Math.Sqrt(sum / (weights.Total - (weights.SumOfSquares / weights.Total)));
            error = deviation / Math.Sqrt(weights.Effective);
        }

        return new AnnualLossStatistics(
            weights.TrialCount,
            mean,
            deviation,
            error,
            Math.Min(attached.Total / weights.Total, 1),
            WeightedMean(node.ReinstatementPremium, weights),
            weights.Effective);
    }

    private static double WeightedMean(in YearLosses losses, TrialWeights weights)
    {
        var sum = new TrialSum();
        for (int i = 0; i < losses.Amounts.Length; i++)
        {
            int trial = losses.IsDense ? i : losses.Trials[i];
            sum.Add(trial, weights.Values[trial] * losses.Amounts[i]);
        }

        return sum.Total / weights.Total;
    }

    private static (int Positive, int Negative) CountSigns(ReadOnlySpan<double> amounts)
    {
        int positive = 0, negative = 0;
        foreach (double amount in amounts)
        {
            positive += amount > 0 ? 1 : 0;
            negative += amount < 0 ? 1 : 0;
        }

        return (positive, negative);
    }

    private readonly struct SquaredDeviation(double mean) : ChunkedSum.ITerm
    {
        public double Of(double amount)
        {
            double deviation = amount == 0 ? 0 : amount - mean;
            return deviation * deviation;
        }
    }
}
