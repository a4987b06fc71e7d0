using RiskDurable.Kernel.Metrics;

namespace RiskDurable.Kernel.Tests.Metrics;

public sealed class YearLossesTests
{
    [Theory]
    [InlineData(new[] { 0, 0 }, 3, "0 follows 0")]
    [InlineData(new[] { 2, 1 }, 3, "1 follows 2")]
    [InlineData(new[] { -1, 1 }, 3, "-1 follows -1")]
    [InlineData(new[] { 1, 3 }, 3, "Trial 3 lies outside 0..2")]
    [InlineData(new[] { 0, 1 }, 0, "at least one trial")]
    [InlineData(new[] { 0 }, 3, "Expected 1 amounts")]
    public void Trials_must_ascend_within_their_number(int[] trials, int trialCount, string message)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => YearLosses.Sparse(trials, [1, 2], trialCount));
        Assert.Contains(message, error.Message);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void An_amount_that_is_no_finite_number_is_named(double amount)
    {
        for (int at = 0; at < 5; at++)
        {
            double[] amounts = [1, 2, double.MaxValue, -double.MaxValue, 5];
            amounts[at] = amount;
            ArgumentException error = Assert.Throws<ArgumentException>(() => YearLosses.Dense(amounts));
            Assert.Contains($"amount {at} ", error.Message);
        }
    }

    [Fact]
    public void No_trial_at_all_is_refused() => Assert.Throws<ArgumentException>(() => YearLosses.Dense([]));
}
