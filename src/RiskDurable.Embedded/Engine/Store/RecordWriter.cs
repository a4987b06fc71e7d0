using System.Buffers.Binary;
using System.Text;

namespace RiskDurable.Embedded.Engine.Store;

/// <summary>Writes a compact binary record: numbers in 7-bit groups, texts as UTF-8. Large texts go to payloads.</summary>
internal sealed class RecordWriter
{
    private byte[] _bytes = new byte[512];
    private int _length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public void Clear() => _length = 0;

    public void Byte(byte value) => Space(1)[0] = value;

    public void Number(long value)
    {
        ulong rest = (ulong)value;
        Span<byte> space = Space(10);
        int count = 0;
        while (rest >= 0x80)
        {
            space[count++] = (byte)(rest | 0x80);
            rest >>= 7;
        }

        space[count++] = (byte)rest;
        _length -= 10 - count;
    }

    public void Fixed(long value) => BinaryPrimitives.WriteInt64LittleEndian(Space(8), value);

    public void Text(string? value)
    {
        if (value is null)
        {
            Number(0);
            return;
        }

        int bytes = Encoding.UTF8.GetByteCount(value);
        Number(bytes + 1L);
        Encoding.UTF8.GetBytes(value, Space(bytes));
    }

    /// <summary>A text that may be kept as a payload.</summary>
    public void Stored(StoredText text)
    {
        Number(text.Payload);
        if (text.Payload == 0)
        {
            Text(text.Inline);
        }
    }

    private Span<byte> Space(int count)
    {
        if (_length + count > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + count));
        }

        Span<byte> space = _bytes.AsSpan(_length, count);
        _length += count;
        return space;
    }
}
