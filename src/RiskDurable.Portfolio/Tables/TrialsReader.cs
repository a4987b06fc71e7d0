using RiskDurable.Portfolio.Files;

namespace RiskDurable.Portfolio.Tables;

/// <summary>Reads the weights of trials from CSV or Parquet (docs/formats.md).</summary>
public static class TrialsReader
{
    private const int Trial = 0;
    private const int Weight = 1;

    // Their squares are added up; nobody means such weights.
    private const double LargestWeight = 1e100;
    private const double SmallestWeight = 1e-100;

    private static readonly TableColumn[] Columns =
    [
        new("trial", IsWhole: true, IsRequired: true),
        new("weight", IsWhole: false, IsRequired: true),
    ];

    /// <summary>Reads the weights: a row for every trial, in any order.</summary>
    /// <param name="files">The portfolio's files.</param>
    /// <param name="file">The table, ending in <c>.csv</c> or <c>.parquet</c>.</param>
    /// <param name="trials">Number of trials of the portfolio.</param>
    /// <returns>The weights by trial, at least 0, one of them above 0.</returns>
    /// <exception cref="BadInputException">The table is not sound; lists at most 50 problems with line or row.</exception>
    public static double[] Read(IPortfolioFiles files, string file, int trials)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        using NumberTable table = NumberTable.Open(files, file, Columns);
        double[] weights = new double[trials];
        Array.Fill(weights, double.NaN);
        while (table.Next())
        {
            for (int row = 0; row < table.Count; row++)
            {
                Set(weights, table, row);
            }
        }

        table.Problems.ThrowIfAny();
        int missing = weights.AsSpan().IndexOf(double.NaN);
        if (missing >= 0)
        {
            table.Problems.Add(
                "",
                FormattableString.Invariant(
                    $"{weights.Count(double.IsNaN)} of {trials} trials have no row, the first is trial {missing + 1}; give each a weight (0 for one that does not count)."));
        }
        else if (!weights.AsSpan().ContainsAnyExcept(0.0))
        {
            table.Problems.Add("", "All weights are 0; at least one trial must count.");
        }

        table.Problems.ThrowIfAny();
        return weights;
    }

    private static void Set(double[] weights, NumberTable table, int row)
    {
        long trial = table.Whole(Trial)[row];
        double weight = table.Real(Weight)[row];
        if (trial < 1 || trial > weights.Length)
        {
            table.Problems.Add(
                table.PlaceOf(row),
                FormattableString.Invariant($"'trial' is {trial}, outside 1..{weights.Length}; correct it, or 'trials' in portfolio.json."));
        }
        else if (weight != 0 && !(weight >= SmallestWeight && weight <= LargestWeight))
        {
            string fault = weight < 0 ? ", which is negative" : double.IsFinite(weight) ? "" : ", which is not finite";
            table.Problems.Add(
                table.PlaceOf(row),
                FormattableString.Invariant($"'weight' is {weight}{fault}; 0 or a number from {SmallestWeight} to {LargestWeight} was expected."));
        }
        else if (!double.IsNaN(weights[trial - 1]))
        {
            table.Problems.Add(table.PlaceOf(row), FormattableString.Invariant($"Trial {trial} has a weight already; keep one row."));
        }
        else
        {
            weights[trial - 1] = weight == 0 ? 0 : weight;
        }
    }
}
