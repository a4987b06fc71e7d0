using System.Collections.Concurrent;
using RiskDurable.Execution.Results;
using RiskDurable.Kernel;
using RiskDurable.Reference;

namespace RiskDurable.EndToEnd;

/// <summary>Whole runs against the reference that knows nothing of the product.</summary>
public sealed class RandomPortfolioTests
{
    private static readonly int Small = LongTests.Choose(300, 10_000);
    private static readonly int Large = LongTests.Choose(4, 100);
    private static readonly int Sampled = LongTests.Choose(24, 1_000);

    [Fact]
    public Task Hundreds_of_small_portfolios_agree_with_the_definitions() => Compare(Enumerable.Range(0, Small), PortfolioSize.Small);

    [Fact]
    public Task Portfolios_of_several_blocks_agree_with_the_definitions() => Compare(Enumerable.Range(100_000, Large), PortfolioSize.ManyTrials);

    /// <summary>Within the error that the tables of quantiles promise, followed through every layer's terms.</summary>
    [Fact]
    public Task Portfolios_with_secondary_uncertainty_agree_with_a_direct_inversion() =>
        Compare(Enumerable.Range(200_000, Sampled), PortfolioSize.Small with { MaxTrials = 60, MaxEventsPerTrial = 8 }, sampled: true);

    private static async Task Compare(IEnumerable<int> seeds, PortfolioSize size, bool sampled = false)
    {
        var failures = new ConcurrentQueue<string>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = TestContext.Current.CancellationToken };
        await Parallel.ForEachAsync(seeds, options, async (seed, _) =>
        {
            try
            {
                foreach (string difference in await Differences(seed, size, sampled))
                {
                    failures.Enqueue($"seed {seed}: {difference}");
                }
            }
            catch (Exception error)
            {
                failures.Enqueue($"seed {seed}: {error}");
            }
        });

        Assert.True(failures.IsEmpty, $"{failures.Count} differences:{Environment.NewLine}{string.Join(Environment.NewLine, failures.Take(20))}");
    }

    private static async Task<List<string>> Differences(int seed, PortfolioSize size, bool sampled)
    {
        Book book = RandomPortfolio.Create(seed, size);
        book = sampled ? RandomUncertainty.AddTo(book, seed) : book;
        LossSampling? sampling = book.Seed is { } seedOfLosses ? new LossSampling(seedOfLosses) : null;
        using var folder = new TemporaryFolder();
        PortfolioFolder.Write(book, folder["portfolio"], seed);
        var random = new Random(seed);
        RollupOutput output = await RollupOutput.Create(folder["portfolio"], folder.Path, random.Next(1, book.Trials + 50), random.Next(1, 3), sampling);
        List<string> differences = output.DifferencesFrom(NaiveReference.Run(book));
        List<string> shown = [.. differences.Take(3)];
        if (differences.Count > shown.Count)
        {
            shown.Add($"and {differences.Count - shown.Count} more");
        }

        if (!output.Ylt().SequenceEqual(ResultFile.ReadYltParquet(Path.Combine(output.Folder, ResultFiles.YltParquet))))
        {
            shown.Add("ylt.parquet and ylt.csv differ");
        }

        if (seed % 4 == 0 && !await IsSameInOtherBlocks(output, folder, random.Next(1, book.Trials + 50), sampling))
        {
            shown.Add("other blocks and threads give other bytes");
        }

        return [.. shown, .. LossesOfInuredLayers(book, output)];
    }

    private static async Task<bool> IsSameInOtherBlocks(RollupOutput output, TemporaryFolder folder, int blockTrials, LossSampling? sampling)
    {
        RollupOutput other = await RollupOutput.Create(folder["portfolio"], folder["other"], blockTrials, threads: 2, sampling);
        return new[] { ResultFiles.YltCsv, ResultFiles.Ept, ResultFiles.YltParquet }.All(file =>
            File.ReadAllBytes(Path.Combine(output.Folder, file)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(other.Folder, file))));
    }

    private static IEnumerable<string> LossesOfInuredLayers(Book book, RollupOutput output)
    {
        HashSet<string> inured =
        [
            .. from deal in book.Deals
               from layer in deal.Layers
               where book.FullyInured.Contains($"{deal.Id}/{layer.Id}")
               select NodePath.OfLayer(book, deal, layer),
        ];
        foreach (YltRow row in output.Ylt().Where(row => inured.Contains(row.Node) && row is not { AggregateLoss: 0, MaxOccurrenceLoss: 0 }))
        {
            yield return $"fully inured away, but {row}";
        }

        foreach (ReportedNode node in output.Report.Nodes.Where(node => inured.Contains(node.Node) && node.AttachmentProbability != 0))
        {
            yield return $"fully inured away, but {node.Node} attaches with probability {node.AttachmentProbability}";
        }
    }
}
