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
    public async ValueTask<byte[]> ReadAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        (BlobAccount account, byte[] first, long length) = await ReadFirstAsync(key, 0, PartBytes, cancellationToken).ConfigureAwait(false);
        if (first.Length == length)
        {
            return first;
        }

        if (length > Array.MaxLength)
        {
            throw new UnreadableObjectException(key, $"it has {length} bytes, more than one array can hold");
        }

        byte[] data = GC.AllocateUninitializedArray<byte>((int)length);
        first.CopyTo(data, 0);
        BlobClient blob = await BlobAsync(account, key, cancellationToken).ConfigureAwait(false);
        await ReadPartsAsync(account, blob, key, 0, data.AsMemory(), first.Length, cancellationToken).ConfigureAwait(false);
        return data;
    }

    /// <inheritdoc/>
    public async ValueTask<byte[]> ReadRangeAsync(ObjectKey key, long offset, int length, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length == 0)
        {
            return await ExistsAsync(key, cancellationToken).ConfigureAwait(false) ? [] : throw Missing(key, null);
        }

        (BlobAccount account, byte[] first, long total) = await ReadFirstAsync(key, offset, Math.Min(length, PartBytes), cancellationToken).ConfigureAwait(false);
        int wanted = (int)Math.Min(length, Math.Max(total - offset, 0));
        if (first.Length >= wanted)
        {
            return first;
        }

        byte[] data = GC.AllocateUninitializedArray<byte>(wanted);
        first.CopyTo(data, 0);
        BlobClient blob = await BlobAsync(account, key, cancellationToken).ConfigureAwait(false);
        await ReadPartsAsync(account, blob, key, offset, data.AsMemory(), first.Length, cancellationToken).ConfigureAwait(false);
        return data;
    }

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

    /// <summary>The first part of an object, from wherever it is, and the length of the whole.</summary>
    private async Task<(BlobAccount Account, byte[] Data, long Length)> ReadFirstAsync(ObjectKey key, long offset, int length, CancellationToken cancellationToken)
    {
        RequestFailedException? missing = null;
        foreach (BlobAccount account in PlacesOf(key))
        {
            BlobClient blob = await BlobAsync(account, key, cancellationToken).ConfigureAwait(false);
            try
            {
                (byte[] data, long total) = await account.RunAsync(
                    "read", length, cancel => ReadOnceAsync(blob, offset, length, cancel), cancellationToken).ConfigureAwait(false);
                return (account, data, total);
            }
            catch (RequestFailedException notThere) when (notThere.Status == 404)
            {
                missing = notThere;
            }
        }

        throw Missing(key, missing);
    }

    private static async Task<(byte[] Data, long Length)> ReadOnceAsync(BlobClient blob, long offset, int length, CancellationToken cancellationToken)
    {
        try
        {
            BlobDownloadResult read = await blob.DownloadContentAsync(
                new BlobDownloadOptions { Range = new HttpRange(offset, length) }, cancellationToken).ConfigureAwait(false);

            // "bytes 0-99/1234"
            string? range = read.Details.ContentRange;
            long total = range is null ? read.Details.ContentLength : long.Parse(range.AsSpan(range.IndexOf('/', StringComparison.Ordinal) + 1), System.Globalization.CultureInfo.InvariantCulture);
            return (read.Content.ToArray(), total);
        }
        catch (RequestFailedException behindItsEnd) when (behindItsEnd.Status == 416)
        {
            BlobProperties properties = await blob.GetPropertiesAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            return ([], properties.ContentLength);
        }
    }

    /// <summary>Reads what is left of a range, several parts at once.</summary>
    private static async Task ReadPartsAsync(
        BlobAccount account, BlobClient blob, ObjectKey key, long offset, Memory<byte> data, int done, CancellationToken cancellationToken)
    {
        try
        {
            await Parallel.ForEachAsync(PartsOf(done, data.Length), ParallelOptionsOf(cancellationToken), async (part, cancel) =>
            {
                (byte[] read, _) = await account.RunAsync(
                    "read", part.Length, once => ReadOnceAsync(blob, offset + part.Offset, part.Length, once), cancel).ConfigureAwait(false);
                if (read.Length != part.Length)
                {
                    throw new UnreadableObjectException(key, "it became shorter while it was read");
                }

                read.CopyTo(data[part.Offset..]);
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
