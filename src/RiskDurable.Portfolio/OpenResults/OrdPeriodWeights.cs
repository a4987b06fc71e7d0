using RiskDurable.Portfolio.Files;
using RiskDurable.Portfolio.Tables;

namespace RiskDurable.Portfolio.OpenResults;

/// <summary>Weights of periods: from a table of their own, or from those that a PLT gives to the periods that it lists.</summary>
internal static class OrdPeriodWeights
{
    private const int Period = 0;
    private const int Weight = 1;

    private static readonly TableColumn[] Columns =
    [
        new("Period", IsWhole: true, IsRequired: true, "period_no"),
        new("PeriodWeight", IsWhole: false, IsRequired: true, "weighting"),
    ];

    /// <summary>Reads a table of weights; a period that is not in it has weight 0.</summary>
    /// <param name="files">Where it is.</param>
    /// <param name="file">The table.</param>
    /// <param name="periods">Number of periods.</param>
    /// <exception cref="BadInputException">The table is not sound.</exception>
    public static double[] Read(IPortfolioFiles files, string file, int periods)
    {
        using NumberTable table = NumberTable.Open(files, file, Columns, isForeign: true);
        double[] weights = new double[periods];
        var seen = new HashSet<long>();
        while (table.Next())
        {
            for (int row = 0; row < table.Count; row++)
            {
                long period = table.Whole(Period)[row];
                double weight = table.Real(Weight)[row];
                if (period < 1 || period > periods)
                {
                    table.Problems.Add(table.PlaceOf(row), $"'Period' is {period}, outside 1..{periods}; correct it, or --periods.");
                }
                else if (!(weight >= 0 && double.IsFinite(weight)))
                {
                    table.Problems.Add(table.PlaceOf(row), FormattableString.Invariant($"'PeriodWeight' is {weight}; a finite number of at least 0 was expected."));
                }
                else if (!seen.Add(period))
                {
                    table.Problems.Add(table.PlaceOf(row), $"Period {period} has a weight already; keep one row.");
                }
                else
                {
                    weights[period - 1] = weight;
                }
            }
        }

        if (!table.Problems.Any && weights.All(weight => weight == 0))
        {
            table.Problems.Add("", "All weights are 0; at least one period must count.");
        }

        table.Problems.ThrowIfAny();
        return weights;
    }

    /// <summary>
    /// Weights of all periods from those of the periods with losses: as weights add up to 1, the others share evenly what is left.
    /// </summary>
    /// <param name="file">The PLT, for messages.</param>
    /// <param name="listed">Weights of the periods that it lists.</param>
    /// <param name="periods">Number of periods.</param>
    /// <returns>Null where the weights say nothing: there are none, or each is 1 / periods.</returns>
    /// <exception cref="BadInputException">The weights do not tell those of the periods without losses.</exception>
    public static double[]? Complete(string file, IReadOnlyDictionary<int, double> listed, int periods)
    {
        double first = listed.Count == 0 ? 0 : listed.Values.First();
        bool isEven = listed.Values.All(weight => Math.Abs(weight - first) <= 1e-6 * Math.Abs(first));

        // Nought where nobody set weights; tables hold single precision.
        if (isEven && (first == 0 || Math.Abs((first * periods) - 1) <= 1e-5 || listed.Count == periods))
        {
            return null;
        }

        double left = 1 - listed.Values.Sum();
        int others = periods - listed.Count;
        if (listed.Values.Any(weight => !(weight >= 0)) || (others > 0 && left < -1e-5))
        {
            throw new BadInputException([new Problem(
                file,
                "",
                "'PeriodWeight' differs from period to period, and the weights of periods without losses do not follow from it (they add up to 1); give all with --period-weights.")]);
        }

        double[] weights = new double[periods];
        Array.Fill(weights, others > 0 ? Math.Max(left, 0) / others : 0);
        foreach ((int period, double weight) in listed)
        {
            weights[period - 1] = weight;
        }

        return weights;
    }
}
