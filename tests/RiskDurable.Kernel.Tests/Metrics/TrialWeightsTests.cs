using CsCheck;
using RiskDurable.Kernel.Metrics;
using WeightedMetrics = RiskDurable.Reference.WeightedMetrics;

namespace RiskDurable.Kernel.Tests.Metrics;

public sealed class TrialWeightsTests
{
    private static readonly Gen<double> Weight = Gen.Frequency((1, Gen.Const(0.0)), (3, Gen.Int[1, 3].Select(n => n * 0.5)), (4, Gen.Double[1e-3, 10]));

    private static readonly Gen<(double[] Losses, double[] Weights, double Depth, bool Weibull)> Cases =
        from losses in LossGenerators.Years.Where(losses => losses.Length is > 1 and < 600)
        from weights in Weight.Array[losses.Length].Where(weights => weights.Distinct().Count() > 1)
        from depth in Gen.Double[0, 1]
        from weibull in Gen.Bool
        select (losses, weights, depth, weibull);

    [Fact]
    public void Means_and_deviations_of_weighted_trials_follow_the_definition() =>
        Cases.Sample(given =>
        {
            var naive = new WeightedMetrics(given.Losses, given.Weights);
            TrialWeights weights = TrialWeights.Of(given.Weights)!;
            AnnualLossStatistics annual = AnnualLossStatistics.Of(NodeYearLosses.Dense(given.Losses, given.Losses, given.Losses), weights);

            double scale = given.Losses.Max(Math.Abs);
            Assert.Equal(naive.Mean, annual.AverageAnnualLoss, 1e-12 * scale);
            Assert.Equal(naive.Mean, annual.ExpectedReinstatementPremium, 1e-12 * scale);
            Assert.Equal(given.Losses.Zip(given.Weights, (loss, weight) => loss > 0 ? weight : 0).Sum() / naive.Total, annual.AttachmentProbability, 1e-12);
            if (weights.Counted > 1)
            {
                Assert.Equal(naive.StandardDeviation, annual.StandardDeviation!.Value, 1e-7 * scale);
                Assert.Equal(naive.StandardError, annual.StandardError!.Value, 1e-7 * scale);
            }
        });

    [Fact]
    public void Curves_of_weighted_trials_follow_the_definition() =>
        Cases.Sample(given =>
        {
            var naive = new WeightedMetrics(given.Losses, given.Weights, given.Weibull);
            double returnPeriod = Math.Max(1, Math.Pow(naive.Total / given.Weights.Where(weight => weight > 0).Min(), given.Depth));
            NodeMetrics metrics = Metrics(given, returnPeriod);
            if (naive.Find(returnPeriod) is null)
            {
                Assert.Empty(metrics.Points);
                return;
            }

            double scale = given.Losses.Max(Math.Abs);
            Assert.Equal(naive.ValueAtRisk(returnPeriod), Loss(metrics, EpType.Aep), 1e-9 * scale);
            Assert.Equal(naive.TailValueAtRisk(returnPeriod), Loss(metrics, EpType.AepTvar), 1e-9 * scale);
        });

    [Fact]
    public void Weights_in_the_tail_follow_the_definition_and_add_up_to_one() =>
        Cases.Sample(given =>
        {
            var naive = new WeightedMetrics(given.Losses, given.Weights, given.Weibull);
            double returnPeriod = Math.Max(1, Math.Pow(naive.Total / given.Weights.Max(), given.Depth));
            var grid = new ReturnPeriodGrid(given.Losses.Length, Convention(given.Weibull), TrialWeights.Of(given.Weights), returnPeriod);
            TailWeights? weights = TailWeights.TryFor(YearLosses.Dense(given.Losses), grid, returnPeriod, new MetricsWorkspace());
            Assert.Equal(naive.Find(returnPeriod) is null, weights is null);
            if (weights is null)
            {
                return;
            }

            double[] ofTrial = [.. Enumerable.Range(0, given.Losses.Length).Select(weights.WeightOf)];
            Assert.Equal(naive.TailWeights(returnPeriod), ofTrial, (expected, actual) => Math.Abs(expected - actual) < 1e-9);
            Assert.Equal(1, ofTrial.Sum(), 1e-9);
            Assert.Equal(naive.TailValueAtRisk(returnPeriod), weights.Contribution(YearLosses.Dense(given.Losses)), 1e-9 * given.Losses.Max(Math.Abs));
        });

