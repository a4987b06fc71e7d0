using RiskDurable.Kernel.Metrics;

namespace RiskDurable.Kernel.Tests.Metrics;

public sealed class NodeMetricsTests
{
    private const int Trials = 20_000;

    [Fact]
    public void Points_come_by_curve_and_return_period_without_those_above_the_trials()
    {
        double[] losses = [.. Enumerable.Range(1, 300).Select(trial => (double)trial)];
        var metrics = NodeMetrics.Of(NodeYearLosses.Dense(losses, losses, losses), ReturnPeriodGrid.Default(300), new MetricsWorkspace());
        double[] reached = [2, 5, 10, 25, 50, 100, 200, 250];
        Assert.Equal([EpType.Oep, EpType.OepTvar, EpType.Aep, EpType.AepTvar], metrics.Points.Select(point => point.Type).Distinct());
        foreach (EpType type in Enum.GetValues<EpType>())
        {
            Assert.Equal(reached, metrics.Points.Where(point => point.Type == type).Select(point => point.ReturnPeriod));
        }

        Assert.Null(metrics.Layer);
    }

    [Fact]
    public void Points_and_intervals_are_those_of_the_whole_curves()
    {
        (int[] trials, double[] aggregate, double[] maxOccurrence, double[] premium) = Losses(seed: 11);
        var metrics = NodeMetrics.Of(
            NodeYearLosses.Sparse(trials, aggregate, maxOccurrence, premium, Trials),
            ReturnPeriodGrid.Default(Trials),
            new MetricsWorkspace());
        Assert.Equal(48, metrics.Points.Count);
        ExceedanceCurve oep = ExceedanceCurve.Of(YearLosses.Sparse(trials, maxOccurrence, Trials));
        ExceedanceCurve aep = ExceedanceCurve.Of(YearLosses.Sparse(trials, aggregate, Trials));
        foreach (ExceedancePoint point in metrics.Points)
        {
            ExceedanceCurve curve = point.Type is EpType.Oep or EpType.OepTvar ? oep : aep;
            bool isTvar = point.Type is EpType.OepTvar or EpType.AepTvar;
            Bits.Same(isTvar ? curve.TailValueAtRisk(point.ReturnPeriod) : curve.ValueAtRisk(point.ReturnPeriod), point.Loss);
            Assert.Equal(isTvar ? TvarInterval.At(curve, point.ReturnPeriod) : VarInterval.At(curve, point.ReturnPeriod), point.Interval);
            Assert.Equal(!isTvar || Trials / point.ReturnPeriod >= 100, point.Interval.Lower is not null);
        }
    }

    /// <summary>Pinned: whoever runs the tests without AVX2 or without hardware intrinsics at all must see the same bits.</summary>
    [Fact]
    public void Metrics_have_the_same_bits_on_every_machine()
    {
        (int[] trials, double[] aggregate, double[] maxOccurrence, double[] premium) = Losses(seed: 7);
        var metrics = NodeMetrics.Of(
            NodeYearLosses.Sparse(trials, aggregate, maxOccurrence, premium, Trials),
            ReturnPeriodGrid.Default(Trials),
            new MetricsWorkspace());
        ulong digest = 0;
        void Add(double? value) =>
            digest = ((digest << 7) | (digest >> 57)) ^ (BitConverter.DoubleToUInt64Bits(value ?? -1) * 0x9E3779B97F4A7C15);

        Add(metrics.Annual.AverageAnnualLoss);
        Add(metrics.Annual.StandardDeviation);
        Add(metrics.Annual.StandardError);
        Add(metrics.Annual.ExpectedReinstatementPremium);
        foreach (ExceedancePoint point in metrics.Points)
        {
            Add(point.Loss);
            Add(point.Interval.Lower);
            Add(point.Interval.Upper);
        }

        YearLosses losses = YearLosses.Sparse(trials, aggregate, Trials);
        Add(TailWeights.For(losses, 123.4).Contribution(YearLosses.Sparse(trials, maxOccurrence, Trials)));
        Assert.Equal(3416145573227228480UL, digest);
    }

    [Fact]
    public void A_grid_for_other_trials_is_refused() =>
        Assert.Throws<ArgumentException>(() =>
            NodeMetrics.Of(NodeYearLosses.Dense([1], [1], [0]), ReturnPeriodGrid.Default(2), new MetricsWorkspace()));

    [Fact]
    public void Rate_and_loss_on_line_are_blank_without_a_limit()
    {
        Assert.Equal(new LayerMeasures(0.25, 0.1, 0.04), LayerMeasures.Of(0.25, 5_000_000, 500_000, 200_000));
        Assert.Equal(new LayerMeasures(0.25, null, null), LayerMeasures.Of(0.25, double.PositiveInfinity, 500_000, 200_000));
        Assert.Equal(new LayerMeasures(1, null, null), LayerMeasures.Of(1, 0, 500_000, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => LayerMeasures.Of(1.125, 1, 1, 1));
    }

    // Heavy-tailed losses in a third of the years, cut by a limit; a few gains. Arithmetic alone, no library function.
    private static (int[] Trials, double[] Aggregate, double[] MaxOccurrence, double[] Premium) Losses(ulong seed)
    {
        var random = new SplitMix(seed);
        int[] trials = [.. Enumerable.Range(0, Trials).Where(_ => random.Uniform() < 0.35)];
        double[] aggregate = new double[trials.Length], maxOccurrence = new double[trials.Length], premium = new double[trials.Length];
        for (int i = 0; i < trials.Length; i++)
        {
            double first = Math.Min(1e5 / Math.Sqrt(random.Uniform()), 4e6), second = 1e5 * random.Uniform();
            aggregate[i] = random.Uniform() < 0.02 ? -second : first + second;
            maxOccurrence[i] = aggregate[i] < 0 ? 0 : Math.Max(first, second);
            premium[i] = aggregate[i] > 1e6 ? 1234.5 * random.Uniform() : 0;
        }

        return (trials, aggregate, maxOccurrence, premium);
    }
}
