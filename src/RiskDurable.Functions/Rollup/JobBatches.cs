using System.Text;
using RiskDurable.Execution.Storage;

namespace RiskDurable.Functions.Rollup;

/// <summary>
/// Batches of jobs as an object in the store, a section a page, a line a batch: a large stage has tens of thousands, orchestrations carry references
/// only, and each reads its own page.
/// </summary>
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
        ArgumentNullException.ThrowIfNull(batches);
        var writer = new SectionWriter(Pages(batches.Count));
        foreach (string[] page in batches.Chunk(PageLength))
        {
            writer.Add(Encoding.ASCII.GetBytes(string.Join('\n', page)));
        }

        return await writer.StoreAsync(store, ObjectKind.Batches, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads a page of batches.</summary>
    /// <param name="store">Where they are.</param>
    /// <param name="hash">Their hash.</param>
    /// <param name="page">Number of the page.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="UnreadableObjectException">They are missing or damaged, or have no such page.</exception>
    public static async ValueTask<IReadOnlyList<string>> ReadAsync(IObjectStore store, string hash, int page, CancellationToken cancellationToken)
    {
        using SectionReader reader = await SectionReader.ReadSectionsAsync(
            store, new ObjectKey(ObjectKind.Batches, hash), page, 1, cancellationToken).ConfigureAwait(false);
        return Encoding.ASCII.GetString(reader.Bytes(page)).Split('\n');
    }
}
