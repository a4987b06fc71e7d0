using ParquetSharp;
using ParquetSharp.IO;
using RiskDurable.Portfolio.Files;

namespace RiskDurable.Portfolio.Tables;

/// <summary>A Parquet file as a table of numbers: read page by page, row group after row group.</summary>
internal sealed class ParquetNumberTable : NumberTable
{
    // Pages are read through a buffer of this size, not whole column chunks: a file may be one row group.
    private const long ReadBufferBytes = 1 << 20;

    private readonly Stream _stream;
    private readonly ManagedRandomAccessFile? _file;
    private readonly ParquetFileReader? _reader;
    private readonly long _rows;
    private readonly int _groups;
    private readonly ParquetNumberColumn?[] _columns;
    private RowGroupReader? _group;
    private int _nextGroup;
    private long _leftInGroup;

    public ParquetNumberTable(Stream stream, string file, TableColumn[] columns, bool isForeign)
        : base(columns, new TableProblems(file, "row"))
    {
        _stream = stream;
        _columns = new ParquetNumberColumn?[columns.Length];
        Positions = [.. columns.Select(_ => -1)];
        if (stream.Length == 0)
        {
            Problems.AddFatal("", "The file is empty; a Parquet file was expected.");
            return;
        }

        try
        {
            using ReaderProperties properties = ReaderProperties.GetDefaultReaderProperties();
            properties.EnableBufferedStream();
            properties.BufferSize = ReadBufferBytes;
            properties.EnablePageChecksumVerification();
            _file = new ManagedRandomAccessFile(stream, leaveOpen: true);
            _reader = new ParquetFileReader(_file, properties);
            FileMetaData metaData = _reader.FileMetaData;
            _rows = metaData.NumRows;
            _groups = metaData.NumRowGroups;
            LocateColumns(metaData.Schema, isForeign);
        }
        catch (Exception error) when (!SourceFailure.IsOf(_stream) && ParquetFault.IsDamage(error))
        {
            Problems.AddFatal("", ParquetFault.Describe(error));
        }
    }

    /// <summary>Rows in the file, as it says itself.</summary>
    public long Rows => _rows;

    public override double FractionRead => _rows <= 0 ? 1 : Math.Min(1, (FirstRow + Count) / (double)_rows);

    public override long PlaceOf(int row) => FirstRow + row + 1;

    public override bool Next()
    {
        FirstRow += Count;
        Count = 0;
        if (Problems.IsFull)
        {
            return false;
        }

        try
        {
            while (_leftInGroup == 0)
            {
                CheckGroupIsRead();
                if (_nextGroup == _groups)
                {
                    return FirstRow == _rows ? false : throw new InvalidDataException("the row groups do not have as many rows as the file");
                }

                OpenGroup();
            }

            int rows = (int)Math.Min(BatchRows, _leftInGroup);
            for (int column = 0; column < _columns.Length; column++)
            {
                string? fault = _columns[column]?.Read(rows, Columns[column].IsWhole ? Whole(column) : null, Columns[column].IsWhole ? null : Real(column));
                if (fault is not null)
                {
                    Problems.AddFatal(FirstRow + 1 + _columns[column]!.FaultyRow, $"'{Columns[column].Name}' {fault}");
                }
            }

            _leftInGroup -= rows;
            Count = Problems.IsFull ? 0 : rows;
            return Count > 0;
        }
        catch (Exception error) when (!SourceFailure.IsOf(_stream) && ParquetFault.IsDamage(error))
        {
            Problems.AddFatal(FirstRow + 1, ParquetFault.Describe(error));
            Count = 0;
            return false;
        }
    }

    public override void Dispose()
    {
        CloseGroup();
        _reader?.Dispose();
        _file?.Dispose();
        _stream.Dispose();
        base.Dispose();
    }

    private void LocateColumns(SchemaDescriptor schema, bool isForeign)
    {
        string[] names = new string[schema.NumColumns];
        for (int i = 0; i < names.Length; i++)
        {
            using ParquetSharp.Schema.ColumnPath path = schema.Column(i).Path;
            names[i] = path.ToDotString();
        }

        Positions = TableColumns.Locate(Columns, names, Problems, "", isForeign);
        for (int column = 0; column < Positions.Length; column++)
        {
            if (Positions[column] >= 0 && ParquetNumberColumn.Objection(schema.Column(Positions[column])) is string objection)
            {
                Problems.Add("", $"The column '{Columns[column].Name}' {objection}");
            }
        }

        if (Problems.Any)
        {
            Problems.Stop();
        }
    }

    // A damaged count of rows must not make a table shorter.
    private void CheckGroupIsRead()
    {
        foreach (ParquetNumberColumn? column in _columns)
        {
            if (column is { HasNext: true })
            {
                throw new InvalidDataException("a column has more rows than its row group");
            }
        }
    }

    private void OpenGroup()
    {
        CloseGroup();
        _group = _reader!.RowGroup(_nextGroup++);
        _leftInGroup = _group.MetaData.NumRows;
        if (_leftInGroup < 0)
        {
            throw new InvalidDataException("a row group with a negative number of rows");
        }

        for (int column = 0; column < _columns.Length; column++)
        {
            if (Positions[column] >= 0)
            {
                _columns[column] = new ParquetNumberColumn(_group.Column(Positions[column]));
            }
        }
    }

    private void CloseGroup()
    {
        for (int column = 0; column < _columns.Length; column++)
        {
            _columns[column]?.Dispose();
            _columns[column] = null;
        }

        _group?.Dispose();
        _group = null;
    }
}
