using System.Numerics;
using CsCheck;
using RiskDurable.Kernel.Metrics;

namespace RiskDurable.Kernel.Tests.Metrics;

public sealed class IntervalTests
{
    [Fact]
    public void The_median_of_ten_lies_between_the_second_and_the_ninth()
    {
        // A textbook case: P(count <= 1) = 11/1024, P(count <= 2) = 56/1024 for binomial(10, 1/2).
        LossInterval interval = VarInterval.At(ExceedanceCurve.Of(YearLosses.Dense([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])), 2);
        Assert.Equal(new LossInterval(2, 9), interval);
    }

    [Fact]
    public void A_side_whose_rank_does_not_exist_is_empty()
    {
        ExceedanceCurve curve = ExceedanceCurve.Of(YearLosses.Dense([10, 40, 20, 30]));
        Assert.Equal(new LossInterval(10, null), VarInterval.At(curve, 4)); // P(count >= 3) = 13/256 > 2.5 % >= P(count = 4) = 1/256
        Assert.Equal(new LossInterval(null, null), VarInterval.At(curve, 2)); // P(count = 0) = P(count = 4) = 1/16 > 2.5 %
        Assert.Equal(new LossInterval(null, 10), VarInterval.At(curve, 1)); // no loss lies below the smallest possible one
    }

    /// <summary>In whole numbers: P(count = j) = C(N, j) (T - 1)^(N - j) / T^N at return period T, compared with 1/40.</summary>
    [Fact]
    public void Ranks_are_those_of_the_exact_binomial_distribution() =>
        Gen.Select(Gen.Int[1, 400], Gen.Int[2, 60]).Sample((trials, returnPeriod) =>
        {
            BigInteger[] terms = new BigInteger[trials + 1];
            terms[0] = BigInteger.Pow(returnPeriod - 1, trials);
            for (int j = 1; j <= trials; j++)
            {
                terms[j] = terms[j - 1] * (trials - j + 1) / j / (returnPeriod - 1);
            }

            BigInteger all = BigInteger.Pow(returnPeriod, trials);
            int upper = 0;
            for (BigInteger below = terms[0]; 40 * below <= all; below += terms[upper])
            {
                upper++;
            }

            int lower = trials + 1;
            for (BigInteger above = terms[trials]; 40 * above <= all; above += terms[lower - 1])
            {
                lower--;
            }

            Assert.Equal(new BinomialRanks(upper, lower > trials ? 0 : lower), BinomialRanks.For(trials, returnPeriod));
        });

    [Theory]
    [InlineData(1_000_000, 2)]
    [InlineData(1_000_000, 1.0000001)]
    [InlineData(1_000_000, 1_000_000)]
    [InlineData(1_000_000, 250.5)]
    public void Ranks_stay_close_to_the_normal_approximation_for_many_trials(int trials, double returnPeriod)
    {
        BinomialRanks ranks = BinomialRanks.For(trials, returnPeriod);
        double mean = trials / returnPeriod, deviation = Math.Sqrt(mean * (1 - (1 / returnPeriod)));
        Assert.InRange(ranks.Upper, Math.Max(0, mean - (1.96 * deviation) - 2), mean + 1);
        Assert.InRange(ranks.Lower == 0 ? trials : ranks.Lower, mean - 1, mean + (1.96 * deviation) + 3);
    }

    [Fact]
    public void A_TVaR_of_fewer_than_100_losses_has_no_interval()
    {
        double[] losses = [.. Enumerable.Range(0, 1000).Select(trial => (double)trial)];
        ExceedanceCurve curve = ExceedanceCurve.Of(YearLosses.Dense(losses));
        Assert.Equal(default, TvarInterval.At(curve, 1000 / 99.0));
        LossInterval interval = TvarInterval.At(curve, 10);

        // Losses 900..999: variance 100 * 101 / 12, excess of the mean 949.5 over the 100th loss 49.5.
        double half = 1.959963984540054 * Math.Sqrt(((100 * 101 / 12.0) + (0.9 * 49.5 * 49.5)) / 100);
        Assert.Equal(949.5 - half, interval.Lower!.Value, 1e-9);
        Assert.Equal(949.5 + half, interval.Upper!.Value, 1e-9);
    }

    [Fact]
    public void Intervals_hold_the_estimate_and_have_the_same_bits_dense_or_sparse() =>
        LossGenerators.YearsAndReturnPeriod.Sample((losses, returnPeriod) =>
        {
            ExceedanceCurve dense = ExceedanceCurve.Of(YearLosses.Dense(losses));
            LossInterval var = VarInterval.At(dense, returnPeriod), tvar = TvarInterval.At(dense, returnPeriod);
            double loss = dense.ValueAtRisk(returnPeriod), mean = dense.TailValueAtRisk(returnPeriod);
            Assert.True((var.Lower ?? loss) <= loss && loss <= (var.Upper ?? loss));
            Assert.True((tvar.Lower ?? mean) <= mean && mean <= (tvar.Upper ?? mean));

            ExceedanceCurve sparse = ExceedanceCurve.Of(LossGenerators.Sparse(losses).AsYearLosses(losses.Length));
            Assert.Equal(var, VarInterval.At(sparse, returnPeriod));
            Assert.Equal(tvar, TvarInterval.At(sparse, returnPeriod));
        });

    /// <summary>
    /// Exponential losses in 3 of 10 years: the true values are known. Whatever its seed, an interval misses in 5 % of runs; the bounds
    /// are four standard errors of the share of misses in 2,000 runs, and the order statistics may be one rank too wide.
    /// </summary>
    [Fact]
    public void Intervals_cover_the_true_value_at_their_nominal_rate()
    {
        const int Runs = 2_000, Trials = 4_000;
        const double ReturnPeriod = 20, LossProbability = 0.3;
        double trueVar = Math.Log(ReturnPeriod * LossProbability), trueTvar = trueVar + 1;
        double standardError = Math.Sqrt(0.95 * 0.05 / Runs);
        const ulong Seed = 20_240_611;
        var random = new SplitMix(Seed);
        var workspace = new MetricsWorkspace();
        int[] trials = new int[Trials];
        double[] losses = new double[Trials];
        int varCovered = 0, tvarCovered = 0;
        for (int run = 0; run < Runs; run++)
        {
            int count = 0;
            for (int trial = 0; trial < Trials; trial++)
            {
                if (random.Uniform() < LossProbability)
                {
                    trials[count] = trial;
                    losses[count++] = -Math.Log(random.Uniform());
                }
            }

            ExceedanceCurve curve = ExceedanceCurve.Of(
                YearLosses.Sparse(trials.AsSpan(0, count), losses.AsSpan(0, count), Trials), Trials, workspace);
            LossInterval var = VarInterval.At(curve, ReturnPeriod), tvar = TvarInterval.At(curve, ReturnPeriod);
            varCovered += var.Lower <= trueVar && trueVar <= var.Upper ? 1 : 0;
            tvarCovered += tvar.Lower <= trueTvar && trueTvar <= tvar.Upper ? 1 : 0;
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"seed {Seed}: VaR {(double)varCovered / Runs}, TVaR {(double)tvarCovered / Runs}");
        Assert.InRange((double)varCovered / Runs, 0.95 - (4 * standardError), 0.96 + (4 * standardError));
        Assert.InRange((double)tvarCovered / Runs, 0.95 - (4 * standardError), 0.95 + (4 * standardError));
    }
}
