using RiskDurable.Kernel;
using RiskDurable.Portfolio.Files;
using RiskDurable.Portfolio.Model;
using RiskDurable.Portfolio.OpenResults;
using RiskDurable.Portfolio.Reading;
using RiskDurable.Portfolio.Tables;

namespace RiskDurable.Portfolio.Tests.OpenResults;

public sealed class OrdImportTests : IDisposable
{
    private const string Moments = "EventId,SummaryId,SampleType,EventRate,ChanceOfLoss,MeanLoss,SDLoss,MaxLoss,FootprintExposure\n";
    private const string Occurrences = "event_id,period_no,occ_year,occ_month,occ_day\n7,1,2001,3,1\n9,1,2001,1,31\n9,4,2004,2,29\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("riskdurable-ord-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_MELT_and_an_occurrence_table_become_ELTs_a_YET_and_deals_that_pay_in_full()
    {
        OrdImportOptions options = Options() with
        {
            Melt = Put("melt.csv", Moments + "9,1,1,0.1,1,200,50,300,1000\n7,1,1,0.1,1,100.5,0,300,1000\n9,2,1,0.1,1,10,0,0,10\n"),
            Occurrence = Put("occ.csv", Occurrences),
        };
        OrdImportOutcome outcome = Import(options);
        Assert.Equal(new OrdImportOutcome(2, 2, 3, 5, false, 0, 0), outcome);

        PortfolioDefinition portfolio = PortfolioReader.Read(Result);
        Assert.Equal((5, "EUR", 2), (portfolio.Trials, portfolio.Currency, portfolio.Deals.Count));
        EventLossTable first = EltReader.Read(Result, portfolio.Elts["S1"]);
        Assert.Equal([7L, 9], first.EventIds);
        Assert.Equal([100.5, 200], first.MeanLosses);
        Assert.Equal([0.0, 50], first.Uncertainty!.SdIndependent);
        Assert.Equal([1000.0, 1000], first.Uncertainty.Exposure);
        Assert.Null(EltReader.Read(Result, portfolio.Elts["S2"]).Uncertainty);
        Assert.Equal([(1, 9L, 31.0), (1, 7L, 61.0), (4, 9L, 60.0)], Yet(portfolio));
    }

    [Fact]
    public void Split_deviations_stay_split()
    {
        Import(Options() with
        {
            Melt = Put("melt.csv", "EventId,SummaryId,MeanLoss,SDLoss,SDLossInd,SDLossCor,MaxLoss\n7,1,100,50,30,20,1000\n"),
            Occurrence = Put("occ.csv", Occurrences),
        });
        LossUncertainty uncertainty = EltReader.Read(Result, PortfolioReader.Read(Result).Elts["S1"]).Uncertainty!;
        Assert.Equal((30.0, 20.0, 1000.0), (uncertainty.SdIndependent[0], uncertainty.SdCorrelated[0], uncertainty.Exposure[0]));
    }

    /// <summary>Event 7: uniform on 0 to 120: mean 60, sd 120 / sqrt 12. Event 9: 40 from probability 0.5 on, rising to it from 0: mean 0.5 * 20 + 0.5 * 40 = 30.</summary>
    [Fact]
    public void A_QELT_gives_the_moments_of_its_quantile_functions()
    {
        Import(Options() with
        {
            Qelt = Put("qelt.csv", "EventId,SummaryId,Quantile,Loss\n7,1,1,120\n7,1,0,0\n9,1,0.5,40\n"),
            Occurrence = Put("occ.csv", Occurrences),
        });
        EventLossTable table = EltReader.Read(Result, PortfolioReader.Read(Result).Elts["S1"]);
        Assert.Equal([60.0, 30], table.MeanLosses, (x, y) => Math.Abs(x - y) < 1e-12);
        Assert.Equal(120 / Math.Sqrt(12), table.Uncertainty!.SdIndependent[0], 1e-12);
        Assert.Equal(Math.Sqrt((0.5 * 1600 / 3) + (0.5 * 1600) - 900), table.Uncertainty.SdIndependent[1], 1e-12);
        Assert.Equal([120.0, 40], table.Uncertainty.Exposure);
    }

    [Fact]
    public void An_MPLT_alone_gives_losses_and_dates_and_weights()
    {
        OrdImportOutcome outcome = Import(Options() with
        {
            Periods = 3,
            Plt = Put(
                "mplt.csv",
                "Period,PeriodWeight,EventId,Year,Month,Day,Hour,Minute,SummaryId,SampleType,ChanceOfLoss,MeanLoss,SDLoss,MaxLoss,FootprintExposure\n"
                + "1,0.5,7,1,6,1,12,0,1,2,1,100,0,0,0\n1,0.5,7,1,6,1,12,0,2,2,1,5,0,0,0\n3,0.2,7,3,6,2,0,0,1,2,1,100,0,0,0\n"),
        });
        Assert.Equal((2, 2, true), (outcome.Occurrences, outcome.Summaries, outcome.HasWeights));
        PortfolioDefinition portfolio = PortfolioReader.Read(Result);
        Assert.Equal([(1, 7L, 153.5), (3, 7L, 154.0)], Yet(portfolio));
        Assert.Equal([0.5, 0.3, 0.2], TrialsReader.Read(Result, portfolio.TrialsFile!, 3), (x, y) => Math.Abs(x - y) < 1e-12);
    }

