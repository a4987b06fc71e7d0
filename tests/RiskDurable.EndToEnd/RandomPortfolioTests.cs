using RiskDurable.Reference;

namespace RiskDurable.EndToEnd;

/// <summary>Whole runs against the reference that knows nothing of the product.</summary>
public sealed class RandomPortfolioTests
{
    private static readonly int Small = LongTests.Choose(300, 5000);
    private static readonly int Large = LongTests.Choose(4, 60);

    [Fact]
    public Task Hundreds_of_small_portfolios_agree_with_the_definitions() => Compare(Enumerable.Range(0, Small), PortfolioSize.Small);

    [Fact]
    public Task Portfolios_of_several_blocks_agree_with_the_definitions() => Compare(Enumerable.Range(100_000, Large), PortfolioSize.ManyTrials);

    private static async Task Compare(IEnumerable<int> seeds, PortfolioSize size)
    {
        var failures = new List<string>();
        foreach (int seed in seeds)
        {
            Book book = RandomPortfolio.Create(seed, size);
            ReferenceResult expected = NaiveReference.Run(book);
            using var folder = new TemporaryFolder();
            PortfolioFolder.Write(book, folder["portfolio"], seed);
            RollupOutput output = await RollupOutput.Create(folder["portfolio"], folder.Path, "--block-trials", $"{new Random(seed).Next(1, book.Trials + 50)}");
            List<string> differences = output.DifferencesFrom(expected);
            if (differences.Count > 0)
            {
                failures.Add($"seed {seed}: {differences.Count} differences, the first: {string.Join("; ", differences.Take(3))}");
            }

            failures.AddRange(LossesOfInuredLayers(book, output).Select(loss => $"seed {seed}: fully inured away, but {loss}"));
        }

        Assert.True(failures.Count == 0, $"{failures.Count} failures:{Environment.NewLine}{string.Join(Environment.NewLine, failures.Take(10))}");
    }

    private static IEnumerable<YltRow> LossesOfInuredLayers(Book book, RollupOutput output)
    {
        HashSet<string> inured =
        [
            .. from deal in book.Deals
               from layer in deal.Layers
               where book.FullyInured.Contains($"{deal.Id}/{layer.Id}")
               select NodePath.OfLayer(book, deal, layer),
        ];
        return output.Ylt().Where(row => inured.Contains(row.Node) && row is not { AggregateLoss: 0, MaxOccurrenceLoss: 0 });
    }
}
