using CsCheck;
using RiskDurable.Kernel.Metrics;

namespace RiskDurable.Kernel.Tests.Metrics;

public sealed class ExceedanceCurveTests
{
    [Fact]
    public void Losses_between_two_ranks_are_linear_in_return_period()
    {
        // 4 trials: return periods 4, 2, 4/3, 1. Return period 3 lies half way between ranks 2 and 1; k = ceil(4/3) = 2.
        ExceedanceCurve curve = ExceedanceCurve.Of(YearLosses.Dense([10, 40, 20, 30]));
        Assert.Equal(35, curve.ValueAtRisk(3));
        Assert.Equal((40 + 35) / 2.0, curve.TailValueAtRisk(3));
        Assert.Equal(40, curve.ValueAtRisk(4));
        Assert.Equal(40, curve.TailValueAtRisk(4));
        Assert.Equal(30, curve.ValueAtRisk(2));
        Assert.Equal(35, curve.TailValueAtRisk(2));
        Assert.Equal(10, curve.ValueAtRisk(1));
        Assert.Equal(25, curve.TailValueAtRisk(1));
    }

    [Fact]
    public void Zeros_stand_between_gains_and_losses()
    {
        // Trials 0..6: three listed, four years of nothing.
        ExceedanceCurve curve = ExceedanceCurve.Of(YearLosses.Sparse([1, 4, 6], [-5, 7, -2], 7));
        double[] byRank = [.. new double[7]];
        for (int rank = 1; rank <= 7; rank++)
        {
            byRank[rank - 1] = curve.LossAtRank(rank);
        }

        Assert.Equal([7, 0, 0, 0, 0, -2, -5], byRank);
        Assert.Equal(5 / 6.0, curve.MeanOfLargest(6));
        Assert.Equal(0, curve.MeanOfLargest(7));
    }

    [Fact]
    public void A_return_period_within_a_billionth_of_a_rank_counts_as_that_rank()
    {
        ExceedanceCurve curve = ExceedanceCurve.Of(YearLosses.Dense([3, 1, 2]));
        Assert.Equal(3, curve.ValueAtRisk(3 * (1 + 1e-10)));
        Assert.Equal(2, curve.ValueAtRisk(1.5 * (1 + 1e-10)));
        Assert.NotEqual(2, curve.ValueAtRisk(1.5 * (1 + 1e-8)));
    }

    [Theory]
    [InlineData(3.001)]
    [InlineData(0.999)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_return_period_outside_1_to_the_number_of_trials_is_refused(double returnPeriod) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ExceedanceCurve.Of(YearLosses.Dense([3, 1, 2])).ValueAtRisk(returnPeriod));

