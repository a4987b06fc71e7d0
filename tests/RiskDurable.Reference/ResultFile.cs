using System.Globalization;
using ParquetSharp;

namespace RiskDurable.Reference;

/// <summary>Reads <c>ylt.csv</c> and <c>ept.csv</c>; throws <see cref="FormatException"/> on anything but their header and numbers.</summary>
public static class ResultFile
{
    public static List<YltRow> ReadYlt(string path) =>
        [.. Read(path, "node,trial,aggregate_loss,max_occurrence_loss,reinstatement_premium")
            .Select(row => new YltRow(row[0], int.Parse(row[1], CultureInfo.InvariantCulture), Number(row[2]), Number(row[3]), Number(row[4])))];

    /// <summary>Reads <c>ylt.parquet</c>, whose columns are those of <c>ylt.csv</c>.</summary>
    public static List<YltRow> ReadYltParquet(string path)
    {
        var rows = new List<YltRow>();
        using var file = new ParquetFileReader(path);
        for (int group = 0; group < file.FileMetaData.NumRowGroups; group++)
        {
            using RowGroupReader reader = file.RowGroup(group);
            string[] nodes = Column<string>(reader, "node");
            int[] trials = Column<int>(reader, "trial");
            double[] aggregate = Column<double>(reader, "aggregate_loss");
            double[] largest = Column<double>(reader, "max_occurrence_loss");
            double[] premium = Column<double>(reader, "reinstatement_premium");
            rows.AddRange(nodes.Select((node, i) => new YltRow(node, trials[i], aggregate[i], largest[i], premium[i])));
        }

        return rows;
    }

    public static List<EptRow> ReadEpt(string path) =>
        [.. Read(path, "node,ep_type,return_period,loss")
            .Select(row => new EptRow(row[0], int.Parse(row[1], CultureInfo.InvariantCulture), Number(row[2]), Number(row[3])))];

    /// <summary>Reads a table of numbers, CSV or Parquet, with just these columns.</summary>
    public static List<double[]> ReadNumbers(string path, IReadOnlyList<string> columns)
    {
        if (path.EndsWith(".csv", StringComparison.Ordinal))
        {
            return [.. Read(path, string.Join(',', columns)).Select(row => row.Select(Number).ToArray())];
        }

        var rows = new List<double[]>();
        using var file = new ParquetFileReader(path);
        for (int group = 0; group < file.FileMetaData.NumRowGroups; group++)
        {
            using RowGroupReader reader = file.RowGroup(group);
            Type[] types = [.. columns.Select((_, i) => reader.MetaData.Schema.Column(i).PhysicalType == PhysicalType.Int32 ? typeof(int) : typeof(double))];
            double[][] values = [.. columns.Select((name, i) => types[i] == typeof(int) ? Array.ConvertAll(Column<int>(reader, name), value => (double)value) : Column<double>(reader, name))];
            rows.AddRange(Enumerable.Range(0, values[0].Length).Select(row => values.Select(column => column[row]).ToArray()));
        }

        return rows;
    }

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

    private static T[] Column<T>(RowGroupReader group, string name)
    {
        int index = Enumerable.Range(0, group.MetaData.NumColumns).Single(i => group.MetaData.Schema.Column(i).Name == name);
        using ColumnReader column = group.Column(index);
        using LogicalColumnReader<T> values = column.LogicalReader<T>();
        return values.ReadAll((int)group.MetaData.NumRows);
    }

    private static double Number(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
}
