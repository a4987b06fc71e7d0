using CsCheck;
using RiskDurable.Kernel.Metrics;

namespace RiskDurable.Kernel.Tests.Metrics;

public sealed class AnnualLossStatisticsTests
{
    [Fact]
    public void Years_without_a_loss_count()
    {
        var statistics = AnnualLossStatistics.Of(NodeYearLosses.Sparse([1, 2, 6], [6, -2, 4], [5, 0, 3], [0, 0.5, 1.5], 8));

        // Sum 8 of 8 trials; deviations 5, -3, 3 and five times -1: squares 48, of 7.
        Assert.Equal(new AnnualLossStatistics(8, 1, Math.Sqrt(48 / 7.0), Math.Sqrt(48 / 7.0) / Math.Sqrt(8), 0.25, 0.25), statistics);
    }

    [Fact]
    public void A_single_trial_has_no_standard_deviation() =>
        Assert.Equal(new AnnualLossStatistics(1, 5, null, null, 1, 2), AnnualLossStatistics.Of(NodeYearLosses.Dense([5], [5], [2])));

    [Fact]
    public void A_small_spread_about_a_large_mean_is_not_lost()
    {
        double[] losses = [.. Enumerable.Range(0, 10_000).Select(trial => 1e9 + (trial % 2))];
        var statistics = AnnualLossStatistics.Of(NodeYearLosses.Dense(losses, losses, losses));
        Assert.Equal(Math.Sqrt(2500 / 9999.0), statistics.StandardDeviation!.Value, 1e-9);
    }

    [Fact]
    public void Statistics_agree_with_the_definition() =>
        LossGenerators.Years.Where(losses => losses.Length > 1).Sample(losses =>
        {
            var statistics = AnnualLossStatistics.Of(NodeYearLosses.Dense(losses, losses, losses));
            double scale = losses.Max(Math.Abs);
            Assert.Equal(NaiveMetrics.Mean(losses), statistics.AverageAnnualLoss, 1e-12 * scale);
            Assert.Equal(NaiveMetrics.StandardDeviation(losses), statistics.StandardDeviation!.Value, 1e-12 * scale);
            Assert.Equal(NaiveMetrics.StandardDeviation(losses) / Math.Sqrt(losses.Length), statistics.StandardError!.Value, 1e-12 * scale);
            Assert.Equal((double)losses.Count(loss => loss > 0) / losses.Length, statistics.AttachmentProbability);
            Bits.Same(statistics.AverageAnnualLoss, statistics.ExpectedReinstatementPremium);
        });

    [Fact]
    public void Dense_and_sparse_years_give_the_same_bits() =>
        Gen.Select(LossGenerators.Years, Gen.Int[0, 8]).Sample((losses, modulus) =>
        {
            var sparse = LossGenerators.Sparse(losses, trial => trial % 8 < modulus);
            var ofDense = AnnualLossStatistics.Of(NodeYearLosses.Dense(losses, losses, losses));
            var ofSparse = AnnualLossStatistics.Of(
                NodeYearLosses.Sparse(sparse.Trials, sparse.Amounts, sparse.Amounts, sparse.Amounts, losses.Length));
            Bits.Same(ofDense.AverageAnnualLoss, ofSparse.AverageAnnualLoss);
            Bits.Same(ofDense.StandardDeviation ?? 0, ofSparse.StandardDeviation ?? 0);
            Assert.Equal(ofDense, ofSparse);
        });
}
