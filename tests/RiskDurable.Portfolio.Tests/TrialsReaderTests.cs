using RiskDurable.Portfolio.Tables;

namespace RiskDurable.Portfolio.Tests;

public sealed class TrialsReaderTests
{
    [Theory]
    [InlineData("trial\n1\n2\n3\n", "trials.csv: line 1: The table has no column 'weight'.")]
    [InlineData("trial,weight\n1,1\n2,-0.5\n3,1\n", "trials.csv: line 3: 'weight' is -0.5, which is negative; 0 or a number from 1E-100 to 1E+100 was expected.")]
    [InlineData("trial,weight\n1,1\n2,Infinity\n3,1\n", "trials.csv: line 3: 'weight' is Infinity, which is not finite")]
    [InlineData("trial,weight\n1,1\n2,1e200\n3,1\n", "trials.csv: line 3: 'weight' is 1E+200; 0 or a number from")]
    [InlineData("trial,weight\n1,1\n4,1\n3,1\n", "trials.csv: line 3: 'trial' is 4, outside 1..3; correct it, or 'trials' in portfolio.json.")]
    [InlineData("trial,weight\n1,1\n1,2\n3,1\n", "trials.csv: line 3: Trial 1 has a weight already; keep one row.")]
    [InlineData("trial,weight\n3,1\n", "trials.csv: 2 of 3 trials have no row, the first is trial 1; give each a weight (0 for one that does not count).")]
    [InlineData("trial,weight\n1,0\n2,0\n3,0\n", "trials.csv: All weights are 0; at least one trial must count.")]
    public void A_table_is_refused_with_the_line_and_the_reason(string csv, string expected)
    {
        string[] problems = PortfolioFolder.ProblemsOf(() => TrialsReader.Read(new PortfolioFolder { ["trials.csv"] = csv }, "trials.csv", trials: 3));
        Assert.StartsWith(expected, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_may_come_in_any_order() =>
        Assert.Equal([0.5, 0, 2], TrialsReader.Read(new PortfolioFolder { ["trials.csv"] = "weight,trial\n2,3\n-0,2\n0.5,1\n" }, "trials.csv", trials: 3));
}
