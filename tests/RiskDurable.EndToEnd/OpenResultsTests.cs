using System.Globalization;
using RiskDurable.Execution.Results;
using RiskDurable.Portfolio.OpenResults;
using RiskDurable.Reference;

namespace RiskDurable.EndToEnd;

/// <summary>Results in the form of Open Results Data, and back.</summary>
public sealed class OpenResultsTests
{
    [Theory]
    [InlineData("csv")]
    [InlineData("parquet")]
    public async Task Period_losses_of_the_export_add_up_to_the_year_losses_and_come_back_as_the_same_portfolio(string format)
    {
        using var folder = new TemporaryFolder();
        await Risk("sample", folder["book"], "--deals", "5", "--trials", "300", "--seed", "3");
        await Risk("rollup", folder["book"], "--out", folder["results"], "--data", folder["data"], "--csv", "--block-trials", "70");
        await Risk("export", "ord", folder["results"], "--out", folder["ord"], "--portfolio", folder["book"], "--data", folder["data"], "--format", format);

        RollupReport report = ResultFiles.ReadReport(folder["results"]);
        Assert.Equal(
            report.Nodes.Select((node, i) => $"{i + 1},{node.Node}").Prepend("SummaryId,Node"),
            await File.ReadAllLinesAsync(folder["ord/summary-info.csv"], TestContext.Current.CancellationToken));

        // As losses of events: what an event costs the whole portfolio differs from year to year, so each occurrence becomes an event of its own.
        List<double[]> splt = Read(folder[$"ord/splt.{format}"], OrdColumn.Splt);
        Dictionary<int, YltRow> years = ResultFile.ReadYlt(folder["results/ylt.csv"]).Where(row => row.Node == "/").ToDictionary(row => row.Trial);
        Assert.Equal(years.Keys.Order(), splt.Select(row => (int)row[0]).Distinct().Order());
        foreach (IGrouping<double, double[]> period in splt.GroupBy(row => row[0]))
        {
            Assert.Equal(years[(int)period.Key].AggregateLoss, period.Sum(row => row[10]), 1e-6);
            Assert.Equal(years[(int)period.Key].MaxOccurrenceLoss, Math.Max(0, period.Max(row => row[10])));
            Assert.All(period, row => Assert.Equal(1 / 300.0, row[1]));
        }

        List<double[]> ept = Read(folder[$"ord/ept.{format}"], OrdColumn.Ept);
        Assert.Equal(
            ResultFile.ReadEpt(folder["results/ept.csv"]).Select(row => (row.Node, row.EpType, row.ReturnPeriod, row.Loss)).Order(),
            ept.Select(row => (report.Nodes[(int)row[0] - 1].Node, (int)row[2], row[3], row[4])).Order());

        List<string> melt = ["EventId,SummaryId,MeanLoss"];
        List<string> occurrence = ["EventId,Period,Month,Day,Hour,Minute"];
        foreach ((int id, double[] row) in splt.Where(row => row[10] > 0).Index())
        {
            melt.Add(FormattableString.Invariant($"{id},1,{row[10]:R}"));
            occurrence.Add(string.Join(',', new[] { id, row[0], row[4], row[5], row[6], row[7] }.Select(value => value.ToString("R", CultureInfo.InvariantCulture))));
        }

        await File.WriteAllLinesAsync(folder["melt.csv"], melt, TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(folder["occurrence.csv"], occurrence, TestContext.Current.CancellationToken);
        await Risk("import", "ord", folder["back"], "--melt", folder["melt.csv"], "--occurrence", folder["occurrence.csv"], "--periods", "300");
        await Risk("rollup", folder["back"], "--out", folder["again"], "--data", folder["data"]);
        RollupReport again = ResultFiles.ReadReport(folder["again"]);
        Assert.Equal(
            report.Nodes[0].Curves.Single(curve => curve.EpType == 1).Points.Select(point => point.Loss),
            again.Nodes[0].Curves.Single(curve => curve.EpType == 1).Points.Select(point => point.Loss));
    }

    [Fact]
    public async Task Period_losses_are_those_of_the_report_however_its_rollup_was_asked_for()
    {
        using var folder = new TemporaryFolder();
        await Risk("sample", folder["book"], "--deals", "3", "--trials", "100");
        await Risk(
            "rollup", folder["book"], "--out", folder["results"], "--data", folder["data"], "--csv",
            "--sampling", "beta", "--seed", "7", "--rank-convention", "weibull", "--level", "tags");
        await Risk("export", "ord", folder["results"], "--out", folder["ord"], "--portfolio", folder["book"], "--data", folder["data"]);

        Dictionary<int, YltRow> years = ResultFile.ReadYlt(folder["results/ylt.csv"]).Where(row => row.Node == "/").ToDictionary(row => row.Trial);
        List<double[]> splt = Read(folder["ord/splt.csv"], OrdColumn.Splt);
        Assert.NotEmpty(splt);
        Assert.All(splt, row => Assert.Equal(1, row[9]));
        Assert.All(Read(folder["ord/ept.csv"], OrdColumn.Ept), row => Assert.Equal(2, row[1]));
        Assert.Equal(years.Keys.Order(), splt.Select(row => (int)row[0]).Distinct().Order());
        Assert.All(splt.GroupBy(row => (int)row[0]), period => Assert.Equal(years[period.Key].AggregateLoss, period.Sum(row => row[10]), 1e-6));
    }

    [Fact]
    public async Task Period_losses_need_the_year_event_table_that_was_rolled_up()
    {
        using var folder = new TemporaryFolder();
        await Risk("sample", folder["book"], "--deals", "3", "--trials", "50");
        await Risk("rollup", folder["book"], "--out", folder["results"], "--data", folder["data"]);
        await Risk("sample", folder["book"], "--deals", "3", "--trials", "50", "--seed", "9", "--overwrite");
        RiskOutcome outcome = await RiskCommand.Run("export", "ord", folder["results"], "--out", folder["ord"], "--portfolio", folder["book"], "--data", folder["data"]);
        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("This is not the year-event table that was rolled up", outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["ord"]) && Directory.EnumerateFiles(folder["ord"]).Any());
    }

    private static async Task Risk(params string[] arguments)
    {
        RiskOutcome outcome = await RiskCommand.Run(arguments);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
    }

    private static List<double[]> Read(string file, IReadOnlyList<OrdColumn> columns) => ResultFile.ReadNumbers(file, [.. columns.Select(column => column.Name)]);
}
