using System.Globalization;

namespace RiskDurable.Reference;

/// <summary>The published numbers beside the running assembly.</summary>
public static class Vectors
{
    /// <summary>The records of a file, by column name.</summary>
    public static IEnumerable<Dictionary<string, string>> Records(string folder, string file, int headerLine = 1)
    {
        string[][] rows = [.. CsvRecord.ReadAll(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Vectors", folder, file))).Skip(headerLine - 1)];
        return rows.Skip(1).Select(row => rows[0].Zip(row).Where(cell => cell.First != "").DistinctBy(cell => cell.First).ToDictionary());
    }

    public static double Number(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
}
