using BenchmarkDotNet.Attributes;
using RiskDurable.Kernel;
using RiskDurable.Kernel.Metrics;

namespace RiskDurable.Bench.Micro;

/// <summary>What is done with years: the aggregate terms of 1,000 trials of 140 losses, the tail and the curves of 100,000 trials, sums of lists.</summary>
public class YearLoops
{
    private const int Folded = 1_000;
    private const int LossesATrial = 140;
    private const int Trials = 100_000;
    private const int Lists = 64;
    private const int ListLength = 1_000;

    private readonly MetricsWorkspace _workspace = new();
    private readonly ReturnPeriodGrid _grid = ReturnPeriodGrid.Default(Trials);
    private readonly double[] _losses = new double[Folded * LossesATrial];
    private readonly double[] _years = new double[Trials];
    private readonly double[] _none = new double[Trials];
    private readonly long[] _keys = new long[Trials];
    private readonly long[] _scratch = new long[Trials];
    private readonly OccurrenceLosses[] _lists = new OccurrenceLosses[Lists];
    private readonly OccurrenceSum _sum = new(LossMemory.Fresh);
    private LayerTerms _terms = LayerTerms.GroundUp;

    [GlobalSetup]
    public void Prepare()
    {
        var random = new SplitMix(5);
        Fill(ref random, _losses);
        Fill(ref random, _years);
        _terms = KernelCases.Binding(_losses.Average() * LossesATrial);
        for (int list = 0; list < Lists; list++)
        {
            int[] positions = new int[ListLength];
            double[] losses = new double[ListLength];
            for (int i = 0; i < ListLength; i++)
            {
                positions[i] = (i * 2_500) + (int)random.Below(2_500);
            }

            Fill(ref random, losses);
            _lists[list] = new OccurrenceLosses(positions, losses);
        }
    }

    /// <summary>Retention and limit of a year, in order of time.</summary>
    [Benchmark(OperationsPerInvoke = Folded * LossesATrial)]
    public double AggregateTermsInOrder()
    {
        double sum = 0;
        for (int trial = 0; trial < Folded; trial++)
        {
            sum += AggregateTerms.FoldYear(new ListedLosses(_losses.AsSpan(trial * LossesATrial, LossesATrial)), _terms).Total;
        }

        return sum;
    }

    /// <summary>The largest twentieth of the years in order.</summary>
    [Benchmark(OperationsPerInvoke = Trials)]
    public void TailSelection()
    {
        for (int i = 0; i < Trials; i++)
        {
            _keys[i] = BitConverter.DoubleToInt64Bits(_years[i]);
        }

        DescendingRadix.SortLargest(_keys, _scratch, Trials / 20);
    }

    /// <summary>All metrics of a node.</summary>
    [Benchmark(OperationsPerInvoke = Trials)]
    public int NodeMetricsOfAYear() => NodeMetrics.Of(NodeYearLosses.Dense(_years, _years, _none), _grid, _workspace).Points.Count;

    /// <summary>A node's losses from those of 64 others.</summary>
    [Benchmark(OperationsPerInvoke = Lists * ListLength)]
    public OccurrenceLosses SumOfLists()
    {
        _sum.Begin();
        foreach (OccurrenceLosses list in _lists)
        {
            _sum.Add(list, 0.5);
        }

        return _sum.End();
    }

    private static void Fill(ref SplitMix random, double[] losses)
    {
        for (int i = 0; i < losses.Length; i++)
        {
            losses[i] = 1e5 / Math.Sqrt(1 - random.Uniform());
        }
    }
}
