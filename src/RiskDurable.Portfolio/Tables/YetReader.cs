using RiskDurable.Portfolio.Files;

namespace RiskDurable.Portfolio.Tables;

/// <summary>Reads year-event tables from CSV or Parquet, batch by batch (docs/formats.md).</summary>
public static class YetReader
{
    private const int Trial = 0;
    private const int EventId = 1;
    private const int Day = 2;
    private const int Z = 3;

    private static readonly TableColumn[] Columns =
    [
        new("trial", IsWhole: true, IsRequired: true),
        new("event_id", IsWhole: true, IsRequired: true),
        new("day", IsWhole: false, IsRequired: true),
        new("z", IsWhole: false, IsRequired: false),
    ];

    /// <summary>
    /// Streams the table in batches of up to 65,536 rows, in file order. All batches are one object whose buffers are used again.
    /// After the first problem no further batch is given: the rest of the file is checked, and then everything is thrown at once.
    /// </summary>
    /// <param name="files">The portfolio's files.</param>
    /// <param name="file">The table, ending in <c>.csv</c> or <c>.parquet</c>.</param>
    /// <param name="trials">Number of trials of the portfolio.</param>
    /// <param name="rowsRead">Told the number of rows read so far, once a batch.</param>
    /// <exception cref="BadInputException">While enumerating: the table is not sound; lists at most 50 problems with line or row.</exception>
    public static IEnumerable<YetBatch> Read(IPortfolioFiles files, string file, int trials, IProgress<long>? rowsRead = null)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(file);
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        return Stream(files, file, trials, rowsRead);
    }

    /// <summary>The number of rows where the file says it without being read (Parquet); null otherwise (CSV).</summary>
    /// <param name="files">The portfolio's files.</param>
    /// <param name="file">The table, ending in <c>.csv</c> or <c>.parquet</c>.</param>
    /// <exception cref="BadInputException">The file is missing, or is a damaged Parquet file or one with other columns.</exception>
    public static long? CountRows(IPortfolioFiles files, string file)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(file);
        if (!file.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        using NumberTable table = NumberTable.Open(files, file, Columns);
        table.Problems.ThrowIfAny();
        return ((ParquetNumberTable)table).Rows;
    }

    private static IEnumerable<YetBatch> Stream(IPortfolioFiles files, string file, int trials, IProgress<long>? rowsRead)
    {
        using NumberTable table = NumberTable.Open(files, file, Columns);
        var batch = new YetBatch();
        while (table.Next())
        {
            Check(table, trials, batch.TrialBuffer);
            rowsRead?.Report(table.FirstRow + table.Count);
            if (!table.Problems.Any)
            {
                batch.Show(table, table.Whole(EventId), table.Real(Day), table.Has(Z) ? table.Real(Z) : null);
                yield return batch;
            }
        }

        table.Problems.ThrowIfAny();
    }

    private static void Check(NumberTable table, int trials, int[] trialBuffer)
    {
        ReadOnlySpan<long> trial = table.Whole(Trial).AsSpan(0, table.Count);
        ReadOnlySpan<double> day = table.Real(Day).AsSpan(0, table.Count);
        ReadOnlySpan<double> z = table.Has(Z) ? table.Real(Z).AsSpan(0, table.Count) : [];
        bool sound = true;
        for (int i = 0; i < trial.Length; i++)
        {
            sound &= (ulong)(trial[i] - 1) < (ulong)trials & double.IsFinite(day[i]);
            trialBuffer[i] = (int)trial[i];
        }

        foreach (double value in z)
        {
            sound &= value > 0 & value < 1;
        }

        // Rows are looked at one by one only where a batch has something wrong.
        for (int i = 0; !sound && i < trial.Length && !table.Problems.IsFull; i++)
        {
            if (trial[i] < 1 || trial[i] > trials)
            {
                table.Problems.Add(
                    table.PlaceOf(i),
                    FormattableString.Invariant($"'trial' is {trial[i]}, outside 1..{trials}; correct it, or 'trials' in portfolio.json."));
            }

            if (!double.IsFinite(day[i]))
            {
                table.Problems.Add(table.PlaceOf(i), FormattableString.Invariant($"'day' is {day[i]}; a finite number was expected."));
            }

            if (z.Length > 0 && !(z[i] > 0 && z[i] < 1))
            {
                table.Problems.Add(
                    table.PlaceOf(i), FormattableString.Invariant($"'z' is {z[i]}; a number above 0 and below 1 was expected."));
            }
        }
    }
}