    [Fact]
    public void A_rank_that_was_not_asked_for_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            ExceedanceCurve.Of(YearLosses.Dense([3, 1, 2]), 2, new MetricsWorkspace()).LossAtRank(3));
    }

    [Fact]
    public void Curves_agree_with_the_definition() =>
        LossGenerators.YearsAndReturnPeriod.Sample((losses, returnPeriod) =>
        {
            ExceedanceCurve curve = ExceedanceCurve.Of(YearLosses.Dense(losses));
            double scale = losses.Max(Math.Abs);
            Assert.Equal(NaiveMetrics.ValueAtRisk(losses, returnPeriod), curve.ValueAtRisk(returnPeriod), 1e-12 * scale);
            Assert.Equal(NaiveMetrics.TailValueAtRisk(losses, returnPeriod), curve.TailValueAtRisk(returnPeriod), 1e-12 * scale);
        });

    [Fact]
    public void Every_rank_holds_the_loss_that_a_sort_puts_there() =>
        LossGenerators.Years.Sample(losses =>
        {
            ExceedanceCurve curve = ExceedanceCurve.Of(YearLosses.Dense(losses));
            double[] sorted = NaiveMetrics.Descending(losses);
            for (int rank = 1; rank <= losses.Length; rank++)
            {
                Assert.Equal(sorted[rank - 1], curve.LossAtRank(rank));
            }
        });

    /// <summary>What rounding leaves of losses that a limit cut: clusters that share their leading bits, beside losses far away.</summary>
    [Fact]
    public void Losses_a_rounding_apart_are_still_in_order() =>
        Gen.Select(Gen.ULong, Gen.Int[0, 52], Gen.Int[1, 20_000]).Sample(
            (seed, spread, count) =>
            {
                var random = new SplitMix(seed);
                double[] losses = new double[20_000];
                for (int trial = 0; trial < losses.Length; trial++)
                {
                    double centre = random.Uniform() < 0.9 ? 1e6 : random.Uniform() < 0.9 ? 3e6 : 1e-6 / random.Uniform();
                    ulong bits = BitConverter.DoubleToUInt64Bits(centre) + (random.Next() >> 12 >> spread);
                    losses[trial] = BitConverter.UInt64BitsToDouble(bits);
                }

                ExceedanceCurve curve = ExceedanceCurve.Of(YearLosses.Dense(losses), count, new MetricsWorkspace());
                double[] sorted = NaiveMetrics.Descending(losses);
                for (int rank = 1; rank <= count; rank++)
                {
                    Assert.Equal(sorted[rank - 1], curve.LossAtRank(rank));
                }
            },
            iter: 50);

    [Fact]
    public void A_tail_has_the_bits_of_the_whole_curve_dense_or_sparse() =>
        Gen.Select(LossGenerators.YearsAndReturnPeriod, Gen.Int[0, 7]).Sample((case_, modulus) =>
        {
            (double[] losses, double returnPeriod) = case_;
            TailRank.TryFind(losses.Length, returnPeriod, out TailRank tail);
            ExceedanceCurve whole = ExceedanceCurve.Of(YearLosses.Dense(losses));
            var sparse = LossGenerators.Sparse(losses, trial => trial % 8 < modulus);
            ExceedanceCurve part = ExceedanceCurve.Of(sparse.AsYearLosses(losses.Length), tail.Rank, new MetricsWorkspace());
            Bits.Same(whole.ValueAtRisk(returnPeriod), part.ValueAtRisk(returnPeriod));
            Bits.Same(whole.TailValueAtRisk(returnPeriod), part.TailValueAtRisk(returnPeriod));
        });

    [Fact]
    public void Curves_rise_with_the_return_period_and_TVaR_is_never_below_VaR() =>
        Gen.Select(LossGenerators.YearsAndReturnPeriod, Gen.Double[0, 1]).Sample((case_, share) =>
        {
            (double[] losses, double longer) = case_;
            double shorter = 1 + (share * (longer - 1));
            ExceedanceCurve curve = ExceedanceCurve.Of(YearLosses.Dense(losses));
            Assert.True(curve.ValueAtRisk(shorter) <= curve.ValueAtRisk(longer));
            Assert.True(curve.TailValueAtRisk(shorter) <= curve.TailValueAtRisk(longer) + (1e-12 * losses.Max(Math.Abs)));
            Assert.True(curve.TailValueAtRisk(longer) >= curve.ValueAtRisk(longer));
        });

    [Fact]
    public void The_order_of_trials_does_not_change_a_curve() =>
        LossGenerators.YearsAndReturnPeriod.Sample((losses, returnPeriod) =>
        {
            double[] backwards = [.. losses.Reverse()];
            Bits.Same(
                ExceedanceCurve.Of(YearLosses.Dense(losses)).TailValueAtRisk(returnPeriod),
                ExceedanceCurve.Of(YearLosses.Dense(backwards)).TailValueAtRisk(returnPeriod));
        });

    [Fact]
    public void A_workspace_keeps_nothing_from_one_node_to_the_next()
    {
        var workspace = new MetricsWorkspace();
        LossGenerators.YearsAndReturnPeriod.Sample(
            (losses, returnPeriod) =>
            {
                double reused = ExceedanceCurve.Of(YearLosses.Dense(losses), losses.Length, workspace).TailValueAtRisk(returnPeriod);
                Bits.Same(ExceedanceCurve.Of(YearLosses.Dense(losses)).TailValueAtRisk(returnPeriod), reused);
            },
            threads: 1);
    }
}
