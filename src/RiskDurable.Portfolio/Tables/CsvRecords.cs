using System.Buffers;

namespace RiskDurable.Portfolio.Tables;

/// <summary>
/// Splits a CSV file (RFC 4180, UTF-8) into records and fields over one byte buffer, without a string a field. Line ends are LF
/// or CRLF, empty lines are passed over, spaces around a field are not part of it.
/// </summary>
internal sealed class CsvRecords : IDisposable
{
    private const int LongestRecord = 1 << 20;
    private const int MostFields = 64;

    private readonly Stream _stream;
    private readonly int[] _starts = new int[MostFields];
    private readonly int[] _ends = new int[MostFields];
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(1 << 18);
    private int _length;
    private int _position;
    private bool _ended;
    private long _nextLine = 1;

    public CsvRecords(Stream stream)
    {
        _stream = stream;
        Refill();
        if (_buffer.AsSpan(0, _length).StartsWith("\uFEFF"u8))
        {
            _position = 3;
        }
    }

    /// <summary>The line in which the current record starts, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>How many fields the current record has; those beyond the 64th are counted, not kept.</summary>
    public int FieldCount { get; private set; }

    /// <summary>What is wrong with how the current record is written; null when nothing is.</summary>
    public string? Flaw { get; private set; }

    /// <summary>Whether reading cannot go on after <see cref="Flaw"/>.</summary>
    public bool IsBroken { get; private set; }

    public double FractionRead => _stream.Length == 0 ? 1 : (_stream.Position - _length + _position) / (double)_stream.Length;

    /// <summary>A field of the current record, without spaces around it and without its quotes.</summary>
    public ReadOnlySpan<byte> Field(int index) => _buffer.AsSpan(_starts[index], _ends[index] - _starts[index]);

    /// <summary>Moves to the next record; false at the end.</summary>
    public bool Next()
    {
        while (!IsBroken)
        {
            SkipEmptyLines();
            Line = _nextLine;
            if (_position == _length && _ended)
            {
                return false;
            }

            if (TrySplit())
            {
                return true;
            }

            if (_length - _position > LongestRecord)
            {
                Flaw = "The record is longer than 1 MB; a quote may be missing its partner.";
                IsBroken = true;
                return true;
            }

            Refill();
        }

        return false;
    }

    public void Dispose()
    {
        _stream.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private void SkipEmptyLines()
    {
        while (_position < _length && (_buffer[_position] == '\n' || (_buffer[_position] == '\r' && IsLineEnd(_position + 1))))
        {
            _nextLine += _buffer[_position] == '\n' ? 1 : 0;
            _position++;
        }
    }

    private bool IsLineEnd(int at) => at < _length ? _buffer[at] == '\n' : _ended;

    /// <summary>Splits the record at the current position; false when the buffer ends before it does.</summary>
    private bool TrySplit()
    {
        ReadOnlySpan<byte> buffer = _buffer.AsSpan(0, _length);
        int at = _position;
        int fields = 0;
        long lines = 0;
        string? flaw = null;
        while (true)
        {
            while (at < buffer.Length && buffer[at] is (byte)' ' or (byte)'\t')
            {
                at++;
            }

            int start = at;
            int end;
            if (at < buffer.Length && buffer[at] == '"')
            {
                start++;
                int close = ClosingQuote(buffer, start, ref lines);
                if (close < 0)
                {
                    if (!_ended)
                    {
                        return false;
                    }

                    flaw = "A quote is opened and never closed.";
                    close = buffer.Length;
                }

                end = close;
                at = Math.Min(close + 1, buffer.Length);
                int after = at;
                at = EndOfField(buffer, at);
                if (flaw is null && buffer[after..at].IndexOfAnyExcept(" \t\r"u8) >= 0)
                {
                    flaw = "There is text after a closing quote.";
                }
            }
            else
            {
                at = EndOfField(buffer, at);
                end = at;
                while (end > start && buffer[end - 1] <= ' ')
                {
                    end--;
                }
            }

            if (fields < MostFields)
            {
                _starts[fields] = start;
                _ends[fields] = end;
            }

            fields++;
            if (at == buffer.Length)
            {
                if (!_ended)
                {
                    return false;
                }

                break;
            }

            if (buffer[at++] == '\n')
            {
                lines++;
                break;
            }
        }

        _position = at;
        _nextLine += lines;
        FieldCount = fields;
        Flaw = flaw;
        return true;
    }

    private static int EndOfField(ReadOnlySpan<byte> buffer, int at)
    {
        while (at < buffer.Length && buffer[at] != ',' && buffer[at] != '\n')
        {
            at++;
        }

        return at;
    }

    private static int ClosingQuote(ReadOnlySpan<byte> buffer, int at, ref long lines)
    {
        for (; at < buffer.Length; at++)
        {
            if (buffer[at] == '\n')
            {
                lines++;
            }
            else if (buffer[at] == '"')
            {
                if (at + 1 == buffer.Length || buffer[at + 1] != '"')
                {
                    return at;
                }

                at++;
            }
        }

        return -1;
    }

    /// <summary>Moves what is left to the front of the buffer, and reads on.</summary>
    private void Refill()
    {
        int left = _length - _position;
        if (left == _buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            Buffer.BlockCopy(_buffer, 0, larger, 0, _length);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        else
        {
            Buffer.BlockCopy(_buffer, _position, _buffer, 0, left);
        }

        int read = _stream.Read(_buffer, left, _buffer.Length - left);
        _position = 0;
        _length = left + read;
        _ended = read == 0;
    }
}
