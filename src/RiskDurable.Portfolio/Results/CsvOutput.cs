using System.Text;

namespace RiskDurable.Portfolio.Results;

/// <summary>Writes CSV fields straight into a byte buffer; numbers in the shortest form that reads back to the same value.</summary>
internal sealed class CsvOutput(Stream stream)
{
    private const int LongestNumber = 64;

    private readonly byte[] _buffer = new byte[1 << 17];
    private int _length;

    public void Write(int value)
    {
        Reserve(LongestNumber);
        value.TryFormat(_buffer.AsSpan(_length), out int written);
        _length += written;
    }

    public void Write(long value)
    {
        Reserve(LongestNumber);
        value.TryFormat(_buffer.AsSpan(_length), out int written);
        _length += written;
    }

    public void Write(double value)
    {
        Reserve(LongestNumber);
        if (value == 0)
        {
            // A minus sign on a zero means nothing to a reader.
            _buffer[_length++] = (byte)'0';
            return;
        }

        value.TryFormat(_buffer.AsSpan(_length), out int written, default, System.Globalization.CultureInfo.InvariantCulture);
        _length += written;
    }

    public void Comma() => WriteByte((byte)',');

    public void EndLine() => WriteByte((byte)'\n');

    /// <summary>Writes bytes as they are.</summary>
    public void WriteRaw(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _buffer.Length - _length)
        {
            Flush();
            if (bytes.Length > _buffer.Length)
            {
                stream.Write(bytes);
                return;
            }
        }

        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <summary>A text as the bytes of one field.</summary>
    public static byte[] Quote(string text) => Encoding.UTF8.GetBytes(CsvField.Quote(text));

    public void Flush()
    {
        stream.Write(_buffer, 0, _length);
        _length = 0;
    }

    private void WriteByte(byte value)
    {
        Reserve(1);
        _buffer[_length++] = value;
    }

    private void Reserve(int bytes)
    {
        if (_buffer.Length - _length < bytes)
        {
            Flush();
        }
    }
}
