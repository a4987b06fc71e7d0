using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using RiskDurable.Execution.Storage;

namespace RiskDurable.Azure;

/// <summary>Documents as blobs of one container, in the first of the accounts. Any number of processes may share it.</summary>
/// <param name="accounts">The accounts.</param>
/// <param name="container">The container.</param>
public sealed class BlobDocumentStore(BlobAccounts accounts, string container) : IDocumentStore
{
    private readonly BlobAccount _account = accounts.First;

    /// <inheritdoc/>
    public string Name => $"{_account.Address}/{container}";

    /// <inheritdoc/>
    public async ValueTask<StoredDocument?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        BlobClient blob = await BlobAsync(name, cancellationToken).ConfigureAwait(false);
        try
        {
            return await _account.RunAsync("read-document", 0, async cancel =>
            {
                BlobDownloadResult read = await blob.DownloadContentAsync(cancel).ConfigureAwait(false);
                return new StoredDocument(read.Content.ToArray(), read.Details.ETag.ToString());
            }, cancellationToken).ConfigureAwait(false);
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> WriteAsync(string name, ReadOnlyMemory<byte> data, string? ifMatch, CancellationToken cancellationToken)
    {
        BlobClient blob = await BlobAsync(name, cancellationToken).ConfigureAwait(false);
        var options = new BlobUploadOptions
        {
            Conditions = ifMatch is null ? new() { IfNoneMatch = ETag.All } : new() { IfMatch = new ETag(ifMatch) },
        };
        int sent = 0;
        try
        {
            await _account.Requests.RunAsync("write-document", data.Length, (tries, cancel) =>
            {
                sent = tries;
                return blob.UploadAsync(BinaryData.FromBytes(data), options, cancel);
            }, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (RequestFailedException changed) when (changed.Status is 409 or 412 or 404)
        {
            // A try whose answer was lost may have written it; then it was us who changed it.
            return sent > 1 && await ReadAsync(name, cancellationToken).ConfigureAwait(false) is { } now && now.Data.AsSpan().SequenceEqual(data.Span);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string name, CancellationToken cancellationToken)
    {
        BlobClient blob = await BlobAsync(name, cancellationToken).ConfigureAwait(false);
        await _account.RunAsync(
            "delete-document", 0, async cancel => await blob.DeleteIfExistsAsync(cancellationToken: cancel).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<BlobClient> BlobAsync(string name, CancellationToken cancellationToken)
    {
        DocumentName.Check(name);
        return (await _account.ContainerAsync(container, cancellationToken).ConfigureAwait(false)).GetBlobClient(name);
    }
}
