using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using RiskDurable.Execution.Storage;

namespace RiskDurable.Azure;

/// <summary>
/// Objects as blobs, spread over accounts by their hash (<see cref="AccountChoice"/>). A blob's name starts with the hash, so that the blobs of an
/// account spread over its partitions.
/// </summary>
/// <remarks>
/// <para>A blob appears with its last request, whole: a writer that is killed leaves blocks that nobody sees, and the service removes them.</para>
/// <para>An account that is added takes over objects that another one holds. They are found there, by further requests; new ones are written to the new
/// account, and what is in the old one goes with the store's lifecycle. Any number of accounts may be added at once.</para>
/// </remarks>
/// <param name="accounts">The accounts.</param>
/// <param name="container">The container in each of them.</param>
public sealed class BlobObjectStore(BlobAccounts accounts, string container) : IObjectStore
{
    /// <summary>Bytes of a block, and of a range that is read: one request each, so that large objects travel in parallel.</summary>
    public const int PartBytes = 8 << 20;

    private const int PartsAtOnce = 4;

    private readonly AccountChoice _choice = new(accounts.All.Select(account => account.Address.Name));

    /// <inheritdoc/>
    public string Name => $"{string.Join(' ', accounts.All.Select(account => account.Address))}/{container}";

    /// <inheritdoc/>
    public async ValueTask<bool> ExistsAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        foreach (BlobAccount account in PlacesOf(key))
        {
            BlobClient blob = await BlobAsync(account, key, cancellationToken).ConfigureAwait(false);
            if (await account.RunAsync("exists", 0, cancel => blob.ExistsAsync(cancel), cancellationToken).ConfigureAwait(false))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(ObjectKey key, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        BlobAccount account = PlacesOf(key)[0];
        BlobContainerClient blobs = await account.ContainerAsync(container, cancellationToken).ConfigureAwait(false);
        try
        {
            if (data.Length <= PartBytes)
            {
                var options = new BlobUploadOptions { Conditions = new() { IfNoneMatch = ETag.All } };
                BlobClient blob = blobs.GetBlobClient(key.Name);
                await account.RunAsync("write", data.Length, cancel => blob.UploadAsync(BinaryData.FromBytes(data), options, cancel), cancellationToken).ConfigureAwait(false);
            }
            else if (!await ExistsAsync(key, cancellationToken).ConfigureAwait(false))
            {
                await WritePartsAsync(account, blobs.GetBlockBlobClient(key.Name), data, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (RequestFailedException there) when (there.Status is 409 or 412)
        {
            // What a key names never changes: another writer, or a try whose answer was lost, wrote the same bytes.
        }
    }

    /// <inheritdoc/>
    public ValueTask<byte[]> ReadAsync(ObjectKey key, CancellationToken cancellationToken) => ReadRangeAsync(key, 0, Array.MaxLength, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<byte[]> ReadRangeAsync(ObjectKey key, long offset, int length, CancellationToken cancellationToken) =>
        await ReadAsync(key, offset, length, bytes => GC.AllocateUninitializedArray<byte>(bytes), data => data.AsMemory(), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<ObjectBytes> LendRangeAsync(ObjectKey key, long offset, int length, CancellationToken cancellationToken) =>
        await ReadAsync(key, offset, length, ObjectBytes.Lend, data => data.Memory, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        foreach (BlobAccount account in PlacesOf(key))
        {
            BlobClient blob = await BlobAsync(account, key, cancellationToken).ConfigureAwait(false);
            await account.RunAsync("delete", 0, cancel => blob.DeleteIfExistsAsync(cancellationToken: cancel), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredObject> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        BlobContainerClient[] containers = await Task.WhenAll(
            accounts.All.Select(account => account.ContainerAsync(container, cancellationToken).AsTask())).ConfigureAwait(false);
        IAsyncEnumerable<StoredObject>[] lists = [.. accounts.All.Select((account, number) => ListAsync(account, containers[number], cancellationToken))];
        await foreach (StoredObject found in ObjectLists.MergeAsync(lists, cancellationToken).ConfigureAwait(false))
        {
            yield return found;
        }
    }

    private static async IAsyncEnumerable<StoredObject> ListAsync(
        BlobAccount account, BlobContainerClient blobs, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? next = null;
        do
        {
            string? from = next;
            Page<BlobItem> page = await account.RunAsync("list", 0, async cancel =>
            {
                await foreach (Page<BlobItem> found in blobs.GetBlobsAsync(new GetBlobsOptions(), cancel).AsPages(from).ConfigureAwait(false))
                {
                    return found;
                }

                return Page<BlobItem>.FromValues([], null, null!);
            }, cancellationToken).ConfigureAwait(false);
            foreach (BlobItem blob in page.Values)
            {
                if (ObjectKey.TryParse(blob.Name, out ObjectKey key))
                {
                    yield return new StoredObject(key, blob.Properties.ContentLength ?? 0, blob.Properties.LastModified ?? default);
                }
            }

            next = page.ContinuationToken;
        }
        while (!string.IsNullOrEmpty(next));
    }

    private static UnreadableObjectException Missing(ObjectKey key, Exception? exception) => new(key, "it is not in the store", exception);

    private BlobAccount[] PlacesOf(ObjectKey key) => [.. _choice.RankFor(key.Hash).Select(account => accounts.All[account])];

    private async ValueTask<BlobClient> BlobAsync(BlobAccount account, ObjectKey key, CancellationToken cancellationToken) =>
        (await account.ContainerAsync(container, cancellationToken).ConfigureAwait(false)).GetBlobClient(key.Name);

    /// <summary>Reads a range from wherever the object is, into memory that is asked for once its length is known.</summary>
    private async Task<T> ReadAsync<T>(
        ObjectKey key, long offset, int length, Func<int, T> allocate, Func<T, Memory<byte>> memoryOf, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length == 0)
        {
            return await ExistsAsync(key, cancellationToken).ConfigureAwait(false) ? allocate(0) : throw Missing(key, null);
        }

        RequestFailedException? missing = null;
        foreach (BlobAccount account in PlacesOf(key))
        {
            BlobClient blob = await BlobAsync(account, key, cancellationToken).ConfigureAwait(false);
            try
            {
                // What a failed try has filled in part is not given back: it may be written to still.
                int first = Math.Min(length, PartBytes);
                long available = 0;
                T data = await account.RunAsync("read", first, async cancel =>
                {
                    using RangeDownload range = await RangeDownload.OpenAsync(blob, offset, first, cancel).ConfigureAwait(false);
                    available = Math.Max(range.Total - offset, 0);
                    T data = allocate((int)Math.Min(available, Math.Min(length, Array.MaxLength)));
                    Memory<byte> memory = memoryOf(data);
                    await range.ReadToEndAsync(memory[..Math.Min(first, memory.Length)], cancel).ConfigureAwait(false);
                    return data;
                }, cancellationToken).ConfigureAwait(false);
                if (length >= Array.MaxLength && available > Array.MaxLength)
                {
                    throw new UnreadableObjectException(key, $"it has {available} bytes, more than one array can hold");
                }

                await ReadPartsAsync(account, blob, key, offset, memoryOf(data), first, cancellationToken).ConfigureAwait(false);
                return data;
            }
            catch (RequestFailedException notThere) when (notThere.Status == 404)
            {
                missing = notThere;
            }
        }

        throw Missing(key, missing);
    }

    /// <summary>Reads what is left of a range, several parts at once.</summary>
    private static async Task ReadPartsAsync(
        BlobAccount account, BlobClient blob, ObjectKey key, long offset, Memory<byte> data, int done, CancellationToken cancellationToken)
    {
        try
        {
            await Parallel.ForEachAsync(PartsOf(done, data.Length), ParallelOptionsOf(cancellationToken), async (part, cancel) =>
            {
                bool isWhole = await account.RunAsync("read", part.Length, async once =>
                {
                    using RangeDownload range = await RangeDownload.OpenAsync(blob, offset + part.Offset, part.Length, once).ConfigureAwait(false);
                    bool isWhole = range.Total - offset >= data.Length;
                    await range.ReadToEndAsync(isWhole ? data.Slice(part.Offset, part.Length) : Memory<byte>.Empty, once).ConfigureAwait(false);
                    return isWhole;
                }, cancel).ConfigureAwait(false);
                if (!isWhole)
                {
                    throw new UnreadableObjectException(key, "it became shorter while it was read");
                }
            }).ConfigureAwait(false);
        }
        catch (RequestFailedException gone) when (gone.Status == 404)
        {
            throw new UnreadableObjectException(key, "it was deleted while it was read", gone);
        }
    }

    private static async Task WritePartsAsync(BlobAccount account, BlockBlobClient blob, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        // Of this writer alone: blocks of writers at the same time do not mix, and one that commits first leaves the others theirs to fail with.
        string writer = Guid.NewGuid().ToString("N")[..16];
        string IdOf(int offset) => Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(FormattableString.Invariant($"{writer}{offset:D12}")));

        (int Offset, int Length)[] parts = [.. PartsOf(0, data.Length)];
        await Parallel.ForEachAsync(parts, ParallelOptionsOf(cancellationToken), async (part, cancel) =>
        {
            ReadOnlyMemory<byte> block = data.Slice(part.Offset, part.Length);
            await account.RunAsync("write-block", part.Length, async once =>
            {
                using Stream content = BinaryData.FromBytes(block).ToStream();
                return await blob.StageBlockAsync(IdOf(part.Offset), content, cancellationToken: once).ConfigureAwait(false);
            }, cancel).ConfigureAwait(false);
        }).ConfigureAwait(false);
        var options = new CommitBlockListOptions { Conditions = new() { IfNoneMatch = ETag.All } };
        try
        {
            await account.RunAsync("commit", 0, cancel => blob.CommitBlockListAsync(parts.Select(part => IdOf(part.Offset)), options, cancel), cancellationToken).ConfigureAwait(false);
        }
        catch (RequestFailedException committed) when (committed.Status == 400 && committed.ErrorCode == BlobErrorCode.InvalidBlockList)
        {
            // The service drops uncommitted blocks when another writer commits: then the object is there.
            if (!await account.RunAsync("exists", 0, cancel => blob.ExistsAsync(cancel), cancellationToken).ConfigureAwait(false))
            {
                throw;
            }
        }
    }

    private static IEnumerable<(int Offset, int Length)> PartsOf(int first, int end)
    {
        for (int offset = first; offset < end; offset += PartBytes)
        {
            yield return (offset, Math.Min(PartBytes, end - offset));
        }
    }

    private static ParallelOptions ParallelOptionsOf(CancellationToken cancellationToken) =>
        new() { MaxDegreeOfParallelism = PartsAtOnce, CancellationToken = cancellationToken };
}
