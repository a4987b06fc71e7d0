using System.Text.Json;
using System.Text.Json.Serialization;
using RiskDurable.Execution.Storage;
using RiskDurable.Portfolio.Model;

namespace RiskDurable.Execution.Packing;

/// <summary>A packed portfolio: everything a run needs to know, by reference. Named by the hash of its bytes.</summary>
/// <param name="Schema">Version of this form.</param>
/// <param name="Portfolio">The portfolio's id.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Currency">Reporting currency.</param>
/// <param name="Fx">Reporting-currency units for one unit of each currency.</param>
/// <param name="Trials">Number of trials.</param>
/// <param name="Rollup">Tag names of the hierarchy, outermost first.</param>
/// <param name="Bundles">
/// B, the number of bundles a level is dealt into; pinned, so that a deal added or changed never moves another one.
/// </param>
/// <param name="BlockTrials">Trials a block; the last may have less.</param>
/// <param name="Occurrences">Rows of the YET.</param>
/// <param name="Blocks">The trial blocks, in order.</param>
/// <param name="Elts">The ELTs that the deals name, by ordinal id.</param>
/// <param name="Deals">Hash of the packed deals.</param>
/// <param name="DealCount">Number of deals.</param>
/// <param name="LayerCount">Number of layers.</param>
/// <param name="Weights">Hash of the packed weights of the trials; null where all count alike.</param>
public sealed record PortfolioManifest(
    string Schema,
    string Portfolio,
    string Name,
    string Currency,
    IReadOnlyDictionary<string, double> Fx,
    int Trials,
    IReadOnlyList<string> Rollup,
    int Bundles,
    int BlockTrials,
    long Occurrences,
    IReadOnlyList<PackedBlock> Blocks,
    IReadOnlyList<PackedElt> Elts,
    string Deals,
    int DealCount,
    int LayerCount,
    string? Weights = null)
{
    /// <summary>The schema this version reads and writes.</summary>
    public const string CurrentSchema = "riskdurable/manifest/1";

    /// <summary>The bytes stored under the manifest's key.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, PackedJson.Default.PortfolioManifest);

    /// <summary>Reads a manifest.</summary>
    /// <param name="store">Where it is.</param>
    /// <param name="hash">The hash of its bytes.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="UnreadableObjectException">It is missing, damaged, or of another version.</exception>
    public static async ValueTask<PortfolioManifest> ReadAsync(IObjectStore store, string hash, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        var key = new ObjectKey(ObjectKind.Manifest, hash);
        PortfolioManifest manifest = PackedJson.Read(
            key, await store.ReadAsync(key, cancellationToken).ConfigureAwait(false), PackedJson.Default.PortfolioManifest);
        return manifest.Schema == CurrentSchema
            ? manifest
            : throw new UnreadableObjectException(key, $"its schema is '{manifest.Schema}', this version reads '{CurrentSchema}'");
    }

    /// <summary>Reads the deals of the portfolio, by ordinal id.</summary>
    /// <param name="store">Where they are.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="UnreadableObjectException">They are missing or damaged.</exception>
    public async ValueTask<IReadOnlyList<Deal>> ReadDealsAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        var key = new ObjectKey(ObjectKind.Deals, Deals);
        return PackedJson.Read(key, await store.ReadAsync(key, cancellationToken).ConfigureAwait(false), PackedJson.Default.ListDeal);
    }
}

/// <summary>A packed trial block.</summary>
/// <param name="FirstTrial">Zero-based number of its first trial.</param>
/// <param name="Trials">Number of trials.</param>
/// <param name="Occurrences">Number of occurrences.</param>
/// <param name="Events">Number of events that occur.</param>
/// <param name="Hash">Hash of its bytes.</param>
public sealed record PackedBlock(int FirstTrial, int Trials, int Occurrences, int Events, string Hash);

/// <summary>A packed event loss table.</summary>
/// <param name="Id">The ELT's id.</param>
/// <param name="Currency">Currency of its amounts.</param>
/// <param name="Events">Number of events with an entry.</param>
/// <param name="Hash">Hash of its bytes.</param>
public sealed record PackedElt(string Id, string Currency, int Events, string Hash);

/// <summary>JSON of the packed forms.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PortfolioManifest))]
[JsonSerializable(typeof(List<Deal>))]
[JsonSerializable(typeof(PackPlan))]
[JsonSerializable(typeof(PackedPart))]
[JsonSerializable(typeof(PackMemory))]
internal sealed partial class PackedJson : JsonSerializerContext
{
    public static T Read<T>(ObjectKey key, byte[] json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw new UnreadableObjectException(key, "it is empty");
        }
        catch (JsonException exception)
        {
            throw new UnreadableObjectException(key, exception.Message, exception);
        }
    }
}
