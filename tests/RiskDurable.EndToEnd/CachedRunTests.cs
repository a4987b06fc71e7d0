using RiskDurable.Reference;

namespace RiskDurable.EndToEnd;

/// <summary>Outputs of earlier runs are used again; a key that leaves something out would show as a number that did not change.</summary>
public sealed class CachedRunTests
{
    private const int EditsOfABook = 5;

    private static readonly int Books = LongTests.Choose(40, 1500);

    [Fact]
    public async Task After_every_edit_a_warm_run_agrees_with_the_definitions()
    {
        var failures = new List<string>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = TestContext.Current.CancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(300_000, Books), options, async (seed, _) =>
        {
            List<string> found = await Differences(seed);
            lock (failures)
            {
                failures.AddRange(found);
            }
        });
        Assert.True(failures.Count == 0, string.Join(Environment.NewLine, failures.Take(10)));
    }

    private static async Task<List<string>> Differences(int seed)
    {
        var random = new Random(seed);
        var size = new PortfolioSize { MinTrials = 20, MaxTrials = 60 };
        Book book = RandomPortfolio.Create(seed, size);
        string history = $"seed {seed}";
        using var folder = new TemporaryFolder();
        for (int edit = 0; edit <= EditsOfABook; edit++)
        {
            string portfolio = folder[$"portfolio{edit}"];
            PortfolioFolder.Write(book, portfolio, seed);
            RollupOutput output = await RollupOutput.Create(portfolio, folder.Path, blockTrials: 16);
            List<string> differences = output.DifferencesFrom(NaiveReference.Run(book));
            if (differences.Count > 0)
            {
                return [$"{history}: {differences.Count} differences, the first: {differences[0]}"];
            }

            (book, string change) = RandomEdit.Apply(book, random);
            history += $", {change}";
        }

        return [];
    }
}
