using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RiskDurable.Execution.Telemetry;

namespace RiskDurable.Execution.Storage;

/// <summary>Reads what <see cref="SectionWriter"/> wrote; every section is held against its hash.</summary>
/// <remarks>Disposing of it gives back the memory it was read into, which the next reader then uses; spans of it stand until then.</remarks>
public sealed class SectionReader : IDisposable
{
    // Holds the directory of most objects, so that one read of the store suffices to know where things are.
    private const int FirstRead = 16 * 1024;

    private readonly ObjectKey _key;
    private readonly ObjectBytes _directory;
    private readonly ObjectBytes _data;
    private readonly long _dataOffset;

    private SectionReader(ObjectKey key, ObjectBytes directory, ObjectBytes data, long dataOffset)
    {
        _key = key;
        _directory = directory;
        _data = data;
        _dataOffset = dataOffset;
    }

    /// <summary>Number of sections in the object.</summary>
    public int Count => (int)BinaryPrimitives.ReadInt64LittleEndian(_directory.Span[8..]);

    /// <summary>Reads a whole object.</summary>
    /// <param name="store">Where it is.</param>
    /// <param name="key">The object.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="UnreadableObjectException">It is missing or damaged.</exception>
    public static ValueTask<SectionReader> ReadAsync(IObjectStore store, ObjectKey key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        return FetchAsync(key, async () =>
        {
            ObjectBytes data = await store.LendRangeAsync(key, 0, System.Array.MaxLength, cancellationToken).ConfigureAwait(false);
            var reader = new SectionReader(key, data, data, 0);
            try
            {
                CheckDirectory(key, data.Span);
                reader.Check(0, reader.Count);
                return reader;
            }
            catch
            {
                reader.Dispose();
                throw;
            }
        });
    }

    /// <summary>Reads a run of sections of an object, and nothing else of it.</summary>
    /// <param name="store">Where it is.</param>
    /// <param name="key">The object.</param>
    /// <param name="first">First section.</param>
    /// <param name="count">Number of sections, at least 1.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="UnreadableObjectException">It is missing or damaged.</exception>
    public static ValueTask<SectionReader> ReadSectionsAsync(
        IObjectStore store, ObjectKey key, int first, int count, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        return FetchAsync(key, async () =>
        {
            ObjectBytes head = await HeadAsync(store, key, cancellationToken).ConfigureAwait(false);
            ObjectBytes data = head;
            try
            {
                var reader = new SectionReader(key, head, head, 0);
                (long from, _, _) = reader.Entry(first);
                (long last, long lastLength, _) = reader.Entry(first + count - 1);
                long end = last + lastLength;
                if (end > head.Length)
                {
                    data = await store.LendRangeAsync(key, from, checked((int)(end - from)), cancellationToken).ConfigureAwait(false);
                    reader = new SectionReader(key, head, data, from);
                }

                reader.Check(first, count);
                return reader;
            }
            catch
            {
                head.Dispose();
                data.Dispose();
                throw;
            }
        });
    }

    /// <summary>Reads the sections of an object straight into arrays.</summary>
    /// <param name="store">Where it is.</param>
    /// <param name="key">The object.</param>
    /// <param name="arrays">For each section from the first on, where it goes; those that the object does not have stay as they are.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="UnreadableObjectException">It is missing or damaged.</exception>
    internal static async ValueTask ReadArraysAsync(
        IObjectStore store, ObjectKey key, IReadOnlyList<ISectionArray> arrays, CancellationToken cancellationToken) => await FetchAsync(key, async () =>
    {
        ObjectBytes head = await HeadAsync(store, key, cancellationToken).ConfigureAwait(false);
        using var reader = new SectionReader(key, head, head, 0);
        int count = Math.Min(arrays.Count, reader.Count);
        var parts = new List<Memory<byte>>();
        var sections = new List<Memory<byte>>();
        long end = count == 0 ? 0 : reader.Entry(0).Offset;
        long first = end;
        for (int section = 0; section < count; section++)
        {
            (long offset, long length, _) = reader.Entry(section);
            parts.Add(new byte[checked((int)(offset - end))]);
            sections.Add(arrays[section].Allocate(checked((int)length)));
            parts.Add(sections[section]);
            end = offset + length;
        }

        await store.ReadPartsAsync(key, first, parts, cancellationToken).ConfigureAwait(false);
        for (int section = 0; section < count; section++)
        {
            Check(key, section, sections[section].Span, reader.Entry(section).Hash);
        }

        return true;
    }).ConfigureAwait(false);

    private static async ValueTask<ObjectBytes> HeadAsync(IObjectStore store, ObjectKey key, CancellationToken cancellationToken)
    {
        ObjectBytes head = await store.LendRangeAsync(key, 0, FirstRead, cancellationToken).ConfigureAwait(false);
        try
        {
            int directoryLength = DirectoryLength(key, head.Span);
            if (directoryLength > head.Length)
            {
                head.Dispose();
                head = await store.LendRangeAsync(key, 0, directoryLength, cancellationToken).ConfigureAwait(false);
            }

            CheckDirectory(key, head.Span);
            return head;
        }
        catch
        {
            head.Dispose();
            throw;
        }
    }

