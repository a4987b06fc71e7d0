using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using RiskDurable.Portfolio.Files;

namespace RiskDurable.Azure;

/// <summary>
/// Uploads in a container of the first account. A file arrives as blocks that nobody sees until they are committed; its SHA-256 is a piece of metadata.
/// Blobs that were copied into the container by other means are files as well, of which the SHA-256 is not known.
/// </summary>
/// <remarks>
/// Of a file in parts each part is held against its own digest, where that is given; the digest of the whole is the caller's word, as the blocks cannot be
/// read before they are committed. Parts that nobody completes are removed by the service after a week.
/// </remarks>
/// <param name="accounts">The accounts.</param>
/// <param name="container">The container.</param>
public sealed class BlobUploads(BlobAccounts accounts, string container) : IUploadArea
{
    private const int BlockBytes = 8 << 20;
    private const int DigestDigits = 17;
    private const string DigestName = "sha256";

    private readonly BlobAccount _account = accounts.First;

    /// <inheritdoc/>
    public string Name => $"{_account.Address}/{container}";

    /// <inheritdoc/>
    public IPortfolioFiles FilesOf(string portfolio) => new BlobFiles(_account, container, UploadNames.FolderOf(portfolio), $"the uploads of '{portfolio}'");

    /// <inheritdoc/>
    public async IAsyncEnumerable<UploadedFile> ListAsync(string portfolio, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string prefix = UploadNames.FolderOf(portfolio) + "/";
        BlobContainerClient blobs = await _account.ContainerAsync(container, cancellationToken).ConfigureAwait(false);
        string? next = null;
        do
        {
            Page<BlobItem>? page = await _account.RunAsync("list-uploads", 0, async cancel =>
            {
                await foreach (Page<BlobItem> found in blobs.GetBlobsAsync(BlobTraits.Metadata, BlobStates.None, prefix, cancel).AsPages(next).ConfigureAwait(false))
                {
                    return found;
                }

                return null;
            }, cancellationToken).ConfigureAwait(false);
            foreach (BlobItem blob in page?.Values ?? [])
            {
                yield return Describe(blob.Name[prefix.Length..], blob.Properties.ContentLength ?? 0, blob.Metadata, blob.Properties.LastModified!.Value);
            }

            next = page?.ContinuationToken;
        }
        while (!string.IsNullOrEmpty(next));
    }

