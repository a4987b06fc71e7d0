using RiskDurable.Portfolio.Files;
using RiskDurable.Portfolio.Tables;

namespace RiskDurable.Portfolio.OpenResults;

/// <summary>
/// Reads a QELT (Quantile Event Loss Table) and takes the moments of its quantile functions: linear between quantiles, from 0 at probability 0
/// where the table does not start there, constant from the last quantile on.
/// </summary>
internal static class OrdQuantiles
{
    private const int EventId = 0;
    private const int SummaryId = 1;
    private const int Quantile = 2;
    private const int Loss = 3;

    private static readonly TableColumn[] Columns =
    [
        new("EventId", IsWhole: true, IsRequired: true, "event_id"),
        new("SummaryId", IsWhole: true, IsRequired: true, "summary_id"),
        new("Quantile", IsWhole: false, IsRequired: true),
        new("Loss", IsWhole: false, IsRequired: true),
    ];

    /// <summary>Reads a table.</summary>
    /// <param name="files">Where it is.</param>
    /// <param name="file">The table.</param>
    /// <returns>The rows of each summary.</returns>
    /// <exception cref="BadInputException">The table is not sound.</exception>
    public static SortedDictionary<long, List<OrdEltRow>> Read(IPortfolioFiles files, string file)
    {
        using NumberTable table = NumberTable.Open(files, file, Columns, isForeign: true);
        var points = new Dictionary<(long Summary, long Event), List<(double Quantile, double Loss, long Place)>>();
        while (table.Next())
        {
            for (int row = 0; row < table.Count; row++)
            {
                double quantile = table.Real(Quantile)[row];
                double loss = table.Real(Loss)[row];
                if (!(quantile >= 0 && quantile <= 1))
                {
                    table.Problems.Add(table.PlaceOf(row), FormattableString.Invariant($"'Quantile' is {quantile}; a number from 0 to 1 was expected."));
                }
                else if (!(loss >= 0 && double.IsFinite(loss)))
                {
                    table.Problems.Add(table.PlaceOf(row), FormattableString.Invariant($"'Loss' is {loss}; an amount of at least 0 was expected."));
                }
                else
                {
                    var key = (table.Whole(SummaryId)[row], table.Whole(EventId)[row]);
                    (points.TryGetValue(key, out var list) ? list : points[key] = []).Add((quantile, loss, table.PlaceOf(row)));
                }
            }
        }

        var summaries = new SortedDictionary<long, List<OrdEltRow>>();
        foreach (((long summary, long eventId), var quantiles) in points)
        {
            quantiles.Sort();
            for (int i = 1; i < quantiles.Count; i++)
            {
                if (quantiles[i].Loss < quantiles[i - 1].Loss || quantiles[i].Quantile == quantiles[i - 1].Quantile)
                {
                    table.Problems.Add(
                        quantiles[i].Place, $"The quantiles of event {eventId} of summary {summary} do not ascend; losses must not fall as the quantile grows.");
                }
            }

            (summaries.TryGetValue(summary, out List<OrdEltRow>? rows) ? rows : summaries[summary] = []).Add(Moments(eventId, quantiles));
        }

        if (summaries.Count == 0 && !table.Problems.Any)
        {
            table.Problems.Add("", "The table has no rows.");
        }

        table.Problems.ThrowIfAny();
        return summaries;
    }

    private static OrdEltRow Moments(long eventId, List<(double Quantile, double Loss, long Place)> quantiles)
    {
        double mean = 0;
        double square = 0;
        (double quantile, double loss) = (0, quantiles[0].Quantile > 0 ? 0 : quantiles[0].Loss);
        foreach ((double nextQuantile, double nextLoss, _) in quantiles.Append((1, quantiles[^1].Loss, 0)))
        {
            double width = nextQuantile - quantile;
            mean += width * (loss + nextLoss) / 2;
            square += width * ((loss * loss) + (loss * nextLoss) + (nextLoss * nextLoss)) / 3;
            (quantile, loss) = (nextQuantile, nextLoss);
        }

        return new OrdEltRow(eventId, mean, Math.Sqrt(Math.Max(square - (mean * mean), 0)), 0, loss);
    }
}
