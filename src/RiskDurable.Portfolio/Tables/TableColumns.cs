using RiskDurable.Portfolio.Reading;

namespace RiskDurable.Portfolio.Tables;

/// <summary>A column that a table may have.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="IsWhole">Whether its values are whole numbers; else they are doubles.</param>
/// <param name="IsRequired">Whether the table is incomplete without it.</param>
internal readonly record struct TableColumn(string Name, bool IsWhole, bool IsRequired);

/// <summary>Finds the columns of a table by name, in any order.</summary>
internal static class TableColumns
{
    /// <summary>Says where each column is: its position in the file, or -1. What is unknown, missing or doubled is reported.</summary>
    /// <param name="columns">The columns that the table may have.</param>
    /// <param name="names">The names in the file.</param>
    /// <param name="problems">Where problems go.</param>
    /// <param name="place">Where the names are.</param>
    public static int[] Locate(TableColumn[] columns, IReadOnlyList<string> names, TableProblems problems, string place)
    {
        var nearest = new NearestName();
        string[] known = [.. columns.Select(column => column.Name)];
        int[] positions = new int[columns.Length];
        Array.Fill(positions, -1);
        for (int i = 0; i < names.Count && !problems.IsFull; i++)
        {
            int column = Array.IndexOf(known, names[i]);
            if (column < 0)
            {
                problems.Add(
                    place, $"There is no column '{JsonValues.Shorten(names[i])}' in this table.{nearest.Ask(names[i], known)} Known are {NameAll(known)}.");
            }
            else if (positions[column] >= 0)
            {
                problems.Add(place, $"The column '{names[i]}' is there twice; keep one.");
            }
            else
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
