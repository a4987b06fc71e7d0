using RiskDurable.Kernel.Metrics;

namespace RiskDurable.Kernel.Tests.Metrics;

/// <summary>
/// The worked examples of Open Results Data, 100 periods. Return periods must agree to the bit; losses to the 15 significant
/// digits that a spreadsheet keeps.
/// </summary>
public sealed class OpenResultsDataTests
{
    private const int Periods = 100;
    private const double SpreadsheetPrecision = 1e-15;

    public static TheoryData<string, bool> SampleMeanTables => new()
    {
        { "EPT_4_Sample_Mean__EPT_Sample_Mean_OEP.csv", true },
        { "EPT_4_Sample_Mean__EPT_Sample_Mean_AEP.csv", false },
    };

    [Theory]
    [MemberData(nameof(SampleMeanTables))]
    public void Sample_mean_tables_come_out_of_the_sample_losses(string file, bool largestOccurrence)
    {
        ExceedanceCurve curve = ExceedanceCurve.Of(YearLosses.Dense(SampleMeans(largestOccurrence)));
        string[][] expected = Vectors.Rows("ord_tvar", file, "SummaryId");
        Assert.Equal(35, expected.Length);
        foreach (string[] row in expected)
        {
            int rank = (int)Vectors.Number(row[5]);
            Assert.Equal(Vectors.Number(row[6]), curve.ReturnPeriodAtRank(rank));
            Close(Vectors.Number(row[7]), curve.LossAtRank(rank));
            Close(Vectors.Number(row[7]), curve.ValueAtRisk(Vectors.Number(row[6])));
        }

        Assert.Equal(0, curve.LossAtRank(36));
    }

    [Theory]
    [InlineData("TVAR__EPT_OEP.csv", "TVAR__EPT_OEP_TVAR.csv")]
    [InlineData("TVAR__EPT_AEP.csv", "TVAR__EPT_AEP_TVAR.csv")]
    public void Loss_and_TVaR_curves_agree_at_all_100_periods(string lossFile, string tvarFile)
    {
        string[][] losses = Vectors.Rows("ord_tvar", lossFile, "SummaryId");
        string[][] tvars = Vectors.Rows("ord_tvar", tvarFile, "SummaryId");
        Assert.Equal(Periods, losses.Length);
        Assert.Equal(Periods, tvars.Length);

        // Spread over the trials, so that ranks come from sorting and not from the order of the table.
        double[] byTrial = new double[Periods];
        for (int row = 0; row < Periods; row++)
        {
            byTrial[row * 37 % Periods] = Vectors.Number(losses[row][2]);
        }

        ExceedanceCurve dense = ExceedanceCurve.Of(YearLosses.Dense(byTrial));
        ExceedanceCurve sparse = ExceedanceCurve.Of(LossGenerators.Sparse(byTrial).AsYearLosses(Periods));
        for (int row = 0; row < Periods; row++)
        {
            double returnPeriod = Vectors.Number(losses[row][1]);
            Assert.Equal(returnPeriod, dense.ReturnPeriodAtRank(row + 1));
            Assert.Equal(Vectors.Number(losses[row][2]), dense.ValueAtRisk(returnPeriod));
            Assert.Equal(returnPeriod, Vectors.Number(tvars[row][1]));
            Close(Vectors.Number(tvars[row][8]), dense.TailValueAtRisk(returnPeriod));
            Bits.Same(dense.TailValueAtRisk(returnPeriod), sparse.TailValueAtRisk(returnPeriod));
        }
    }

    // Sample -1 is the analytical mean and not a sample; a sample without a row has no loss.
    private static double[] SampleMeans(bool largestOccurrence)
    {
        int samples = Vectors.Rows("ord_tvar", "EPT_4_Sample_Mean__SampleId.csv", "SampleId").Count(row => row[0] != "-1");
        double[] means = new double[Periods];
        string[][] rows = Vectors.Rows("ord_tvar", "EPT_4_Sample_Mean__SPLT.csv", "Period");
        foreach (IGrouping<(string Period, string Sample), string[]> year in rows
            .Where(row => row[3] != "-1")
            .GroupBy(row => (row[0], row[3])))
        {
            double[] losses = [.. year.Select(row => Vectors.Number(row[4]))];
            means[(int)Vectors.Number(year.Key.Period) - 1] += largestOccurrence ? losses.Max() : losses.Sum();
        }

        for (int period = 0; period < Periods; period++)
        {
            means[period] /= samples;
        }

        return means;
    }

    private static void Close(double expected, double actual) =>
        Assert.True(Math.Abs(actual - expected) <= SpreadsheetPrecision * Math.Abs(expected), $"expected {expected:R}, got {actual:R}");
}
