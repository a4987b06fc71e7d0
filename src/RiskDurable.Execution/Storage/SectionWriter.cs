using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace RiskDurable.Execution.Storage;

/// <summary>
/// Builds an object of numbered sections: magic, number of sections, for each its offset, length and XxHash3, a hash of all that, then the
/// sections, each at a multiple of 8 bytes. Little-endian. A reader can take one section, or a run of them, without the rest.
/// </summary>
/// <remarks>
/// Sections are laid out where they will be written from, in memory that is lent and used again for the next object: fresh memory for
/// objects of megabytes costs more than what goes into it.
/// </remarks>
public sealed class SectionWriter : IDisposable
{
    internal const ulong Magic = 0x31_30_4F_44_52; // "RDO01"
    internal const int HeadLength = 16;
    internal const int EntryLength = 24;
    private const int LeastCapacity = 4096;

    private readonly int _sections;
    private byte[] _data;
    private int _begun;
    private int _hashed;
    private int _length;

    /// <summary>Starts an object.</summary>
    /// <param name="sections">Number of sections that it will have.</param>
    public SectionWriter(int sections)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sections);
        _sections = sections;
        _length = DirectoryLength(sections);
        _data = ArrayPool<byte>.Shared.Rent(Math.Max(_length, LeastCapacity));
        BinaryPrimitives.WriteUInt64LittleEndian(_data, Magic);
        BinaryPrimitives.WriteInt64LittleEndian(_data.AsSpan(8), sections);
    }

    /// <summary>Bytes before the first section of an object with so many sections.</summary>
    internal static int DirectoryLength(int sections) => HeadLength + (sections * EntryLength) + 8;

    /// <summary>Appends a section of raw bytes.</summary>
    /// <param name="data">The section's bytes.</param>
    public void Add(ReadOnlySpan<byte> data) => data.CopyTo(Append(data.Length));

    /// <summary>Appends a section that holds an array.</summary>
    /// <param name="values">Elements without references.</param>
    /// <typeparam name="T">A primitive.</typeparam>
    public void Add<T>(ReadOnlySpan<T> values)
        where T : unmanaged => Add(MemoryMarshal.AsBytes(values));

    /// <summary>Appends a section whose bytes the caller writes before it appends the next one.</summary>
    /// <param name="length">Number of bytes.</param>
    /// <returns>The bytes, not cleared.</returns>
    internal Span<byte> Append(int length)
    {
        if (_begun == _sections)
        {
            throw new InvalidOperationException($"The object was to have {_sections} sections.");
        }

        HashLast();
        int offset = (_length + 7) & ~7;
        MakeRoom(checked(offset + length));
        _data.AsSpan(_length, offset - _length).Clear();
        Span<byte> entry = EntryOf(_begun++);
        BinaryPrimitives.WriteInt64LittleEndian(entry, offset);
        BinaryPrimitives.WriteInt64LittleEndian(entry[8..], length);
        _length = offset + length;
        return _data.AsSpan(offset, length);
    }

    /// <summary>The object's bytes, once all sections are appended; they stand until the writer is disposed of.</summary>
    public ReadOnlyMemory<byte> Finish()
    {
        if (_begun != _sections)
        {
            throw new InvalidOperationException($"{_begun} of {_sections} sections were appended.");
        }

        HashLast();
        int directory = HeadLength + (_sections * EntryLength);
        BinaryPrimitives.WriteUInt64LittleEndian(_data.AsSpan(directory), XxHash3.HashToUInt64(_data.AsSpan(0, directory)));
        return _data.AsMemory(0, _length);
    }

    /// <summary>Stores the object and disposes of the writer.</summary>
    /// <param name="store">Where it goes.</param>
    /// <param name="key">Its key.</param>
    /// <param name="cancellationToken">Stops; the object is then not there.</param>
    /// <returns>Its length in bytes.</returns>
    internal async ValueTask<long> WriteToAsync(IObjectStore store, ObjectKey key, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> data = Finish();

        // Not given back after a failure: a request that was given up may read it still.
        await store.WriteAsync(key, data, cancellationToken).ConfigureAwait(false);
        Dispose();
        return data.Length;
    }

    /// <summary>Stores the object under the hash of its bytes and disposes of the writer.</summary>
    /// <param name="store">Where it goes.</param>
    /// <param name="kind">One of <see cref="ObjectKind"/>.</param>
    /// <param name="cancellationToken">Stops; the object is then not there.</param>
    /// <returns>The hash.</returns>
    public async ValueTask<string> StoreAsync(IObjectStore store, string kind, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ObjectKey key = ObjectKey.OfContent(kind, Finish().Span);
        await WriteToAsync(store, key, cancellationToken).ConfigureAwait(false);
        return key.Hash;
    }

    /// <summary>A copy of the object's bytes, once all sections are appended.</summary>
    public byte[] ToArray() => Finish().ToArray();

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_data);
        _data = [];
    }

    // While its bytes are in the processor's cache still.
    private void HashLast()
    {
        if (_hashed < _begun)
        {
            Span<byte> entry = EntryOf(_hashed++);
            int offset = (int)BinaryPrimitives.ReadInt64LittleEndian(entry);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[16..], XxHash3.HashToUInt64(_data.AsSpan(offset, _length - offset)));
        }
    }

    private Span<byte> EntryOf(int section) => _data.AsSpan(HeadLength + (section * EntryLength), EntryLength);

    private void MakeRoom(int length)
    {
        if (length > _data.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(length, 2L * _data.Length), Array.MaxLength));
            _data.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_data);
            _data = larger;
        }
    }
}
