using CsCheck;
using RiskDurable.Kernel.Metrics;

namespace RiskDurable.Kernel.Tests.Metrics;

public sealed class TailWeightsTests
{
    /// <summary>
    /// Four trials; by rank the parent loses 400, 200, 100, 50 without a tie and 400, 200, 200, 50 with trials 1 and 2 tied; the child
    /// loses 100, 50, 150, 20 in the same order. Weights by rank, worked by hand from the definition (return periods of
    /// ranks: 4, 2, 4/3, 1):
    /// period 4: k = 1: 1. Period 3: k = 2, a = (3 - 2) / (4 - 2) = 0.5: 1.5, 0.5. Period 2: k = 2: 1, 1.
    /// Period 1.5: k = 3, a = (1.5 - 4/3) / (2 - 4/3) = 0.25: 1, 1.25, 0.75. Period 4/3: k = 3: 1, 1, 1.
    /// Period 1.2: k = 4, a = (1.2 - 1) / (4/3 - 1) = 0.6: 1, 1, 1.6, 0.4.
    /// Tied ranks 2 and 3 get the mean of their two weights, as at period 2: (1 + 0) / 2.
    /// </summary>
    [Theory]
    [InlineData(4, 400 / 1.0, 100 / 1.0, 400 / 1.0, 100 / 1.0)]
    [InlineData(3, 700 / 2.0, (150 + 25) / 2.0, 700 / 2.0, (150 + 12.5 + 37.5) / 2)]
    [InlineData(2, 600 / 2.0, (100 + 50) / 2.0, 600 / 2.0, (100 + 25 + 75) / 2.0)]
    [InlineData(1.5, (400 + 250 + 75) / 3.0, (100 + 62.5 + 112.5) / 3, 800 / 3.0, (100 + 50 + 150) / 3.0)]
    [InlineData(4 / 3.0, 700 / 3.0, (100 + 50 + 150) / 3.0, 800 / 3.0, (100 + 50 + 150) / 3.0)]
    [InlineData(1.2, (400 + 200 + 160 + 20) / 4.0, (100 + 50 + 240 + 8) / 4.0, (400 + 260 + 260 + 20) / 4.0, (100 + 65 + 195 + 8) / 4.0)]
    public void Tied_trials_share_the_weight_of_their_ranks(
        double returnPeriod, double tvarWithoutTies, double contributionWithoutTies, double tvarWithTies, double contributionWithTies)
    {
        string[][] rows = Vectors.Rows("worked_small", "cometric_ties.csv", "trial");
        double[] Column(int column) =>
            [.. rows.OrderBy(row => Vectors.Number(row[0])).Select(row => Vectors.Number(row[column]))];

        foreach ((double[] parent, double[] child, double tvar, double contribution) in new[]
        {
            (Column(1), Column(2), tvarWithoutTies, contributionWithoutTies),
            (Column(3), Column(4), tvarWithTies, contributionWithTies),
        })
        {
            TailWeights weights = TailWeights.For(YearLosses.Dense(parent), returnPeriod);
            Assert.Equal(contribution, weights.Contribution(YearLosses.Dense(child)), 1e-12 * contribution);
            Assert.Equal(tvar, weights.Contribution(YearLosses.Dense(parent)), 1e-12 * tvar);
            Assert.Equal(tvar, ExceedanceCurve.Of(YearLosses.Dense(parent)).TailValueAtRisk(returnPeriod), 1e-12 * tvar);
        }
    }

    [Fact]
    public void A_tail_that_reaches_into_years_of_nothing_takes_each_of_them_alike()
    {
        // Ranks: 8, then three years of 0 (two of them not listed), then -1.
        // Period 5/3: k = 3, so 1 + 1 falls on the three zeros: 2/3 each.
        YearLosses parent = YearLosses.Sparse([0, 1, 4], [-1, 0, 8], 5);
        TailWeights weights = TailWeights.For(parent, 5 / 3.0);
        double[] ofTrial = [.. Enumerable.Range(0, 5).Select(weights.WeightOf)];
        Assert.Equal([0, 2 / 9.0, 2 / 9.0, 2 / 9.0, 1 / 3.0], ofTrial, (x, y) => Math.Abs(x - y) < 1e-15);
        Assert.Equal(10 * (2 / 9.0), weights.Contribution(YearLosses.Sparse([2], [10], 5)), 1e-14);
    }