    // What arrives with a wrong hash may have been damaged on its way: it is fetched once more, and then reported.
    private static async ValueTask<T> FetchAsync<T>(ObjectKey key, Func<ValueTask<T>> fetch)
    {
        try
        {
            return await fetch().ConfigureAwait(false);
        }
        catch (UnreadableObjectException damaged) when (damaged.IsDamage)
        {
            try
            {
                T fetched = await fetch().ConfigureAwait(false);
                StorageMetrics.DamageFound(key.Kind, isMended: true);
                return fetched;
            }
            catch (UnreadableObjectException)
            {
                StorageMetrics.DamageFound(key.Kind, isMended: false);
                throw;
            }
        }
    }

    /// <summary>A section's bytes.</summary>
    /// <param name="section">Number of the section; it must be among those read.</param>
    /// <exception cref="UnreadableObjectException">The object has no such section.</exception>
    public ReadOnlySpan<byte> Bytes(int section)
    {
        (long offset, long length, _) = Entry(section);
        long start = offset - _dataOffset;
        return start >= 0 && length >= 0 && start + length <= _data.Length
            ? _data.Span.Slice((int)start, (int)length)
            : throw UnreadableObjectException.Damaged(_key, $"section {section} ends behind the object's end");
    }

    /// <summary>A section that holds an array, in an array that is not cleared first.</summary>
    /// <param name="section">Number of the section.</param>
    /// <typeparam name="T">A primitive.</typeparam>
    /// <exception cref="UnreadableObjectException">The object has no such section.</exception>
    public T[] Array<T>(int section)
        where T : unmanaged
    {
        ReadOnlySpan<T> values = MemoryMarshal.Cast<byte, T>(Bytes(section));
        T[] copy = GC.AllocateUninitializedArray<T>(values.Length);
        values.CopyTo(copy);
        return copy;
    }

    /// <summary>Elements within a section, where they lie: they stand until the reader is disposed of.</summary>
    /// <param name="section">Number of the section.</param>
    /// <param name="offset">Byte in the section where they begin.</param>
    /// <param name="count">Number of elements.</param>
    /// <typeparam name="T">A primitive.</typeparam>
    /// <exception cref="UnreadableObjectException">The section ends before.</exception>
    internal ReadOnlyMemory<T> Column<T>(int section, int offset, int count)
        where T : unmanaged
    {
        (long start, long length, _) = Entry(section);
        return offset + ((long)count * Unsafe.SizeOf<T>()) <= length
            ? new ObjectColumn<T>(_data, (int)(start - _dataOffset) + offset, count).Memory
            : throw UnreadableObjectException.Damaged(_key, $"section {section} is shorter than it says");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _directory.Dispose();
        _data.Dispose();
    }

    private void Check(int first, int count)
    {
        for (int section = first; section < first + count; section++)
        {
            Check(_key, section, Bytes(section), Entry(section).Hash);
        }
    }

    private static void Check(ObjectKey key, int section, ReadOnlySpan<byte> bytes, ulong hash)
    {
        if (XxHash3.HashToUInt64(bytes) != hash)
        {
            throw UnreadableObjectException.Damaged(key, $"the hash of section {section} is wrong");
        }
    }

    private static int DirectoryLength(ObjectKey key, ReadOnlySpan<byte> head)
    {
        if (head.Length < SectionWriter.DirectoryLength(0) || BinaryPrimitives.ReadUInt64LittleEndian(head) != SectionWriter.Magic)
        {
            throw UnreadableObjectException.Damaged(key, "it does not start as an object does");
        }

        long sections = BinaryPrimitives.ReadInt64LittleEndian(head[8..]);
        return sections is >= 0 and < int.MaxValue / SectionWriter.EntryLength / 2
            ? SectionWriter.DirectoryLength((int)sections)
            : throw UnreadableObjectException.Damaged(key, "its number of sections is impossible");
    }

    private static void CheckDirectory(ObjectKey key, ReadOnlySpan<byte> data)
    {
        int length = DirectoryLength(key, data) - 8;
        if (length + 8 > data.Length
            || XxHash3.HashToUInt64(data[..length]) != BinaryPrimitives.ReadUInt64LittleEndian(data[length..]))
        {
            throw UnreadableObjectException.Damaged(key, "the hash of its directory is wrong");
        }
    }

    private (long Offset, long Length, ulong Hash) Entry(int section)
    {
        if ((uint)section >= (uint)Count)
        {
            throw new UnreadableObjectException(_key, $"it has {Count} sections, and not section {section}");
        }

        ReadOnlySpan<byte> entry = _directory.Span.Slice(SectionWriter.HeadLength + (section * SectionWriter.EntryLength), SectionWriter.EntryLength);
        return (
            BinaryPrimitives.ReadInt64LittleEndian(entry),
            BinaryPrimitives.ReadInt64LittleEndian(entry[8..]),
            BinaryPrimitives.ReadUInt64LittleEndian(entry[16..]));
    }
}
