using System.Text.Json;
using RiskDurable.Execution.Storage;
using RiskDurable.Portfolio.Files;

namespace RiskDurable.Execution.Packing;

/// <summary>
/// Remembers what a portfolio's tables were packed into, so that an unchanged file is not read again: one document a portfolio, which whoever packs
/// it shares. A file counts as unchanged while its fingerprint is the same; where the source gives none, nothing is remembered.
/// </summary>
/// <param name="Elts">Event loss tables; those of the last packing first.</param>
/// <param name="Yets">Year-event tables; that of the last packing first.</param>
/// <param name="Weights">Weights of trials; those of the last packing first.</param>
internal sealed record PackMemory(IReadOnlyList<KnownElt> Elts, IReadOnlyList<KnownYet> Yets, IReadOnlyList<KnownWeights> Weights)
{
    // Beside the tables of the last packing those of earlier ones: of a copy of the portfolio, or of other blocks.
    private const int TimesAsMany = 3;
    private const int MostOfTrials = 6;

    public static PackMemory Empty { get; } = new([], [], []);

    /// <summary>What a table is remembered by; null where its source has no fingerprint of it.</summary>
    /// <param name="files">The portfolio's files.</param>
    /// <param name="file">The table.</param>
    /// <param name="settings">What else its packed form depends on.</param>
    public static string? KeyOf(IPortfolioFiles files, string file, string settings)
    {
        if (files.Stamp(file)?.Fingerprint is not { } fingerprint)
        {
            return null;
        }

        using KeyHash hash = new KeyHash("packed-table").Add(fingerprint).Add(settings);
        return hash.Finish()[..32];
    }

    public static async ValueTask<PackMemory> ReadAsync(IDocumentStore documents, string portfolio, CancellationToken cancellationToken)
    {
        try
        {
            return await documents.ReadAsync(NameOf(portfolio), cancellationToken).ConfigureAwait(false) is { } document
                ? JsonSerializer.Deserialize(document.Data, PackedJson.Default.PackMemory) ?? Empty
                : Empty;
        }
        catch (JsonException)
        {
            // Of another version, perhaps. Only a memory: without it everything is read again.
            return Empty;
        }
    }

    /// <summary>Puts what was packed now before what is remembered.</summary>
    public static async ValueTask RememberAsync(
        IDocumentStore documents,
        string portfolio,
        IReadOnlyList<KnownElt> elts,
        KnownYet yet,
        KnownWeights? weights,
        CancellationToken cancellationToken)
    {
        string name = NameOf(portfolio);
        StoredDocument? before = await documents.ReadAsync(name, cancellationToken).ConfigureAwait(false);
        PackMemory memory = await ReadAsync(documents, portfolio, cancellationToken).ConfigureAwait(false);
        KnownElt[] fresh = [.. elts.Where(elt => elt.Key is not null)];
        HashSet<string?> keys = [.. fresh.Select(elt => elt.Key)];
        var after = new PackMemory(
            [.. fresh, .. memory.Elts.Where(elt => !keys.Contains(elt.Key)).Take((TimesAsMany - 1) * fresh.Length)],
            yet.Key is null ? memory.Yets : [yet, .. memory.Yets.Where(known => known.Key != yet.Key).Take(MostOfTrials - 1)],
            weights?.Key is null ? memory.Weights : [weights, .. memory.Weights.Where(known => known.Key != weights.Key).Take(MostOfTrials - 1)]);
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(after, PackedJson.Default.PackMemory);
        if (before is null || !before.Data.AsSpan().SequenceEqual(bytes))
        {
            // Whoever was faster packed the same portfolio: what they remember does as well.
            await documents.WriteAsync(name, bytes, before?.ETag, cancellationToken).ConfigureAwait(false);
        }
    }

    private static string NameOf(string portfolio)
    {
        using var hash = new KeyHash("portfolio");
        return $"packed/{hash.Add(portfolio).Finish()[..32]}";
    }
}

/// <summary>A packed event loss table, and what its file is remembered by.</summary>
/// <param name="Key">Names file and content; null where the source has no fingerprint.</param>
/// <param name="Elt">The packed table.</param>
public sealed record KnownElt(string? Key, PackedElt Elt);

/// <summary>A packed year-event table, and what its file is remembered by.</summary>
/// <param name="Key">Names file, content and settings; null where the source has no fingerprint.</param>
/// <param name="Blocks">Its trial blocks, in order.</param>
public sealed record KnownYet(string? Key, IReadOnlyList<PackedBlock> Blocks);

/// <summary>Packed weights of trials, and what their file is remembered by.</summary>
/// <param name="Key">Names file, content and settings; null where the source has no fingerprint.</param>
/// <param name="Hash">Hash of the packed weights; null where all trials count alike.</param>
public sealed record KnownWeights(string? Key, string? Hash);