    /// <inheritdoc/>
    public async Task<UploadedFile?> FindAsync(string portfolio, string path, CancellationToken cancellationToken) =>
        await FindAsync(await BlobAsync(portfolio, path, cancellationToken).ConfigureAwait(false), path, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async Task<UploadOutcome> WriteAsync(string portfolio, string path, UploadContent content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        BlockBlobClient blob = await BlobAsync(portfolio, path, cancellationToken).ConfigureAwait(false);
        bool isNew = await FindAsync(blob, path, cancellationToken).ConfigureAwait(false) is null;
        if (content.IsWhole)
        {
            return new UploadOutcome(await WriteWholeAsync(blob, path, content, cancellationToken).ConfigureAwait(false), isNew, content.Total);
        }

        string sha256 = content.Sha256!;
        await StageAsync(blob, path, content, (first, length) => PartId(sha256, first, length), cancellationToken).ConfigureAwait(false);
        Response<BlockList> staged = await _account.RunAsync(
            "list-blocks", 0, cancel => blob.GetBlockListAsync(BlockListTypes.Uncommitted, cancellationToken: cancel), cancellationToken).ConfigureAwait(false);
        IReadOnlyList<UploadPart> parts = UploadPart.Sequence(staged.Value.UncommittedBlocks.Select(block => PartOf(sha256, block.Name)).OfType<UploadPart>());
        long received = parts.Sum(part => part.Length);
        UploadedFile? file = received == content.Total
            ? await CommitAsync(blob, path, [.. parts.Select(part => PartId(sha256, part.First, part.Length))], content.Total, sha256, cancellationToken).ConfigureAwait(false)
            : await FindAsync(blob, path, cancellationToken).ConfigureAwait(false);

        // Whoever sent another part at the same moment may have put the file together.
        return file?.Sha256 == sha256 ? new UploadOutcome(file, isNew, content.Total) : new UploadOutcome(null, false, received);
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(string portfolio, string path, CancellationToken cancellationToken)
    {
        BlockBlobClient blob = await BlobAsync(portfolio, path, cancellationToken).ConfigureAwait(false);
        return await _account.RunAsync("delete-upload", 0, async cancel => (await blob.DeleteIfExistsAsync(cancellationToken: cancel).ConfigureAwait(false)).Value, cancellationToken)
            .ConfigureAwait(false);
    }

    private static UploadedFile Describe(string path, long bytes, IDictionary<string, string> metadata, DateTimeOffset at) =>
        new(path, bytes, metadata.TryGetValue(DigestName, out string? digest) ? digest : null, at);

    private static Dictionary<string, string> MetadataOf(string sha256) => new() { [DigestName] = sha256 };

    // All blocks of a blob have names of the same length.
    private static string WholeId(string upload, long first) => Encode(string.Create(CultureInfo.InvariantCulture, $"w{upload}{first:D15}"));

    private static string PartId(string sha256, long first, long length) => Encode(string.Create(CultureInfo.InvariantCulture, $"p{sha256[..DigestDigits]}{first:D15}{length:D15}"));

    private static UploadPart? PartOf(string sha256, string blockId)
    {
        string id = Encoding.ASCII.GetString(Convert.FromBase64String(blockId));
        return id.StartsWith("p" + sha256[..DigestDigits], StringComparison.Ordinal)
            ? new UploadPart(long.Parse(id.AsSpan(1 + DigestDigits, 15), CultureInfo.InvariantCulture), long.Parse(id.AsSpan(16 + DigestDigits, 15), CultureInfo.InvariantCulture))
            : null;
    }

    private static string Encode(string id) => Convert.ToBase64String(Encoding.ASCII.GetBytes(id));

    private async Task<UploadedFile?> FindAsync(BlockBlobClient blob, string path, CancellationToken cancellationToken)
    {
        try
        {
            BlobProperties found = await _account.RunAsync(
                "find-upload", 0, async cancel => (await blob.GetPropertiesAsync(cancellationToken: cancel).ConfigureAwait(false)).Value, cancellationToken).ConfigureAwait(false);
            return Describe(path, found.ContentLength, found.Metadata, found.LastModified);
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
    }

    private async Task<UploadedFile> WriteWholeAsync(BlockBlobClient blob, string path, UploadContent content, CancellationToken cancellationToken)
    {
        if (content.Length > BlockBytes)
        {
            string upload = Guid.NewGuid().ToString("N");
            (IReadOnlyList<string> blocks, string digest) = await StageAsync(blob, path, content, (first, _) => WholeId(upload, first), cancellationToken).ConfigureAwait(false);
            return await CommitAsync(blob, path, blocks, content.Length, digest, cancellationToken).ConfigureAwait(false);
        }

        byte[] bytes = new byte[content.Length];
        int count = await content.Body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes.AsSpan(0, count)));
        content.Check(path, count, sha256, content.Sha256, content.BodySha256);
        var options = new BlobUploadOptions { Metadata = MetadataOf(sha256) };
        BlobContentInfo stored = await _account.RunAsync(
            "write-upload", count, async cancel => (await blob.UploadAsync(new MemoryStream(bytes), options, cancel).ConfigureAwait(false)).Value, cancellationToken)
            .ConfigureAwait(false);
        return new UploadedFile(path, count, sha256, stored.LastModified);
    }

    /// <summary>
    /// Stages a body block by block, the last one only when all of it is known to be what was announced: a part whose last block is missing counts for
    /// nothing, and sent again it replaces the blocks that were wrong.
    /// </summary>
    private async Task<(IReadOnlyList<string> Ids, string Sha256)> StageAsync(
        BlockBlobClient blob, string path, UploadContent content, Func<long, int, string> idOf, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BlockBytes);
        var ids = new List<string>();
        try
        {
            for (long done = 0; ;)
            {
                int wanted = (int)Math.Min(BlockBytes, content.Length - done);
                int count = await content.Body.ReadAtLeastAsync(buffer.AsMemory(0, wanted), wanted, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
                hash.AppendData(buffer, 0, count);
                bool isLast = count < wanted || done + count == content.Length;
                string sha256 = isLast ? Convert.ToHexStringLower(hash.GetHashAndReset()) : "";
                if (isLast)
                {
                    content.Check(path, done + count, sha256, content.IsWhole ? content.Sha256 : null, content.BodySha256);
                }

                string id = idOf(content.First + done, count);
                await _account.RunAsync(
                    "stage-upload", count, cancel => blob.StageBlockAsync(id, new MemoryStream(buffer, 0, count), cancellationToken: cancel), cancellationToken).ConfigureAwait(false);
                ids.Add(id);
                done += count;
                if (isLast)
                {
                    return (ids, sha256);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<UploadedFile> CommitAsync(
        BlockBlobClient blob, string path, IReadOnlyList<string> blocks, long length, string sha256, CancellationToken cancellationToken)
    {
        var options = new CommitBlockListOptions { Metadata = MetadataOf(sha256) };
        try
        {
            BlobContentInfo stored = await _account.RunAsync(
                "commit-upload", 0, async cancel => (await blob.CommitBlockListAsync(blocks, options, cancel).ConfigureAwait(false)).Value, cancellationToken)
                .ConfigureAwait(false);
            return new UploadedFile(path, length, sha256, stored.LastModified);
        }
        catch (RequestFailedException gone) when (gone.ErrorCode == BlobErrorCode.InvalidBlockList)
        {
            // A commit removes the blocks of all others that are at the same blob.
            throw new UploadConflictException($"Somebody else stored '{path}' at the same time. Send it again.");
        }
    }

    private async ValueTask<BlockBlobClient> BlobAsync(string portfolio, string path, CancellationToken cancellationToken)
    {
        string name = $"{UploadNames.FolderOf(portfolio)}/{UploadNames.CheckPath(path)}";
        return (await _account.ContainerAsync(container, cancellationToken).ConfigureAwait(false)).GetBlockBlobClient(name);
    }
}