    [Fact]
    public void Weights_agree_with_the_definition_and_add_up_to_one() =>
        LossGenerators.YearsAndReturnPeriod.Sample((parent, returnPeriod) =>
        {
            TailWeights weights = TailWeights.For(YearLosses.Dense(parent), returnPeriod);
            double[] expected = NaiveMetrics.TailWeights(parent, returnPeriod);
            double total = 0;
            for (int trial = 0; trial < parent.Length; trial++)
            {
                Assert.Equal(expected[trial], weights.WeightOf(trial), 1e-13);
                total += weights.WeightOf(trial);
            }

            Assert.Equal(1, total, 1e-11);
        });

    [Fact]
    public void Contributions_add_up_to_the_parents_TVaR() =>
        Gen.Select(LossGenerators.YearsAndReturnPeriod, Gen.ULong).Sample((case_, seed) =>
        {
            (double[] parent, double returnPeriod) = case_;
            double[][] children = Split(parent, seed);
            double scale = parent.Max(Math.Abs) + children.Max(child => child.Max(Math.Abs));
            double tvar = ExceedanceCurve.Of(YearLosses.Dense(parent)).TailValueAtRisk(returnPeriod);
            TailWeights weights = TailWeights.For(YearLosses.Dense(parent), returnPeriod);
            double sum = children.Sum(child => weights.Contribution(YearLosses.Dense(child)));
            Assert.Equal(tvar, sum, 1e-12 * scale);
        });

    [Fact]
    public void Contributions_have_the_same_bits_for_dense_and_sparse_parents_and_children() =>
        Gen.Select(LossGenerators.YearsAndReturnPeriod, Gen.ULong, Gen.Int[0, 8]).Sample((case_, seed, modulus) =>
        {
            (double[] parent, double returnPeriod) = case_;
            double[] child = Split(parent, seed)[0];
            YearLosses sparseParent = LossGenerators.Sparse(parent, trial => trial % 8 < modulus).AsYearLosses(parent.Length);
            YearLosses sparseChild = LossGenerators.Sparse(child, trial => trial % 5 == modulus).AsYearLosses(parent.Length);
            TailWeights ofDense = TailWeights.For(YearLosses.Dense(parent), returnPeriod);
            TailWeights ofSparse = TailWeights.For(sparseParent, returnPeriod);
            double expected = ofDense.Contribution(YearLosses.Dense(child));
            Bits.Same(expected, ofDense.Contribution(sparseChild));
            Bits.Same(expected, ofSparse.Contribution(YearLosses.Dense(child)));
            Bits.Same(expected, ofSparse.Contribution(sparseChild));
        });

    [Fact]
    public void A_child_of_other_trials_is_refused()
    {
        TailWeights weights = TailWeights.For(YearLosses.Dense([1, 2, 3]), 3);
        Assert.Throws<ArgumentException>(() => weights.Contribution(YearLosses.Dense([1, 2])));
        Assert.Throws<ArgumentOutOfRangeException>(() => weights.WeightOf(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => TailWeights.For(YearLosses.Dense([1, 2, 3]), 4));
    }

    // Three children, many of whose years are zero; the third is what is left, so it may be negative.
    private static double[][] Split(double[] parent, ulong seed)
    {
        var random = new SplitMix(seed);
        double[][] children = [new double[parent.Length], new double[parent.Length], new double[parent.Length]];
        for (int trial = 0; trial < parent.Length; trial++)
        {
            children[0][trial] = random.Uniform() < 0.5 ? 0 : parent[trial] * random.Uniform();
            children[1][trial] = random.Uniform() < 0.7 ? 0 : parent[trial] * random.Uniform();
            children[2][trial] = parent[trial] - children[0][trial] - children[1][trial];
        }

        return children;
    }
}
