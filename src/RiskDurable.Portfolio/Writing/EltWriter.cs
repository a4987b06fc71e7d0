using ParquetSharp;
using RiskDurable.Kernel;
using RiskDurable.Portfolio.Results;

namespace RiskDurable.Portfolio.Writing;

/// <summary>Writes event loss tables as CSV or Parquet.</summary>
public static class EltWriter
{
    private static readonly string[] Names = ["event_id", "mean_loss", "sd_independent", "sd_correlated", "exposure"];

    /// <summary>Writes one table.</summary>
    /// <param name="path">The file, ending in <c>.csv</c> or <c>.parquet</c>.</param>
    /// <param name="table">The table.</param>
    public static void Write(string path, EventLossTable table)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(table);
        LossUncertainty? uncertainty = table.Uncertainty;
        double[][] amounts = uncertainty is null
            ? [table.MeanLosses]
            : [table.MeanLosses, uncertainty.SdIndependent, uncertainty.SdCorrelated, uncertainty.Exposure];
        using var file = new ReplacedFile(path);
        if (path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase))
        {
            WriteParquet(file.Stream, table.EventIds, amounts);
        }
        else
        {
            WriteCsv(file.Stream, table.EventIds, amounts);
        }

        file.Complete();
    }

    private static void WriteCsv(Stream stream, long[] eventIds, double[][] amounts)
    {
        var output = new CsvOutput(stream);
        output.WriteRaw(System.Text.Encoding.UTF8.GetBytes(string.Join(',', Names.Take(amounts.Length + 1))));
        output.EndLine();
        for (int i = 0; i < eventIds.Length; i++)
        {
            output.Write(eventIds[i]);
            foreach (double[] column in amounts)
            {
                output.Comma();
                output.Write(column[i]);
            }

            output.EndLine();
        }

        output.Flush();
    }

    private static void WriteParquet(Stream stream, long[] eventIds, double[][] amounts)
    {
        using var builder = new WriterPropertiesBuilder();
        using WriterProperties properties = builder
            .Compression(Compression.Snappy)
            .EnablePageChecksum()
            .DisableDictionary()
            .Encoding(Names[0], Encoding.DeltaBinaryPacked)
            .Build();
        (string, PhysicalType)[] columns =
            [(Names[0], PhysicalType.Int64), .. Names.Skip(1).Take(amounts.Length).Select(name => (name, PhysicalType.Double))];
        using ParquetFileWriter writer = ParquetSchemas.Open(stream, columns, properties);
        using (RowGroupWriter group = writer.AppendRowGroup())
        {
            using (var column = (ColumnWriter<long>)group.NextColumn())
            {
                column.WriteBatch(eventIds);
            }

            foreach (double[] amount in amounts)
            {
                using var column = (ColumnWriter<double>)group.NextColumn();
                column.WriteBatch(amount);
            }

            group.Close();
        }

        writer.Close();
    }
}