    [Fact]
    public void A_deviation_that_no_distribution_has_is_lowered_and_counted()
    {
        OrdImportOutcome outcome = Import(Options() with
        {
            Melt = Put("melt.csv", Moments + "7,1,1,0,1,100,300.1,1000,0\n"),
            Occurrence = Put("occ.csv", Occurrences),
        });
        Assert.Equal(1, outcome.CappedDeviations);
        double deviation = EltReader.Read(Result, PortfolioReader.Read(Result).Elts["S1"]).Uncertainty!.SdIndependent[0];
        Assert.True(deviation < 300 && deviation > 299.999, $"{deviation}");
    }

    public static TheoryData<string, string, string> Refusals => new()
    {
        { "EventId,SummaryId,SDLoss\n7,1,5\n", Occurrences, "melt.csv: line 1: The table has no column 'MeanLoss'." },
        { "SummaryId,MeanLoss\n1,5\n", Occurrences, "melt.csv: line 1: The table has no column 'EventId'." },
        { Moments, Occurrences, "melt.csv: The table has no rows." },
        { Moments + "7,1,1,0,1,-5,0,9,9\n", Occurrences, "melt.csv: line 2: A loss, a standard deviation or an exposure is negative or not finite" },
        { Moments + "7,1,1,0,1,50,0,9,10\n", Occurrences, "melt.csv: line 2: 'MeanLoss' 50 is above 10" },
        { Moments + "7,1,1,0,1,5,0,9,9\n7,1,2,0,1,5,0,9,9\n", Occurrences, "melt.csv: line 3: The table has moments of SampleType 1 and 2; choose one with --sample-type." },
        { Moments + "7,1,1,0,1,5,0,9,9\n7,1,1,0,1,6,0,9,9\n", Occurrences, "melt.csv: line 3: Event 7 of summary 1 has other moments in an earlier row" },
        { Moments + "7,1,1,0,1,5,0,9,9\n", "event_id,occ_month,occ_day\n7,1,1\n", "occ.csv: line 1: The table has no column 'Period'." },
        { Moments + "7,1,1,0,1,5,0,9,9\n", "event_id,period_no,occ_month,occ_day\n7,6,1,1\n", "occ.csv: line 2: 'Period' is 6, outside 1..5; correct it, or --periods." },
        { Moments + "7,1,1,0,1,5,0,9,9\n", "event_id,period_no,occ_month,occ_day\n7,1,2,30\n", "occ.csv: line 2: Month 2, day 30, 0:00 is no time of a year." },
        { Moments + "7,1,1,0,1,5,0,9,9\n", "EventId,Period,Month,Day,PeriodWeight\n7,1,1,1,0.9\n9,2,1,1,0.4\n", "occ.csv: 'PeriodWeight' differs from period to period" },
        { Moments + "7,1,1,0,1,5,0,9,9\n", "EventId,Period,Month,Day,PeriodWeight\n7,1,1,1,0.9\n9,1,1,1,0.4\n", "occ.csv: line 3: Period 1 had another 'PeriodWeight' in an earlier row." },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void What_is_not_sound_is_refused_and_nothing_is_written(string melt, string occurrences, string expected)
    {
        OrdImportOptions options = Options() with { Melt = Put("melt.csv", melt), Occurrence = Put("occ.csv", occurrences) };
        string[] problems = PortfolioFolder.ProblemsOf(() => Import(options));
        Assert.StartsWith(expected, Assert.Single(problems), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder, "out")));
    }

    [Fact]
    public void Problems_of_all_tables_come_in_one_answer()
    {
        OrdImportOptions options = Options() with
        {
            Qelt = Put("qelt.csv", "EventId,SummaryId,Quantile,Loss\n7,1,0.5,40\n7,1,0.9,30\n7,1,1.5,50\n"),
            Occurrence = Put("occ.csv", "EventId,Period,Month,Day\n7,9,1,1\n"),
        };
        Assert.Equal(
            [
                "qelt.csv: line 4: 'Quantile' is 1.5; a number from 0 to 1 was expected.",
                "qelt.csv: line 3: The quantiles of event 7 of summary 1 do not ascend; losses must not fall as the quantile grows.",
                "occ.csv: line 2: 'Period' is 9, outside 1..5; correct it, or --periods.",
            ],
            PortfolioFolder.ProblemsOf(() => Import(options)));
    }

    private FolderFiles Result => new(Path.Combine(_folder, "out"));

    private static OrdImportOptions Options() => new() { Periods = 5, Id = "other", Currency = "EUR" };

    private OrdImportOutcome Import(OrdImportOptions options) =>
        OrdImport.Write(Path.Combine(_folder, "out"), options, null, TestContext.Current.CancellationToken);

    private string Put(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private List<(int Trial, long EventId, double Day)> Yet(PortfolioDefinition portfolio)
    {
        var rows = new List<(int, long, double)>();
        foreach (YetBatch batch in YetReader.Read(Result, portfolio.YetFile, portfolio.Trials))
        {
            for (int i = 0; i < batch.Count; i++)
            {
                rows.Add((batch.Trial[i], batch.EventId[i], batch.Day[i]));
            }
        }

        return rows;
    }
}
