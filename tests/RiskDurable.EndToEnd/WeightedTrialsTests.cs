using RiskDurable.Execution.Packing;
using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Results;
using RiskDurable.Execution.Running;
using RiskDurable.Kernel.Metrics;
using RiskDurable.Reference;

namespace RiskDurable.EndToEnd;

/// <summary>Whole runs of portfolios whose trials have weights: year losses are those of the same book without, metrics follow from them by definition.</summary>
public sealed class WeightedTrialsTests
{
    private static readonly int Books = LongTests.Choose(40, 1_000);

    [Fact]
    public async Task Metrics_of_random_weighted_portfolios_follow_from_their_year_losses()
    {
        for (int seed = 0; seed < Books; seed++)
        {
            var random = new Random(seed);
            Book plain = RandomPortfolio.Create(seed, PortfolioSize.Small);
            Book book = plain with { Weights = [.. Enumerable.Range(0, plain.Trials).Select(trial => trial == 0 ? 3 : random.Next(5) == 0 ? 0 : random.NextDouble() * 4)] };
            using var folder = new TemporaryFolder();
            PortfolioFolder.Write(book, folder["portfolio"], seed);
            bool weibull = seed % 3 == 0;
            (_, RollupOutput output) = await Run(folder, random.Next(1, book.Trials + 5), weibull);
            if (seed % 4 == 0)
            {
                // Weights move no loss.
                Assert.Empty(ResultComparison.OfYlt(NaiveReference.Run(plain), output.Ylt()));
            }

            List<string> differences = Differences(book, output, weibull);
            Assert.True(differences.Count == 0, $"seed {seed}: {differences.Count} differences, first {string.Join(Environment.NewLine, differences.Take(3))}");
        }
    }

    [Fact]
    public async Task Weights_that_are_all_equal_change_nothing()
    {
        Book plain = RandomPortfolio.Create(7, PortfolioSize.Small);
        using var folder = new TemporaryFolder();
        PortfolioFolder.Write(plain, folder["portfolio"]);
        PortfolioFolder.Write(plain with { Weights = [.. Enumerable.Repeat(0.25, plain.Trials)] }, folder["weighted"]);
        RollupOutput without = await RollupOutput.Create(folder["portfolio"], folder["a"]);
        RollupOutput with = await RollupOutput.Create(folder["weighted"], folder["b"]);
        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(without.Folder, ResultFiles.Ept), Patience), await File.ReadAllBytesAsync(Path.Combine(with.Folder, ResultFiles.Ept), Patience));
        Assert.Null(with.Report.Inputs.Weights);
    }

    [Fact]
    public async Task New_weights_rerun_no_map_and_no_reduce_job()
    {
        Book plain = RandomPortfolio.Create(11, PortfolioSize.Small);
        using var folder = new TemporaryFolder();
        PortfolioFolder.Write(plain, folder["portfolio"]);
        await Run(folder, 50, weibull: false);
        PortfolioFolder.Write(plain with { Weights = [.. Enumerable.Range(1, plain.Trials).Select(trial => (double)trial)] }, folder["portfolio"]);
        (RunRecord record, RollupOutput output) = await Run(folder, 50, weibull: false);
        Assert.All(record.Stages.Where(stage => stage.Name is "map" or "reduce"), stage => Assert.Equal(0, stage.Run));
        Assert.All(record.Stages.Where(stage => stage.Name == "report"), stage => Assert.Equal(0, stage.Cached));
        Assert.All(output.Report.Nodes, node => Assert.InRange(node.EffectiveTrials!.Value, 1, plain.Trials));
    }

    private static CancellationToken Patience => TestContext.Current.CancellationToken;

    private static async Task<(RunRecord Record, RollupOutput Output)> Run(TemporaryFolder folder, int blockTrials, bool weibull)
    {
        RollupSettings settings = RollupSettings.Default with
        {
            ReturnPeriods = [1, 1.3, 2, 5, 10, 25, 100],
            ContributionPeriods = [2, 10],
            RankConvention = weibull ? RankConvention.Weibull : RankConvention.Empirical,
        };
        (RunRecord record, RollupReport report) = await DirectRun.ExecuteAsync(
            new DirectRunRequest(folder["portfolio"], folder["out"], folder["data"], settings, new PackSettings(blockTrials, 1), 1, Csv: true), null, Patience);
        return (record, new RollupOutput(folder["out"], report));
    }

    private static List<string> Differences(Book book, RollupOutput output, bool weibull)
    {
        var differences = new List<string>();
        void Compare(string what, double expected, double actual, double scale)
        {
            if (!(Math.Abs(expected - actual) <= 1e-9 * scale))
            {
                differences.Add($"{what}: {actual:R}, by definition {expected:R}");
            }
        }

        double[] weights = [.. book.Weights!];
        ILookup<string, YltRow> ylt = output.Ylt().ToLookup(row => row.Node);
        var years = output.Report.Nodes.ToDictionary(node => node.Node, node => (
            Aggregate: Dense(ylt[node.Node], book.Trials, row => row.AggregateLoss), Occurrence: Dense(ylt[node.Node], book.Trials, row => row.MaxOccurrenceLoss)));
        foreach (ReportedNode node in output.Report.Nodes)
        {
            (double[] aggregate, double[] occurrence) = years[node.Node];
            double scale = Math.Max(aggregate.Concat(occurrence).Max(Math.Abs), 1e-300);
            var metrics = new WeightedMetrics(aggregate, weights, weibull);
            Compare($"{node.Node} AAL", metrics.Mean, node.Aal, scale);
            if (node.StandardError is { } error)
            {
                Compare($"{node.Node} standard error", metrics.StandardError, error, 1e3 * scale);
            }

            foreach (ReportedCurve curve in node.Curves)
            {
                var ranked = new WeightedMetrics(curve.EpType <= 2 ? occurrence : aggregate, weights, weibull);
                foreach (ReportedPoint point in curve.Points)
                {
                    double expected = curve.EpType % 2 == 1 ? ranked.ValueAtRisk(point.ReturnPeriod) : ranked.TailValueAtRisk(point.ReturnPeriod);
                    Compare($"{node.Node} {curve.Name} {point.ReturnPeriod}", expected, point.Loss, scale);
                }
            }

            string? parent = node.Node == "/" ? null : node.Node[..Math.Max(node.Node.LastIndexOf('/'), 1)];
            if (parent is not null && !node.Node.Contains("/layer=", StringComparison.Ordinal))
            {
                var tail = new WeightedMetrics(years[parent].Aggregate, weights, weibull);
                foreach (TvarContribution contribution in node.Contributions)
                {
                    double[] shares = tail.TailWeights(contribution.ReturnPeriod);
                    Compare($"{node.Node} contribution {contribution.ReturnPeriod}", aggregate.Zip(shares, (loss, share) => loss * share).Sum(), contribution.Amount, scale);
                }
            }
        }

        return differences;
    }

    private static double[] Dense(IEnumerable<YltRow> rows, int trials, Func<YltRow, double> loss)
    {
        double[] dense = new double[trials];
        foreach (YltRow row in rows)
        {
            dense[row.Trial - 1] = loss(row);
        }

        return dense;
    }
}
