using RiskDurable.Kernel.Metrics;

namespace RiskDurable.Kernel.Tests.Metrics;

public sealed class RankConventionTests
{
    /// <summary>Four losses 40, 30, 20, 10: ranks have return periods 5, 5/2, 5/3, 5/4 instead of 4, 2, 4/3, 1.</summary>
    [Theory]
    [InlineData(5, 40, 40)]
    [InlineData(2.5, 30, 35)]
    [InlineData(3.75, 35, 37.5)]
    [InlineData(1.25, 10, 25)]
    public void Weibulls_convention_reads_the_curve_at_N_plus_one_over_k(double returnPeriod, double loss, double tvar)
    {
        NodeMetrics metrics = Metrics(returnPeriod);
        Assert.Equal(loss, metrics.Points.Single(point => point.Type == EpType.Aep).Loss, 1e-12);
        Assert.Equal(tvar, metrics.Points.Single(point => point.Type == EpType.AepTvar).Loss, 1e-12);
    }

    [Theory]
    [InlineData(5.1)]
    [InlineData(1.2)]
    public void Return_periods_beyond_both_ends_are_left_out(double returnPeriod) => Assert.Empty(Metrics(returnPeriod).Points);

    private static NodeMetrics Metrics(double returnPeriod)
    {
        double[] losses = [20, 40, 10, 30];
        return NodeMetrics.Of(
            NodeYearLosses.Dense(losses, losses, losses), new ReturnPeriodGrid(4, RankConvention.Weibull, null, returnPeriod), new MetricsWorkspace());
    }
}
