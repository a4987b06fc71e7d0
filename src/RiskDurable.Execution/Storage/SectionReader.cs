using System.Buffers.Binary;
using System.IO.Hashing;
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
            ObjectBytes head = await store.LendRangeAsync(key, 0, FirstRead, cancellationToken).ConfigureAwait(false);
            ObjectBytes data = head;
            try
            {
                int directoryLength = DirectoryLength(key, head.Span);
                if (directoryLength > head.Length)
                {
                    head.Dispose();
                    data = head = await store.LendRangeAsync(key, 0, directoryLength, cancellationToken).ConfigureAwait(false);
                }

                CheckDirectory(key, head.Span);
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

    // What arrives with a wrong hash may have been damaged on its way: it is fetched once more, and then reported.
    private static async ValueTask<SectionReader> FetchAsync(ObjectKey key, Func<ValueTask<SectionReader>> fetch)
    {
        try
        {
            return await fetch().ConfigureAwait(false);
        }
        catch (UnreadableObjectException damaged) when (damaged.IsDamage)
        {
            try
            {
                SectionReader reader = await fetch().ConfigureAwait(false);
                StorageMetrics.DamageFound(key.Kind, isMended: true);
                return reader;
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

    /// <summary>A section that holds an array.</summary>
    /// <param name="section">Number of the section.</param>
    /// <typeparam name="T">A primitive.</typeparam>
    /// <exception cref="UnreadableObjectException">The object has no such section.</exception>
    public T[] Array<T>(int section)
        where T : unmanaged => Copy<T>(Bytes(section));

    /// <summary>The elements that bytes hold, in an array that is not cleared first.</summary>
    internal static T[] Copy<T>(ReadOnlySpan<byte> bytes)
        where T : unmanaged
    {
        ReadOnlySpan<T> values = MemoryMarshal.Cast<byte, T>(bytes);
        T[] copy = GC.AllocateUninitializedArray<T>(values.Length);
        values.CopyTo(copy);
        return copy;
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
            if (XxHash3.HashToUInt64(Bytes(section)) != Entry(section).Hash)
            {
                throw UnreadableObjectException.Damaged(_key, $"the hash of section {section} is wrong");
            }
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
