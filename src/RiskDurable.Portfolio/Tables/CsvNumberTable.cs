using System.Buffers;
using System.Text;
using RiskDurable.Portfolio.Files;
using RiskDurable.Portfolio.Reading;

namespace RiskDurable.Portfolio.Tables;

/// <summary>A CSV file as a table of numbers.</summary>
internal sealed class CsvNumberTable : NumberTable
{
    private readonly Stream _stream;
    private readonly CsvRecords _records;
    private long[]? _lines = ArrayPool<long>.Shared.Rent(BatchRows);
    private readonly int _width;

    public CsvNumberTable(Stream stream, string file, TableColumn[] columns, bool isForeign)
        : base(columns, new TableProblems(file, "line"))
    {
        try
        {
            _stream = stream;
            _records = new CsvRecords(stream);
            _width = ReadHeader(isForeign);
        }
        catch (IOException error) when (!SourceFailure.IsOf(stream))
        {
            stream.Dispose();
            throw new BadInputException([new Problem(file, "", $"The file cannot be read: {error.Message}")]);
        }
    }

    public override double FractionRead => _records.FractionRead;

    public override long PlaceOf(int row) => _lines![row];

    public override bool Next()
    {
        FirstRow += Count;
        Count = 0;
        while (Count < BatchRows && !Problems.IsFull && NextRecord())
        {
            if (_records.Flaw is string flaw)
            {
                Problems.Add(_records.Line, flaw);
            }
            else if (_records.FieldCount != _width)
            {
                Problems.Add(_records.Line, $"{_width} fields were expected, as in the header, but there are {_records.FieldCount}.");
            }
            else if (ReadCells(Count))
            {
                _lines![Count++] = _records.Line;
            }
        }

        return Count > 0;
    }

    public override void Dispose()
    {
        _records.Dispose();
        Return(ref _lines);
        base.Dispose();
    }

    private bool NextRecord()
    {
        try
        {
            return _records.Next();
        }
        catch (IOException error) when (!SourceFailure.IsOf(_stream))
        {
            Problems.AddFatal(_records.Line, $"The file cannot be read further: {error.Message}");
            return false;
        }
    }

    private bool ReadCells(int row)
    {
        bool good = true;
        for (int column = 0; column < Positions.Length; column++)
        {
            int position = Positions[column];
            if (position < 0)
            {
                continue;
            }

            ReadOnlySpan<byte> cell = _records.Field(position);
            good &= Columns[column].IsWhole
                ? DecimalText.TryParseWhole(cell, out Whole(column)[row]) || Refuse(column, cell, "a whole number")
                : DecimalText.TryParseReal(cell, out Real(column)[row]) || Refuse(column, cell, "a number such as 1250.75");
        }

        return good;
    }

    private bool Refuse(int column, ReadOnlySpan<byte> cell, string expected)
    {
        string text = JsonValues.Shorten(Encoding.UTF8.GetString(cell[..Math.Min(cell.Length, 100)]));
        Problems.Add(_records.Line, cell.IsEmpty
            ? $"'{Columns[column].Name}' is empty; {expected} was expected."
            : $"'{Columns[column].Name}' is '{text}'; {expected} was expected.");
        return false;
    }

    private int ReadHeader(bool isForeign)
    {
        string wanted = string.Join(",", Columns.Where(column => column.IsRequired).Select(column => column.Name));
        if (!_records.Next())
        {
            Problems.AddFatal("", $"The file is empty; its first line must name the columns: {wanted}.");
            Positions = [.. Columns.Select(_ => -1)];
            return 0;
        }

        int width = _records.FieldCount;
        string[] names = new string[Math.Min(width, 64)];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = Encoding.UTF8.GetString(_records.Field(i));
        }

        if (_records.Flaw is string flaw)
        {
            Problems.AddFatal(_records.Line, flaw);
        }
        else if (names[0].AsSpan().IndexOfAny('\0', '\uFFFD') >= 0)
        {
            Problems.AddFatal(_records.Line, $"This is not UTF-8 text; save the file as CSV in UTF-8, with the columns {wanted}.");
        }
        else if (width == 1 && names[0].AsSpan().IndexOfAny(';', '\t', '|') >= 0)
        {
            Problems.AddFatal(_records.Line, $"The columns are not separated by commas; the first line must read {wanted}.");
        }

        if (Problems.IsFull)
        {
            Positions = [.. Columns.Select(_ => -1)];
            return width;
        }

        Positions = TableColumns.Locate(Columns, names, Problems, $"line {_records.Line}", isForeign);
        if (Problems.Any)
        {
            // Cells cannot be told apart; only the columns are reported.
            Problems.Stop();
        }

        return width;
    }
}
