using System.Globalization;
using System.Text;
using ParquetSharp;

namespace RiskDurable.Reference;

/// <summary>A column of a year event table or an event loss table: whole numbers or doubles.</summary>
internal sealed record TableColumn(string Name, Array Values);

/// <summary>Writes the tables of a portfolio the ways that people's tools write them.</summary>
internal static class TableFile
{
    public static void WriteCsv(string path, Random random, params TableColumn[] columns)
    {
        string end = random.Chance(0.2) ? "\r\n" : "\n";
        columns = random.Chance(0.2) ? [.. columns.Order(random)] : columns;
        var text = new StringBuilder();
        text.AppendJoin(',', columns.Select(column => column.Name));
        for (int row = 0; row < columns[0].Values.Length; row++)
        {
            text.Append(end).AppendJoin(',', columns.Select(column => Text(column.Values.GetValue(row)!)));
        }

        text.Append(random.Chance(0.2) ? "" : end);
        File.WriteAllText(path, text.ToString(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: random.Chance(0.1)));

        string Text(object value) => value switch
        {
            double number when random.Chance(0.05) => number.ToString("E16", CultureInfo.InvariantCulture),
            double number => number.ToString("R", CultureInfo.InvariantCulture),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
    }

    public static void WriteParquet(string path, Random random, params TableColumn[] columns)
    {
        bool optional = random.Chance(0.5);
        columns = random.Chance(0.2) ? [.. columns.Order(random)] : columns;
        Column[] schema =
        [
            .. columns.Select<TableColumn, Column>(column => column.Values switch
            {
                int[] => optional ? new Column<int?>(column.Name) : new Column<int>(column.Name),
                long[] => optional ? new Column<long?>(column.Name) : new Column<long>(column.Name),
                _ => optional ? new Column<double?>(column.Name) : new Column<double>(column.Name),
            }),
        ];
        Compression compression = random.Pick(Compression.Snappy, Compression.Uncompressed, Compression.Gzip, Compression.Zstd);
        using var writer = new ParquetFileWriter(path, schema, compression);
        int rows = columns[0].Values.Length;
        int groups = rows > 4 && random.Chance(0.5) ? random.Next(2, 4) : 1;
        for (int group = 0; group < groups; group++)
        {
            Range range = (rows * group / groups)..(rows * (group + 1) / groups);
            using RowGroupWriter rowGroup = writer.AppendRowGroup();
            foreach (TableColumn column in columns)
            {
                using ColumnWriter next = rowGroup.NextColumn();
                switch (column.Values)
                {
                    case int[] whole: Write(next, whole[range], optional); break;
                    case long[] whole: Write(next, whole[range], optional); break;
                    default: Write(next, ((double[])column.Values)[range], optional); break;
                }
            }
        }

        writer.Close();
    }

    private static void Write<T>(ColumnWriter writer, T[] values, bool optional)
        where T : struct
    {
        if (optional)
        {
            using LogicalColumnWriter<T?> nullable = writer.LogicalWriter<T?>();
            nullable.WriteBatch([.. values.Select(value => (T?)value)]);
        }
        else
        {
            using LogicalColumnWriter<T> required = writer.LogicalWriter<T>();
            required.WriteBatch(values);
        }
    }
}
