using ParquetSharp;
using RiskDurable.Portfolio.Results;

namespace RiskDurable.Portfolio.Writing;

/// <summary>
/// Writes a year-event table as CSV or Parquet, row by row. The file appears under its name only after <see cref="Complete"/>;
/// disposed without it, nothing is left.
/// </summary>
public sealed class YetWriter : IDisposable
{
    private const int GroupRows = 1 << 20;
    private const int CsvRows = 1 << 13;

    private readonly ReplacedFile _file;
    private readonly ParquetFileWriter? _parquet;
    private readonly CsvOutput? _csv;
    private readonly int[] _trials;
    private readonly long[] _eventIds;
    private readonly double[] _days;
    private readonly double[]? _z;
    private int _count;
    private bool _closed;

    /// <summary>Starts the file.</summary>
    /// <param name="path">The file, ending in <c>.csv</c> or <c>.parquet</c>.</param>
    /// <param name="hasZ">Whether it has the column <c>z</c>.</param>
    public YetWriter(string path, bool hasZ = false)
    {
        ArgumentNullException.ThrowIfNull(path);
        bool isParquet = path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase);
        int rows = isParquet ? GroupRows : CsvRows;
        (_trials, _eventIds, _days) = (new int[rows], new long[rows], new double[rows]);
        _z = hasZ ? new double[rows] : null;
        _file = new ReplacedFile(path);
        if (isParquet)
        {
            _parquet = OpenParquet(hasZ);
        }
        else
        {
            _csv = new CsvOutput(_file.Stream);
            _csv.WriteRaw(hasZ ? "trial,event_id,day,z\n"u8 : "trial,event_id,day\n"u8);
        }
    }

    /// <summary>Appends an occurrence.</summary>
    /// <param name="trial">Trial, from 1.</param>
    /// <param name="eventId">The event.</param>
    /// <param name="day">Day within the year.</param>
    /// <param name="z">Uniform in (0, 1); ignored without the column.</param>
    public void Add(int trial, long eventId, double day, double z = 0)
    {
        if (_count == _trials.Length)
        {
            WriteRows();
        }

        _trials[_count] = trial;
        _eventIds[_count] = eventId;
        _days[_count] = day;
        if (_z is not null)
        {
            _z[_count] = z;
        }

        _count++;
    }

    /// <summary>Puts the file in its place.</summary>
    public void Complete()
    {
        if (_count > 0)
        {
            WriteRows();
        }

        _closed = true;
        _csv?.Flush();
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

    private ParquetFileWriter OpenParquet(bool hasZ)
    {
        using var builder = new WriterPropertiesBuilder();
        using WriterProperties properties = builder
            .Compression(Compression.Snappy)
            .EnablePageChecksum()
            .DisableDictionary("trial")
            .DisableDictionary("z")
            .Encoding("trial", Encoding.DeltaBinaryPacked)
            .Build();
        (string, PhysicalType)[] columns = [("trial", PhysicalType.Int32), ("event_id", PhysicalType.Int64), ("day", PhysicalType.Double)];
        return ParquetSchemas.Open(_file.Stream, hasZ ? [.. columns, ("z", PhysicalType.Double)] : columns, properties);
    }

    private void WriteRows()
    {
        if (_csv is not null)
        {
            WriteCsvRows(_csv);
        }
        else
        {
            using RowGroupWriter group = _parquet!.AppendRowGroup();
            Append(group, _trials);
            Append(group, _eventIds);
            Append(group, _days);
            if (_z is not null)
            {
                Append(group, _z);
            }

            group.Close();
        }

        _count = 0;
    }

    private void WriteCsvRows(CsvOutput csv)
    {
        for (int i = 0; i < _count; i++)
        {
            csv.Write(_trials[i]);
            csv.Comma();
            csv.Write(_eventIds[i]);
            csv.Comma();
            csv.Write(_days[i]);
            if (_z is not null)
            {
                csv.Comma();
                csv.Write(_z[i]);
            }

            csv.EndLine();
        }
    }

    private void Append<T>(RowGroupWriter group, T[] values)
        where T : unmanaged
    {
        using var column = (ColumnWriter<T>)group.NextColumn();
        column.WriteBatch(values.AsSpan(0, _count));
    }
}