    [Fact]
    public void Dense_and_sparse_years_give_the_same_bits() =>
        Cases.Sample(given =>
        {
            (int[] trials, double[] amounts) = LossGenerators.Sparse(given.Losses, trial => trial % 3 == 0);
            TrialWeights weights = TrialWeights.Of(given.Weights)!;
            var grid = new ReturnPeriodGrid(given.Losses.Length, Convention(given.Weibull), weights, 1.5, 2, 10, 50);
            var workspace = new MetricsWorkspace();
            NodeMetrics dense = NodeMetrics.Of(NodeYearLosses.Dense(given.Losses, given.Losses, given.Losses), grid, workspace);
            NodeMetrics sparse = NodeMetrics.Of(NodeYearLosses.Sparse(trials, amounts, amounts, amounts, given.Losses.Length), grid, workspace);
            Assert.Equal(dense.Annual, sparse.Annual);
            Assert.Equal(dense.Points, sparse.Points);

            TailWeights? ofDense = TailWeights.TryFor(YearLosses.Dense(given.Losses), grid, 2, workspace);
            TailWeights? ofSparse = TailWeights.TryFor(YearLosses.Sparse(trials, amounts, given.Losses.Length), grid, 2, workspace);
            if (ofDense is not null)
            {
                Bits.Same(ofDense.Contribution(YearLosses.Dense(given.Losses)), ofSparse!.Contribution(YearLosses.Sparse(trials, amounts, given.Losses.Length)));
            }
        });

    [Fact]
    public void Weights_that_hardly_differ_give_what_equal_ones_give()
    {
        double[] losses = [.. Enumerable.Range(0, 2_000).Select(trial => trial % 3 == 0 ? 0 : Math.Pow(trial, 1.7))];
        double[] close = [.. losses.Select((_, trial) => trial == 17 ? 1 + 1e-13 : 1)];
        foreach (RankConvention convention in Enum.GetValues<RankConvention>())
        {
            var equal = new ReturnPeriodGrid(losses.Length, convention, null, 2, 7.3, 10, 200, 999);
            var weighted = new ReturnPeriodGrid(losses.Length, convention, TrialWeights.Of(close)!, 2, 7.3, 10, 200, 999);
            var node = NodeYearLosses.Dense(losses, losses, losses);
            NodeMetrics expected = NodeMetrics.Of(node, equal, new MetricsWorkspace());
            NodeMetrics actual = NodeMetrics.Of(node, weighted, new MetricsWorkspace());
            Assert.Equal(expected.Annual.StandardError!.Value, actual.Annual.StandardError!.Value, 1e-6);
            Assert.Equal(expected.Points.Count, actual.Points.Count);
            foreach ((ExceedancePoint point, ExceedancePoint other) in expected.Points.Zip(actual.Points))
            {
                Assert.Equal(point.Loss, other.Loss, 1e-9 * point.Loss);
                if (point.Type is EpType.AepTvar or EpType.OepTvar)
                {
                    Assert.Equal(point.Interval.Lower ?? 0, other.Interval.Lower ?? 0, 1e-3 * point.Loss);
                }
            }
        }
    }

    [Fact]
    public void Equal_weights_are_no_weights() => Assert.Null(TrialWeights.Of([0.25, 0.25, 0.25]));

