using System.Text;
using RiskDurable.Execution.Storage;

namespace RiskDurable.Functions.Rollup;

/// <summary>Batches of jobs as an object in the store, a line a batch: a large stage has tens of thousands, and orchestrations carry references only.</summary>
public static class JobBatches
{
    /// <summary>Batches on a page: as many activities as a sub-orchestration fans out.</summary>
    public const int PageLength = 100;

    /// <summary>Number of pages that batches take.</summary>
    /// <param name="batches">Number of batches.</param>
    public static int Pages(int batches) => (batches + PageLength - 1) / PageLength;

    /// <summary>Stores batches under the hash of their bytes; returns the hash.</summary>
    /// <param name="store">Where they go.</param>
    /// <param name="batches">The batches, as <see cref="JobRanges"/>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async ValueTask<string> StoreAsync(IObjectStore store, IReadOnlyCollection<string> batches, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        byte[] bytes = Encoding.ASCII.GetBytes(string.Join('\n', batches));
        ObjectKey key = ObjectKey.OfContent(ObjectKind.Batches, bytes);
        await store.WriteAsync(key, bytes, cancellationToken).ConfigureAwait(false);
        return key.Hash;
    }

    /// <summary>Reads a page of batches.</summary>
    /// <param name="store">Where they are.</param>
    /// <param name="hash">Their hash.</param>
    /// <param name="page">Number of the page.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="UnreadableObjectException">They are missing.</exception>
    public static async ValueTask<IReadOnlyList<string>> ReadAsync(IObjectStore store, string hash, int page, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        byte[] bytes = await store.ReadAsync(new ObjectKey(ObjectKind.Batches, hash), cancellationToken).ConfigureAwait(false);
        return [.. Encoding.ASCII.GetString(bytes).Split('\n').Skip(page * PageLength).Take(PageLength)];
    }
}
