using System.Buffers.Binary;
using System.Text;

namespace RiskDurable.Embedded.Engine.Store;

/// <summary>Reads what <see cref="RecordWriter"/> wrote.</summary>
internal ref struct RecordReader(ReadOnlySpan<byte> record)
{
    private ReadOnlySpan<byte> _rest = record;

    public readonly bool AtEnd => _rest.IsEmpty;

    public byte Byte()
    {
        byte value = _rest[0];
        _rest = _rest[1..];
        return value;
    }

    public long Number()
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte group = Byte();
            value |= (ulong)(group & 0x7F) << shift;
            if (group < 0x80)
            {
                return (long)value;
            }
        }
    }

    public int Int() => (int)Number();

    public long Fixed()
    {
        long value = BinaryPrimitives.ReadInt64LittleEndian(_rest);
        _rest = _rest[8..];
        return value;
    }

    public string? Text()
    {
        int length = Int() - 1;
        if (length < 0)
        {
            return null;
        }

        string value = Encoding.UTF8.GetString(_rest[..length]);
        _rest = _rest[length..];
        return value;
    }

    public StoredText Stored() => Number() is not 0 and long payload ? new StoredText(null, payload) : new StoredText(Text(), 0);
}
