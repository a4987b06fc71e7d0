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
public sealed record AnnualLossStatistics(
    int Trials,
    double AverageAnnualLoss,
    double? StandardDeviation,
    double? StandardError,
    double AttachmentProbability,
    double ExpectedReinstatementPremium)
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
