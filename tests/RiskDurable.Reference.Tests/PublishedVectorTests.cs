namespace RiskDurable.Reference.Tests;

public sealed class PublishedVectorTests
{
    public static TheoryData<string> Examples => [.. WorkedExample.ReadAll().Select(example => example.Id)];

    public static TheoryData<string> Curves => ["AEP", "OEP"];

    [Theory]
    [MemberData(nameof(Examples))]
    public void A_worked_example_gives_the_published_recoveries_and_premium(string id)
    {
        WorkedExample example = WorkedExample.ReadAll().Single(row => row.Id == id);
        LayerYear year = LayerYear.Fold(example.Layer, example.Losses);

        Assert.Equal(example.Recoveries.Sum(), year.Aggregate, 1e-3);
        Assert.Equal(year.Aggregate, year.Recoveries.Sum(), 1e-6);
        if (!example.TotalOnly)
        {
            Assert.Equal(example.Recoveries, year.Recoveries);
        }

        if (example.ReinstatementPremium is double premium)
        {
            Assert.Equal(premium, LayerYear.ReinstatementPremium(example.Layer, year.Aggregate), 1e-9);
        }
    }

    [Fact]
    public void The_row_marked_wrong_is_priced_pro_rata_as_to_amount()
    {
        WorkedExample example = WorkedExample.ReadAll().Single(row => row.Id.EndsWith("WRONG", StringComparison.Ordinal));
        Assert.Equal(600_000, LayerYear.Fold(example.Layer, example.Losses).Aggregate);
        Assert.Equal(1_100, LayerYear.ReinstatementPremium(example.Layer, 600_000), 1e-9);
    }

    [Fact]
    public void An_aggregate_retention_and_an_exhausted_limit_are_taken_in_event_order()
    {
        WorkedExample exhausted = WorkedExample.ReadAll().Single(row => row.Id == "PAL-agglimit");
        Assert.Equal([0, 500_000, 250_000, 250_000], LayerYear.Fold(exhausted.Layer, exhausted.Losses).Recoveries);
        WorkedExample retained = WorkedExample.ReadAll().Single(row => row.Id == "PAL-aggded");
        Assert.Equal([0, 100_000, 250_000, 0], LayerYear.Fold(retained.Layer, retained.Losses).Recoveries);
    }

    [Fact]
    public void Simulated_years_meet_every_price_of_Mata()
    {
        const int Trials = 200_000;
        const int Seed = 20000;
        var random = new Random(Seed);
        double[][] losses =
        [
            .. Enumerable.Range(0, Trials).Select(_ =>
                Enumerable.Range(0, MataExample.LossesOfYear(random)).Select(_ => MataExample.Severity(random.NextDouble())).ToArray()),
        ];

        foreach (IGrouping<(double?, double, double?), MataExample> same in MataExample.ReadAll()
            .GroupBy(example => (example.Layer.OccurrenceLimit, example.Layer.OccurrenceRetention, example.Layer.AggregateLimit)))
        {
            Layer layer = same.First().Layer;
            double[] years = [.. losses.Select(year => LayerYear.Fold(layer, year).Aggregate)];
            foreach (MataExample example in same)
            {
                (double value, double error) = example.Price(years);
                Assert.True(
                    Math.Abs(value - example.Value) <= example.Allowance(error),
                    $"{example.Name}: {value} with standard error {error}, published {example.Value} (seed {Seed})");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Curves))]
    public void The_tail_value_curve_of_Open_Results_Data_is_met_at_every_rank(string curve)
    {
        double[] losses = [.. Vectors.Records("ord_tvar", $"TVAR__EPT_{curve}.csv", headerLine: 3).Select(row => Vectors.Number(row["Loss"]))];
        var reference = new ExceedanceCurve(losses);
        int compared = 0;
        foreach (Dictionary<string, string> row in Vectors.Records("ord_tvar", $"TVAR__EPT_{curve}_TVAR.csv", headerLine: 4))
        {
            double expected = Vectors.Number(row["Loss"]);
            Assert.Equal(expected, reference.TailValueAt(Vectors.Number(row["ReturnPeriod"])), 1e-9 * expected);
            compared++;
        }

        Assert.Equal(100, compared);
        Assert.Equal(100, losses.Length);
    }

    [Theory]
    [InlineData("no_ties", 75, 300)]
    [InlineData("ties", 100, 300)]
    public void Tied_years_share_their_weight_in_a_contribution(string columns, double component, double parent)
    {
        Dictionary<string, string>[] rows = [.. Vectors.Records("worked_small", "cometric_ties.csv")];
        double[] total = [.. rows.Select(row => Vectors.Number(row[$"primary_{columns}"]))];
        double[] part = [.. rows.Select(row => Vectors.Number(row[$"component_{columns}"]))];
        Assert.Equal(component, TailContribution.Of(total, part, 2), 1e-12);
        Assert.Equal(parent, TailContribution.Of(total, total, 2), 1e-12);
    }
}
