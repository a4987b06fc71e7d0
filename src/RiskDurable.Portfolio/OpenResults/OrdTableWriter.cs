using ParquetSharp;
using RiskDurable.Portfolio.Results;

namespace RiskDurable.Portfolio.OpenResults;

/// <summary>
/// Writes a table of Open Results Data as CSV or Parquet, by the extension of its file. A file appears under its name only after
/// <see cref="Complete"/>; disposed without it, nothing is left.
/// </summary>
public sealed class OrdTableWriter : IDisposable
{
    private const int GroupRows = 1 << 18;

    private readonly IReadOnlyList<OrdColumn> _columns;
    private readonly ReplacedFile _file;
    private readonly CsvOutput? _csv;
    private readonly ParquetFileWriter? _parquet;
    private readonly double[][] _values;
    private readonly int[] _whole;
    private int _count;
    private bool _closed;

    /// <summary>Starts the file.</summary>
    /// <param name="path">The file, ending in <c>.csv</c> or <c>.parquet</c>.</param>
    /// <param name="columns">Its columns.</param>
    public OrdTableWriter(string path, IReadOnlyList<OrdColumn> columns)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(columns);
        _columns = columns;
        _file = new ReplacedFile(path);
        bool isParquet = path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase);
        _values = isParquet ? [.. columns.Select(_ => new double[GroupRows])] : [];
        _whole = isParquet ? new int[GroupRows] : [];
        if (isParquet)
        {
            using var builder = new WriterPropertiesBuilder();
            using WriterProperties properties = builder.Compression(Compression.Snappy).EnablePageChecksum().Build();
            _parquet = ParquetSchemas.Open(
                _file.Stream, [.. columns.Select(column => (column.Name, column.IsWhole ? PhysicalType.Int32 : PhysicalType.Double))], properties);
        }
        else
        {
            _csv = new CsvOutput(_file.Stream);
            _csv.WriteRaw(System.Text.Encoding.UTF8.GetBytes(string.Join(',', columns.Select(column => column.Name))));
            _csv.EndLine();
        }
    }

    /// <summary>Appends a row.</summary>
    /// <param name="row">A value a column; whole numbers of 32 bits where the column is whole.</param>
    public void Write(params ReadOnlySpan<double> row)
    {
        if (_csv is not null)
        {
            WriteCsv(_csv, row);
            return;
        }

        if (_count == GroupRows)
        {
            WriteGroup();
        }

        for (int column = 0; column < row.Length; column++)
        {
            _values[column][_count] = row[column];
        }

        _count++;
    }

    /// <summary>Puts the file in its place.</summary>
    public void Complete()
    {
        if (_count > 0)
        {
            WriteGroup();
        }

        _csv?.Flush();
        _closed = true;
        _parquet?.Close();
        _parquet?.Dispose();
        _file.Complete();
    }

    /// <summary>Deletes what was written, unless it is complete.</summary>
    public void Dispose()
    {
        try
        {
            if (!_closed)
            {
                _closed = true;
                _parquet?.Dispose();
            }
        }
        finally
        {
            _file.Dispose();
        }
    }

    private void WriteCsv(CsvOutput csv, ReadOnlySpan<double> row)
    {
        for (int column = 0; column < row.Length; column++)
        {
            if (column > 0)
            {
                csv.Comma();
            }

            if (_columns[column].IsWhole)
            {
                csv.Write((int)row[column]);
            }
            else
            {
                csv.Write(row[column]);
            }
        }

        csv.EndLine();
    }

    private void WriteGroup()
    {
        using (RowGroupWriter group = _parquet!.AppendRowGroup())
        {
            for (int column = 0; column < _columns.Count; column++)
            {
                ReadOnlySpan<double> values = _values[column].AsSpan(0, _count);
                if (_columns[column].IsWhole)
                {
                    for (int i = 0; i < values.Length; i++)
                    {
                        _whole[i] = (int)values[i];
                    }

                    using var writer = (ColumnWriter<int>)group.NextColumn();
                    writer.WriteBatch(_whole.AsSpan(0, _count));
                }
                else
                {
                    using var writer = (ColumnWriter<double>)group.NextColumn();
                    writer.WriteBatch(values);
                }
            }

            group.Close();
        }

        _count = 0;
    }
}

/// <summary>A column of an Open Results Data table.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="IsWhole">Whether it holds 32-bit whole numbers; else numbers with a fraction.</param>
public readonly record struct OrdColumn(string Name, bool IsWhole)
{
    /// <summary>Exceedance Probability Table.</summary>
    public static IReadOnlyList<OrdColumn> Ept { get; } = [new("SummaryId", true), new("EPCalc", true), new("EPType", true), new("ReturnPeriod", false), new("Loss", false)];

    /// <summary>Sample Period Loss Table.</summary>
    public static IReadOnlyList<OrdColumn> Splt { get; } =
    [
        new("Period", true), new("PeriodWeight", false), new("EventId", true), new("Year", true), new("Month", true), new("Day", true),
        new("Hour", true), new("Minute", true), new("SummaryId", true), new("SampleId", true), new("Loss", false), new("ImpactedExposure", false),
    ];
}
