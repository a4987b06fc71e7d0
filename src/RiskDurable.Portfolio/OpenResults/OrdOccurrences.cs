using RiskDurable.Portfolio.Files;
using RiskDurable.Portfolio.Tables;

namespace RiskDurable.Portfolio.OpenResults;

/// <summary>Which events happen when: read from a PLT (MPLT, QPLT or SPLT) or an occurrence table.</summary>
/// <param name="Rows">The occurrences by period, day and event.</param>
/// <param name="Weights">Weights that the table gives to periods; empty where it gives none.</param>
internal sealed record OrdOccurrences(IReadOnlyList<(int Period, double Day, long EventId)> Rows, IReadOnlyDictionary<int, double> Weights)
{
    private const int EventId = 0;
    private const int Period = 1;
    private const int Month = 2;
    private const int Day = 3;
    private const int Hour = 4;
    private const int Minute = 5;
    private const int PeriodWeight = 6;

    private static readonly TableColumn[] Columns =
    [
        new("EventId", IsWhole: true, IsRequired: true, "event_id"),
        new("Period", IsWhole: true, IsRequired: true, "period_no"),
        new("Month", IsWhole: true, IsRequired: true, "occ_month"),
        new("Day", IsWhole: true, IsRequired: true, "occ_day"),
        new("Hour", IsWhole: true, IsRequired: false, "occ_hour"),
        new("Minute", IsWhole: true, IsRequired: false, "occ_minute"),
        new("PeriodWeight", IsWhole: false, IsRequired: false),
    ];

    /// <summary>Reads a table; rows that differ in summary, sample or quantile only are one occurrence.</summary>
    /// <param name="files">Where it is.</param>
    /// <param name="file">The table.</param>
    /// <param name="periods">Number of periods.</param>
    /// <exception cref="BadInputException">The table is not sound.</exception>
    public static OrdOccurrences Read(IPortfolioFiles files, string file, int periods)
    {
        using NumberTable table = NumberTable.Open(files, file, Columns, isForeign: true);
        var occurrences = new HashSet<(int Period, double Day, long EventId)>();
        var weights = new Dictionary<int, double>();
        while (table.Next())
        {
            for (int row = 0; row < table.Count; row++)
            {
                long period = table.Whole(Period)[row];
                if (period < 1 || period > periods)
                {
                    table.Problems.Add(table.PlaceOf(row), $"'Period' is {period}, outside 1..{periods}; correct it, or --periods.");
                    continue;
                }

                long Part(int column) => table.Has(column) ? table.Whole(column)[row] : 0;

                if (OrdCalendar.DayOf(Part(Month), Part(Day), Part(Hour), Part(Minute)) is not { } day)
                {
                    table.Problems.Add(
                        table.PlaceOf(row), $"Month {Part(Month)}, day {Part(Day)}, {Part(Hour)}:{Part(Minute):00} is no time of a year.");
                    continue;
                }

                occurrences.Add(((int)period, day, table.Whole(EventId)[row]));
                if (table.Has(PeriodWeight) && weights.TryAdd((int)period, table.Real(PeriodWeight)[row]) is false
                    && weights[(int)period] != table.Real(PeriodWeight)[row])
                {
                    table.Problems.Add(table.PlaceOf(row), $"Period {period} had another 'PeriodWeight' in an earlier row.");
                }
            }
        }

        table.Problems.ThrowIfAny();
        return new OrdOccurrences([.. occurrences.Order()], weights);
    }
}
