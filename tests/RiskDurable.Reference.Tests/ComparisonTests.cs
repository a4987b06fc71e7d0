namespace RiskDurable.Reference.Tests;

/// <summary>A comparison that lets differences pass would make every other test worthless.</summary>
public sealed class ComparisonTests
{
    private static readonly ReferenceResult Result = Enumerable.Range(0, 50).Select(seed => NaiveReference.Run(RandomPortfolio.Create(seed)))
        .First(result => result.Nodes.Count > 10 && result.Nodes["/"].Aggregate.Max() > 0 && result.Nodes["/"].Trials > 100);

    private static readonly YltRow Largest = Result.Ylt().MaxBy(row => row.AggregateLoss)!;

    [Fact]
    public void The_reference_agrees_with_itself_and_without_its_zero_rows()
    {
        Assert.Empty(ResultComparison.OfYlt(Result, Result.Ylt()));
        Assert.Empty(ResultComparison.OfYlt(Result, Result.Ylt().Where(row => row.AggregateLoss != 0 || row.MaxOccurrenceLoss != 0 || row.ReinstatementPremium != 0)));
        Assert.Empty(ResultComparison.OfEpt(Result, Result.Ept()));
    }

    [Theory]
    [InlineData(1 + 1e-8)]
    [InlineData(1 - 1e-8)]
    [InlineData(0)]
    [InlineData(double.NaN)]
    public void A_changed_year_is_seen(double factor)
    {
        IEnumerable<YltRow> rows = Result.Ylt().Select(row => row == Largest ? row with { AggregateLoss = row.AggregateLoss * factor } : row);
        Assert.Single(ResultComparison.OfYlt(Result, rows));
    }

    [Fact]
    public void A_missing_a_doubled_and_a_strange_row_are_seen()
    {
        Assert.NotEmpty(ResultComparison.OfYlt(Result, Result.Ylt().Where(row => row != Largest)));
        Assert.Single(ResultComparison.OfYlt(Result, Result.Ylt().Append(Largest)));
        Assert.Single(ResultComparison.OfYlt(Result, Result.Ylt().Append(Largest with { Node = "/nowhere" })));
        Assert.Single(ResultComparison.OfYlt(Result, Result.Ylt().Append(Largest with { Trial = 100_000 })));
    }

    [Fact]
    public void A_changed_and_a_missing_point_of_a_curve_are_seen()
    {
        EptRow point = Result.Ept().MaxBy(row => row.Loss)!;
        Assert.Single(ResultComparison.OfEpt(Result, Result.Ept().Where(row => row != point)));
        Assert.Single(ResultComparison.OfEpt(Result, Result.Ept().Select(row => row == point ? row with { Loss = row.Loss * (1 + 1e-8) } : row)));
    }

    [Fact]
    public void Quoted_fields_are_read_back() =>
        Assert.Equal([["a,b", "say \"x\"", "", "two\nlines"], ["1", "2", "3", "4"]], CsvRecord.ReadAll("\"a,b\",\"say \"\"x\"\"\",,\"two\nlines\"\r\n1,2,3,4"));
}
