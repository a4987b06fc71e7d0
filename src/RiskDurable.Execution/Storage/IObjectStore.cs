namespace RiskDurable.Execution.Storage;

/// <summary>
/// Where packed inputs and outputs are kept. What a key names never changes, so writing it twice is harmless and readers need no lock.
/// An object is there whole or not at all, also after a crash of the writer.
/// </summary>
public interface IObjectStore
{
    /// <summary>Where the objects are, for messages to people.</summary>
    string Name { get; }

    /// <summary>Whether the object is there.</summary>
    /// <param name="key">The object.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    ValueTask<bool> ExistsAsync(ObjectKey key, CancellationToken cancellationToken);

    /// <summary>Stores an object; does nothing where it is there already.</summary>
    /// <param name="key">The object.</param>
    /// <param name="data">Its bytes.</param>
    /// <param name="cancellationToken">Stops; the object is then not there.</param>
    ValueTask WriteAsync(ObjectKey key, ReadOnlyMemory<byte> data, CancellationToken cancellationToken);

    /// <summary>Reads a whole object.</summary>
    /// <param name="key">The object.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="UnreadableObjectException">It is not there.</exception>
    ValueTask<byte[]> ReadAsync(ObjectKey key, CancellationToken cancellationToken);

    /// <summary>Reads a part of an object.</summary>
    /// <param name="key">The object.</param>
    /// <param name="offset">First byte.</param>
    /// <param name="length">Number of bytes; less come back where the object ends before.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="UnreadableObjectException">It is not there.</exception>
    ValueTask<byte[]> ReadRangeAsync(ObjectKey key, long offset, int length, CancellationToken cancellationToken);

    /// <summary>Reads a part of an object into memory that is lent: whoever disposes of it gives it back for the next read.</summary>
    /// <param name="key">The object.</param>
    /// <param name="offset">First byte.</param>
    /// <param name="length">Number of bytes; less come back where the object ends before.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="UnreadableObjectException">It is not there.</exception>
    async ValueTask<ObjectBytes> LendRangeAsync(ObjectKey key, long offset, int length, CancellationToken cancellationToken) =>
        new(await ReadRangeAsync(key, offset, length, cancellationToken).ConfigureAwait(false));

    /// <summary>Reads neighbouring parts of an object into memory that the caller has.</summary>
    /// <param name="key">The object.</param>
    /// <param name="offset">First byte of the first part.</param>
    /// <param name="parts">Receive the bytes from there on, each as many as it is long.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="UnreadableObjectException">It is not there, or ends before.</exception>
    async ValueTask ReadPartsAsync(ObjectKey key, long offset, IReadOnlyList<Memory<byte>> parts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parts);
        int length = checked(parts.Sum(part => part.Length));
        using ObjectBytes bytes = await LendRangeAsync(key, offset, length, cancellationToken).ConfigureAwait(false);
        if (bytes.Length < length)
        {
            throw UnreadableObjectException.EndsBefore(key, offset + length);
        }

        int next = 0;
        foreach (Memory<byte> part in parts)
        {
            bytes.Span.Slice(next, part.Length).CopyTo(part.Span);
            next += part.Length;
        }
    }

    /// <summary>Removes an object; does nothing where it is not there.</summary>
    /// <param name="key">The object.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    ValueTask DeleteAsync(ObjectKey key, CancellationToken cancellationToken);

    /// <summary>All objects, in no particular order.</summary>
    /// <param name="cancellationToken">Stops the enumeration.</param>
    IAsyncEnumerable<StoredObject> ListAsync(CancellationToken cancellationToken);
}

/// <summary>An object as a listing shows it.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Length">Bytes.</param>
/// <param name="LastWritten">When it was written.</param>
public sealed record StoredObject(ObjectKey Key, long Length, DateTimeOffset LastWritten);
