using RiskDurable.Reference;

namespace RiskDurable.EndToEnd;

/// <summary>The published examples, run through the product from their files.</summary>
public sealed class PublishedVectorTests
{
    [Fact]
    public async Task Every_worked_example_gives_its_year_and_its_reinstatement_premium()
    {
        using var folder = new TemporaryFolder();
        IReadOnlyList<WorkedExample> examples = WorkedExample.ReadAll();
        Book book = VectorBook.OfWorkedExamples(examples);
        PortfolioFolder.Write(book, folder["portfolio"]);
        RollupOutput output = await RollupOutput.Create(folder["portfolio"], folder.Path);

        Dictionary<string, YltRow> rows = output.Ylt().Where(row => row.Trial == 1).ToDictionary(row => row.Node);
        foreach (WorkedExample example in examples)
        {
            YltRow row = rows[$"/deal={example.Id}/layer=L1"];
            Assert.Equal(example.Recoveries.Sum(), row.AggregateLoss, 1e-3);
            if (!example.TotalOnly)
            {
                Assert.Equal(example.Recoveries.Max(), row.MaxOccurrenceLoss, 1e-6);
            }

            if (example.ReinstatementPremium is double premium)
            {
                Assert.Equal(premium, row.ReinstatementPremium, 1e-9);
            }
        }

        Assert.Empty(output.DifferencesFrom(NaiveReference.Run(book)));
    }

    [Fact]
    public async Task Simulated_portfolios_meet_every_price_of_Mata()
    {
        const int Seed = 302;
        int trials = LongTests.Choose(40_000, 400_000);
        IReadOnlyList<MataExample> examples = MataExample.ReadAll();
        using var folder = new TemporaryFolder();
        Book book = VectorBook.OfMata(examples, trials, Seed);
        PortfolioFolder.Write(book, folder["portfolio"]);
        RollupOutput output = await RollupOutput.Create(folder["portfolio"], folder.Path);

        ILookup<string, YltRow> rows = output.Ylt().ToLookup(row => row.Node);
        foreach (MataExample example in examples)
        {
            double[] losses = [.. rows[$"/deal=Mata/layer={VectorBook.LayerName(example)}"].Select(row => row.AggregateLoss)];
            (double value, double error) = example.Price([.. losses, .. new double[trials - losses.Length]]);
            Assert.True(
                Math.Abs(value - example.Value) <= example.Allowance(error),
                $"{example.Name}: {value} with standard error {error}, published {example.Value} (seed {Seed})");
        }
    }
}
