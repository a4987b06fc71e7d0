using System.Globalization;

namespace RiskDurable.Reference;

/// <summary>Reads <c>ylt.csv</c> and <c>ept.csv</c>; throws <see cref="FormatException"/> on anything but their header and numbers.</summary>
public static class ResultFile
{
    public static List<YltRow> ReadYlt(string path) =>
        [.. Read(path, "node,trial,aggregate_loss,max_occurrence_loss,reinstatement_premium")
            .Select(row => new YltRow(row[0], int.Parse(row[1], CultureInfo.InvariantCulture), Number(row[2]), Number(row[3]), Number(row[4])))];

    public static List<EptRow> ReadEpt(string path) =>
        [.. Read(path, "node,ep_type,return_period,loss")
            .Select(row => new EptRow(row[0], int.Parse(row[1], CultureInfo.InvariantCulture), Number(row[2]), Number(row[3])))];

    private static IEnumerable<string[]> Read(string path, string header)
    {
        string[][] rows = [.. CsvRecord.ReadAll(File.ReadAllText(path))];
        int columns = header.Split(',').Length;
        if (rows.Length == 0 || string.Join(',', rows[0]) != header)
        {
            throw new FormatException($"{path}: the first line is not '{header}'.");
        }

        int odd = Array.FindIndex(rows, row => row.Length != columns);
        return odd < 0 ? rows.Skip(1) : throw new FormatException($"{path}: record {odd + 1} has {rows[odd].Length} fields, not {columns}.");
    }

    private static double Number(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
}