    [Fact]
    public void A_trial_that_counts_twice_moves_return_periods_as_two_trials_would()
    {
        // Weights 2, 1, 1 of losses 9, 5, 1: cumulative 2, 3, 4, so that ranks have return periods 2, 4/3 and 1.
        NodeMetrics metrics = Metrics(([5, 9, 1], [1, 2, 1], 0, false), 2, 1.5, 4 / 3.0, 1);
        Assert.Equal([9.0, 5 + (4 * (1.5 - (4 / 3.0)) / (2 - (4 / 3.0))), 5.0, 1.0], metrics.Points.Where(point => point.Type == EpType.Aep).Select(point => point.Loss), (x, y) => Math.Abs(x - y) < 1e-12);
        Assert.Equal(6, metrics.Annual.AverageAnnualLoss, 1e-12);
        Assert.Equal(16 / 6.0, metrics.Annual.EffectiveTrials!.Value, 1e-12);
    }

    [Theory]
    [InlineData("1, -0.5", "trial 1 ")]
    [InlineData("1, NaN", "trial 1 ")]
    [InlineData("0, 0", "No trial has a weight above 0")]
    [InlineData("1e200, 1", "scale the weights")]
    public void Weights_that_mean_nothing_are_refused(string weights, string says)
    {
        double[] values = [.. weights.Split(", ").Select(double.Parse)];
        Assert.Contains(says, Assert.Throws<ArgumentException>(() => TrialWeights.Of(values)).Message, StringComparison.Ordinal);
    }

    /// <summary>Importance sampling: large years drawn five times as often, each with a fifth of the weight. Random seeds 1 to 300.</summary>
    [Fact]
    public void Intervals_hold_the_true_value_about_as_often_as_they_say()
    {
        const int Runs = 300;
        int varHeld = 0, tvarHeld = 0, meanHeld = 0;
        for (int seed = 1; seed <= Runs; seed++)
        {
            var random = new Random(seed);
            double[] losses = new double[3_000];
            double[] weights = new double[losses.Length];
            for (int trial = 0; trial < losses.Length; trial++)
            {
                // Exponential losses; the tenth beyond ln 10 has half of the trials.
                bool tail = trial % 2 == 0;
                double uniform = tail ? random.NextDouble() * 0.1 : 0.1 + (random.NextDouble() * 0.9);
                losses[trial] = -Math.Log(uniform);
                weights[trial] = tail ? 0.1 : 0.9;
            }

            NodeMetrics metrics = Metrics((losses, weights, 0, false), 50);
            ExceedancePoint var = metrics.Points.Single(point => point.Type == EpType.Aep);
            ExceedancePoint tvar = metrics.Points.Single(point => point.Type == EpType.AepTvar);
            varHeld += var.Interval.Lower <= Math.Log(50) && Math.Log(50) <= var.Interval.Upper ? 1 : 0;
            tvarHeld += tvar.Interval.Lower <= Math.Log(50) + 1 && Math.Log(50) + 1 <= tvar.Interval.Upper ? 1 : 0;
            meanHeld += Math.Abs(metrics.Annual.AverageAnnualLoss - 1) <= 1.96 * metrics.Annual.StandardError ? 1 : 0;
        }

        // Three standard errors of a share of 300 are 3.8 points; strata make the mean and the tail's weight more certain than they are said to be.
        Assert.InRange(varHeld / (double)Runs, 0.912, 1);
        Assert.InRange(tvarHeld / (double)Runs, 0.912, 1);
        Assert.InRange(meanHeld / (double)Runs, 0.912, 1);
    }

    private static RankConvention Convention(bool weibull) => weibull ? RankConvention.Weibull : RankConvention.Empirical;

    private static NodeMetrics Metrics((double[] Losses, double[] Weights, double Depth, bool Weibull) given, params double[] returnPeriods) =>
        NodeMetrics.Of(
            NodeYearLosses.Dense(given.Losses, given.Losses, given.Losses),
            new ReturnPeriodGrid(given.Losses.Length, Convention(given.Weibull), TrialWeights.Of(given.Weights), returnPeriods),
            new MetricsWorkspace());

    private static double Loss(NodeMetrics metrics, EpType type) => metrics.Points.Single(point => point.Type == type).Loss;
}
