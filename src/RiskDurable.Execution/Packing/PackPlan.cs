using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using RiskDurable.Execution.Storage;
using RiskDurable.Portfolio;
using RiskDurable.Portfolio.Model;

namespace RiskDurable.Execution.Packing;

/// <summary>
/// A portfolio whose structure is sound, and what is left to do to pack its tables. It travels as an object in the store, as do the parts that are
/// done, so that tables can be packed anywhere, in any order.
/// </summary>
/// <param name="Portfolio">The portfolio's id.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Currency">Reporting currency.</param>
/// <param name="Fx">Reporting-currency units for one unit of each currency.</param>
/// <param name="Trials">Number of trials.</param>
/// <param name="Rollup">Tag names of the hierarchy, outermost first.</param>
/// <param name="BlockTrials">Trials a block; the last may have less.</param>
/// <param name="Deals">Hash of the packed deals.</param>
/// <param name="DealCount">Number of deals.</param>
/// <param name="LayerCount">Number of layers.</param>
/// <param name="Elts">The event loss tables that the deals name, by ordinal id.</param>
/// <param name="YetFile">The year-event table.</param>
/// <param name="Yet">The year-event table where it is packed already; else null.</param>
/// <param name="TrialsFile">The weights of the trials; null where all count alike.</param>
/// <param name="Weights">The weights where they are packed already; else null.</param>
public sealed record PackPlan(
    string Portfolio,
    string Name,
    string Currency,
    IReadOnlyDictionary<string, double> Fx,
    int Trials,
    IReadOnlyList<string> Rollup,
    int BlockTrials,
    string Deals,
    int DealCount,
    int LayerCount,
    IReadOnlyList<EltToPack> Elts,
    string YetFile,
    KnownYet? Yet,
    string? TrialsFile,
    KnownWeights? Weights)
{
    // About a third of a second's reading of CSV: what is done again after a crash, and large beside what an activity costs.
    private const long BytesABatch = 32L << 20;
    private const int MostEltsABatch = 256;
    private const int MostBatches = 1000;

    /// <summary>Whether the year-event table or the weights of trials must be packed.</summary>
    [JsonIgnore]
    public bool PacksTrials => Yet is null || (TrialsFile is not null && Weights is null);

    /// <summary>The event loss tables that are not packed yet, in batches of about the same size: numbers in <see cref="Elts"/>, ascending.</summary>
    public IEnumerable<IReadOnlyList<int>> Batches()
    {
        int[] missing = [.. Enumerable.Range(0, Elts.Count).Where(elt => Elts[elt].Packed is null)];
        long bytesABatch = Math.Max(BytesABatch, missing.Sum(elt => Elts[elt].Bytes) / MostBatches);
        int eltsABatch = Math.Max(MostEltsABatch, missing.Length / MostBatches);
        var batch = new List<int>();
        long bytes = 0;
        foreach (int elt in missing)
        {
            if (batch.Count > 0 && (batch.Count == eltsABatch || bytes + Elts[elt].Bytes > bytesABatch))
            {
                yield return batch;
                batch = [];
                bytes = 0;
            }

            batch.Add(elt);
            bytes += Elts[elt].Bytes;
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }

    /// <summary>Stores the plan; returns its hash.</summary>
    /// <param name="store">Where it goes.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public ValueTask<string> StoreAsync(IObjectStore store, CancellationToken cancellationToken) =>
        PackingObjects.StoreAsync(store, this, PackedJson.Default.PackPlan, cancellationToken);

    /// <summary>Reads a plan.</summary>
    /// <param name="store">Where it is.</param>
    /// <param name="hash">Its hash.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="UnreadableObjectException">It is missing or damaged.</exception>
    public static ValueTask<PackPlan> ReadAsync(IObjectStore store, string hash, CancellationToken cancellationToken) =>
        PackingObjects.ReadAsync(store, hash, PackedJson.Default.PackPlan, cancellationToken);
}

/// <summary>An event loss table of a portfolio.</summary>
/// <param name="Reference">The table.</param>
/// <param name="Bytes">Length of its file; 0 where the source does not say.</param>
/// <param name="Packed">The table where it is packed already; else null.</param>
public sealed record EltToPack(EltReference Reference, long Bytes, KnownElt? Packed);

/// <summary>Tables of a portfolio that were packed, or what is wrong with them.</summary>
/// <param name="Elts">Event loss tables.</param>
/// <param name="Yet">The year-event table; null where it is not in this part, or not sound.</param>
/// <param name="Weights">The weights of trials; null where they are not in this part, or not sound, or there are none.</param>
/// <param name="Problems">What is wrong, in the order of the tables.</param>
public sealed record PackedPart(IReadOnlyList<KnownElt> Elts, KnownYet? Yet, KnownWeights? Weights, IReadOnlyList<Problem> Problems)
{
    /// <summary>Stores the part; returns its hash.</summary>
    /// <param name="store">Where it goes.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public ValueTask<string> StoreAsync(IObjectStore store, CancellationToken cancellationToken) =>
        PackingObjects.StoreAsync(store, this, PackedJson.Default.PackedPart, cancellationToken);

    /// <summary>Reads a part.</summary>
    /// <param name="store">Where it is.</param>
    /// <param name="hash">Its hash.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="UnreadableObjectException">It is missing or damaged.</exception>
    public static ValueTask<PackedPart> ReadAsync(IObjectStore store, string hash, CancellationToken cancellationToken) =>
        PackingObjects.ReadAsync(store, hash, PackedJson.Default.PackedPart, cancellationToken);
}

file static class PackingObjects
{
    public static async ValueTask<string> StoreAsync<T>(IObjectStore store, T value, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(value, type);
        ObjectKey key = ObjectKey.OfContent(ObjectKind.Packing, bytes);
        await store.WriteAsync(key, bytes, cancellationToken).ConfigureAwait(false);
        return key.Hash;
    }

    public static async ValueTask<T> ReadAsync<T>(IObjectStore store, string hash, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        var key = new ObjectKey(ObjectKind.Packing, hash);
        return PackedJson.Read(key, await store.ReadAsync(key, cancellationToken).ConfigureAwait(false), type);
    }
}
