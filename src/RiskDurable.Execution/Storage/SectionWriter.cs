using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace RiskDurable.Execution.Storage;

/// <summary>
/// Builds an object of numbered sections: magic, number of sections, for each its offset, length and XxHash3, a hash of all that, then the
/// sections, each at a multiple of 8 bytes. Little-endian. A reader can take one section, or a run of them, without the rest.
/// </summary>
public sealed class SectionWriter
{
    internal const ulong Magic = 0x31_30_4F_44_52; // "RDO01"
    internal const int HeadLength = 16;
    internal const int EntryLength = 24;

    private readonly List<byte[]> _sections = [];

    /// <summary>Bytes before the first section of an object with so many sections.</summary>
    internal static int DirectoryLength(int sections) => HeadLength + (sections * EntryLength) + 8;

    /// <summary>Appends a section of raw bytes; not copied.</summary>
    /// <param name="data">The section's bytes.</param>
    public void Add(byte[] data) => _sections.Add(data);

    /// <summary>Appends a section that holds an array.</summary>
    /// <param name="values">Elements without references.</param>
    /// <typeparam name="T">A primitive.</typeparam>
    public void Add<T>(ReadOnlySpan<T> values)
        where T : unmanaged => _sections.Add(MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>The object's bytes.</summary>
    public byte[] ToArray()
    {
        long length = DirectoryLength(_sections.Count);
        foreach (byte[] section in _sections)
        {
            length = Align(length) + section.Length;
        }

        byte[] data = new byte[checked((int)length)];
        BinaryPrimitives.WriteUInt64LittleEndian(data, Magic);
        BinaryPrimitives.WriteInt64LittleEndian(data.AsSpan(8), _sections.Count);
        long offset = DirectoryLength(_sections.Count);
        for (int i = 0; i < _sections.Count; i++)
        {
            offset = Align(offset);
            Span<byte> entry = data.AsSpan(HeadLength + (i * EntryLength), EntryLength);
            BinaryPrimitives.WriteInt64LittleEndian(entry, offset);
            BinaryPrimitives.WriteInt64LittleEndian(entry[8..], _sections[i].Length);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[16..], XxHash3.HashToUInt64(_sections[i]));
            _sections[i].CopyTo(data.AsSpan((int)offset));
            offset += _sections[i].Length;
        }

        int directory = HeadLength + (_sections.Count * EntryLength);
        BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(directory), XxHash3.HashToUInt64(data.AsSpan(0, directory)));
        return data;
    }

    private static long Align(long offset) => (offset + 7) & ~7L;
}
