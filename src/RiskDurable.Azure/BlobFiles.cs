using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using RiskDurable.Execution.Storage;
using RiskDurable.Portfolio;
using RiskDurable.Portfolio.Files;

namespace RiskDurable.Azure;

/// <summary>
/// A portfolio in a container, below a prefix. What is there is listed once, at the first question: a portfolio of thousands of tables is a page or two,
/// not a question a file. The container is not created.
/// </summary>
public sealed class BlobFiles : IPortfolioFiles
{
    private readonly BlobAccount _account;
    private readonly string _container;
    private readonly string _prefix;
    private readonly Lazy<Dictionary<string, ListedBlob>> _blobs;

    /// <summary>Names the portfolio; nothing is asked yet.</summary>
    /// <param name="account">The account.</param>
    /// <param name="container">The container.</param>
    /// <param name="folder">The portfolio's folder in it, with <c>/</c>; empty for all of the container.</param>
    /// <param name="name">What messages call it; its address where null.</param>
    public BlobFiles(BlobAccount account, string container, string folder, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(account);
        ArgumentNullException.ThrowIfNull(folder);
        (_account, _container) = (account, container);
        _prefix = folder.Length == 0 ? "" : folder.TrimEnd('/') + "/";
        Name = name ?? $"{account.Address}/{container}/{_prefix}";
        _blobs = new(() => ListAsync().GetAwaiter().GetResult());
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Whether there is nothing below the prefix.</summary>
    public bool IsEmpty => _blobs.Value.Count == 0;

    /// <inheritdoc/>
    public bool Exists(string path) => Stamp(path) is not null;

    /// <inheritdoc/>
    /// <remarks>The fingerprint is the blob's address and its ETag.</remarks>
    public FileStamp? Stamp(string path) => _blobs.Value.TryGetValue(PortfolioFilePath.Check(path), out ListedBlob blob)
        ? new FileStamp(blob.Bytes, $"{_account.Address}/{_container}/{_prefix}{path}|{blob.Tag}")
        : null;

    /// <inheritdoc/>
    public Stream OpenRead(string path) => _blobs.Value.TryGetValue(PortfolioFilePath.Check(path), out ListedBlob blob)
        ? new BlobReadStream(_account, _account.ExistingContainer(_container).GetBlobClient(_prefix + path), blob.Tag, blob.Bytes, path)
        : throw new BadInputException([new Problem(path, "", $"This file is missing in {Name}.")]);

    private async Task<Dictionary<string, ListedBlob>> ListAsync()
    {
        var blobs = new Dictionary<string, ListedBlob>(StringComparer.Ordinal);
        BlobContainerClient container = _account.ExistingContainer(_container);
        try
        {
            string? next = null;
            do
            {
                Page<BlobItem>? page = await _account.RunAsync("list-portfolio", 0, cancel => PageAsync(container, next, cancel), CancellationToken.None).ConfigureAwait(false);
                foreach (BlobItem blob in page?.Values ?? [])
                {
                    blobs[blob.Name[_prefix.Length..]] = new ListedBlob(blob.Properties.ContentLength ?? 0, blob.Properties.ETag!.Value);
                }

                next = page?.ContinuationToken;
            }
            while (!string.IsNullOrEmpty(next));
        }
        catch (StoreUnavailableException missing) when (missing.InnerException is RequestFailedException { ErrorCode: var code } && code == BlobErrorCode.ContainerNotFound)
        {
            throw new StoreUnavailableException($"There is no container '{_container}' at {_account.Address} to read portfolios from.", missing);
        }

        return blobs;
    }

    private async Task<Page<BlobItem>?> PageAsync(BlobContainerClient container, string? next, CancellationToken cancellationToken)
    {
        await foreach (Page<BlobItem> page in container
            .GetBlobsAsync(BlobTraits.None, BlobStates.None, _prefix, cancellationToken).AsPages(next).ConfigureAwait(false))
        {
            return page;
        }

        return null;
    }

    private readonly record struct ListedBlob(long Bytes, ETag Tag);
}
