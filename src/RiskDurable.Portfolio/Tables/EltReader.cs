using RiskDurable.Kernel;
using RiskDurable.Portfolio.Files;
using RiskDurable.Portfolio.Model;

namespace RiskDurable.Portfolio.Tables;

/// <summary>Reads event loss tables from CSV or Parquet (docs/formats.md).</summary>
public static class EltReader
{
    private const int EventId = 0;
    private const int MeanLoss = 1;
    private const int SdIndependent = 2;
    private const int SdCorrelated = 3;
    private const int Exposure = 4;

    // A file may have its numbers rounded.
    private const double BoundTolerance = 1 + 1e-6;

    private static readonly TableColumn[] Columns =
    [
        new("event_id", IsWhole: true, IsRequired: true),
        new("mean_loss", IsWhole: false, IsRequired: true),
        new("sd_independent", IsWhole: false, IsRequired: false),
        new("sd_correlated", IsWhole: false, IsRequired: false),
        new("exposure", IsWhole: false, IsRequired: false),
    ];

    /// <summary>Reads one table; rows of one event id become one entry, their means added up in file order.</summary>
    /// <param name="files">The portfolio's files.</param>
    /// <param name="elt">The table; its file ends in <c>.csv</c> or <c>.parquet</c>.</param>
    /// <exception cref="BadInputException">The table is not sound; lists at most 50 problems, each with its line or row.</exception>
    public static EventLossTable Read(IPortfolioFiles files, EltReference elt)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(elt);
        using NumberTable table = NumberTable.Open(files, elt.File, Columns);
        CheckColumns(table);
        var rows = new EltRows(hasUncertainty: table.Has(Exposure), hasDeviations: table.Has(SdIndependent) || table.Has(SdCorrelated));
        while (table.Next())
        {
            for (int i = 0; i < table.Count; i++)
            {
                double mean = table.Real(MeanLoss)[i];
                double independent = Value(table, SdIndependent, i);
                double correlated = Value(table, SdCorrelated, i);
                double exposure = Value(table, Exposure, i);
                if (IsSound(table, i, mean, independent, correlated, exposure))
                {
                    rows.Add(table.Whole(EventId)[i], mean, independent, correlated, exposure, table.PlaceOf(i));
                }
            }

            if (rows.IsFull)
            {
                table.Problems.AddFatal(table.PlaceOf(table.Count - 1), "The table has more rows than one array can hold; split it into several ELTs.");
            }
        }

        EventLossTable? result = table.Problems.Any ? null : rows.ToTable(table.Problems);
        table.Problems.ThrowIfAny();
        return result!;
    }

    private static double Value(NumberTable table, int column, int row) => table.Has(column) ? table.Real(column)[row] : 0;

    private static void CheckColumns(NumberTable table)
    {
        if (!table.Problems.IsFull && (table.Has(SdIndependent) || table.Has(SdCorrelated)) && !table.Has(Exposure))
        {
            table.Problems.AddFatal("", "The table has standard deviations but no column 'exposure', the largest loss possible; add it.");
        }
    }

    private static bool IsSound(NumberTable table, int row, double mean, double independent, double correlated, double exposure)
    {
        bool sound = IsAmount(table, row, MeanLoss, mean)
            & IsAmount(table, row, SdIndependent, independent)
            & IsAmount(table, row, SdCorrelated, correlated)
            & IsAmount(table, row, Exposure, exposure);
        double deviation = independent + correlated;
        if (sound && deviation > 0 && mean > exposure)
        {
            table.Problems.Add(
                table.PlaceOf(row),
                FormattableString.Invariant($"'mean_loss' {mean} is above 'exposure' {exposure}, the largest loss possible; correct one of them."));
            return false;
        }

        // Of all losses between 0 and the exposure with that mean, those that are either one vary most.
        double bound = Math.Sqrt(mean * (exposure - mean));
        if (sound && mean > 0 && deviation > bound * BoundTolerance)
        {
            table.Problems.Add(
                table.PlaceOf(row),
                FormattableString.Invariant($"The standard deviations add up to {deviation}, above {bound}, the most that a loss between 0 and 'exposure' {exposure} ")
                + FormattableString.Invariant($"with 'mean_loss' {mean} can have; correct one of them."));
            return false;
        }

        return sound;
    }

    private static bool IsAmount(NumberTable table, int row, int column, double value)
    {
        if (value >= 0 && double.IsFinite(value))
        {
            return true;
        }

        string fault = double.IsFinite(value) ? "is negative" : "is not finite";
        table.Problems.Add(
            table.PlaceOf(row), FormattableString.Invariant($"'{Columns[column].Name}' is {value}, which {fault}; an amount of at least 0 was expected."));
        return false;
    }
}
