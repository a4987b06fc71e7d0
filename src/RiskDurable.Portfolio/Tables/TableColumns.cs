using RiskDurable.Portfolio.Reading;

namespace RiskDurable.Portfolio.Tables;

/// <summary>A column that a table may have.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="IsWhole">Whether its values are whole numbers; else they are doubles.</param>
/// <param name="IsRequired">Whether the table is incomplete without it.</param>
/// <param name="OtherName">A second name that it may have.</param>
internal readonly record struct TableColumn(string Name, bool IsWhole, bool IsRequired, string? OtherName = null)
{
    /// <summary>Whether it has this name, in any case.</summary>
    public bool IsCalled(string name) =>
        name.Equals(Name, StringComparison.OrdinalIgnoreCase) || name.Equals(OtherName, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Finds the columns of a table by name, in any order.</summary>
internal static class TableColumns
{
    /// <summary>Says where each column is: its position in the file, or -1. What is unknown, missing or doubled is reported.</summary>
    /// <param name="columns">The columns that the table may have.</param>
    /// <param name="names">The names in the file.</param>
    /// <param name="problems">Where problems go.</param>
    /// <param name="place">Where the names are.</param>
    /// <param name="isForeign">Whether another program wrote the table: its other columns are passed over, and names may be in any case.</param>
    public static int[] Locate(TableColumn[] columns, IReadOnlyList<string> names, TableProblems problems, string place, bool isForeign)
    {
        var nearest = new NearestName();
        string[] known = [.. columns.Select(column => column.Name)];
        int[] positions = new int[columns.Length];
        Array.Fill(positions, -1);
        for (int i = 0; i < names.Count && !problems.IsFull; i++)
        {
            int column = isForeign ? Array.FindIndex(columns, known => known.IsCalled(names[i].Trim())) : Array.IndexOf(known, names[i]);
            if (column < 0 && !isForeign)
            {
                problems.Add(
                    place, $"There is no column '{JsonValues.Shorten(names[i])}' in this table.{nearest.Ask(names[i], known)} Known are {NameAll(known)}.");
            }
            else if (column >= 0 && positions[column] >= 0)
            {
                problems.Add(place, $"The column '{names[i]}' is there twice; keep one.");
            }
            else if (column >= 0)
            {
                positions[column] = i;
            }
        }

        string[] missing = [.. columns.Where((column, i) => column.IsRequired && positions[i] < 0).Select(column => column.Name)];
        if (missing.Length > 0)
        {
            problems.Add(place, $"The table has no column {NameAll(missing)}.");
        }

        return positions;
    }

    private static string NameAll(string[] names) => string.Join(", ", names.Select(name => $"'{name}'"));
}
