using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace RiskDurable.Execution.Storage;

/// <summary>
/// The name of an object: what kind of thing it is, and a hash. A packed input is named by the hash of its bytes; an output by the hash
/// of everything it depends on. Either way what a key names never changes.
/// </summary>
/// <param name="Kind">One of <see cref="ObjectKind"/>.</param>
/// <param name="Hash">SHA-256 as 64 lower-case hexadecimal digits.</param>
public readonly record struct ObjectKey(string Kind, string Hash)
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    // Nothing that means something to a file system: names come from callers, too.
    private static readonly SearchValues<char> KindCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz-");

    /// <summary>File or blob name: the hash first, so that names spread evenly over the partitions of a store.</summary>
    public string Name => $"{Hash}.{Kind}";

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>The key of something that is named by its content.</summary>
    /// <param name="kind">One of <see cref="ObjectKind"/>.</param>
    /// <param name="content">Its bytes.</param>
    public static ObjectKey OfContent(string kind, ReadOnlySpan<byte> content) => new(kind, KeyHash.OfContent(content));

    /// <summary>Reads a name back.</summary>
    /// <param name="name">A name as <see cref="Name"/> gives it.</param>
    /// <param name="key">The key.</param>
    /// <returns>False where the text is not an object's name.</returns>
    public static bool TryParse([NotNullWhen(true)] string? name, out ObjectKey key)
    {
        key = default;
        int dot = name?.IndexOf('.', StringComparison.Ordinal) ?? -1;
        if (dot != 64 || name!.Length == 65 || name.AsSpan(0, 64).ContainsAnyExcept(HexDigits) || name.AsSpan(65).ContainsAnyExcept(KindCharacters))
        {
            return false;
        }

        key = new ObjectKey(name[65..], name[..64]);
        return true;
    }
}

/// <summary>The kinds of objects in a store.</summary>
public static class ObjectKind
{
    /// <summary>A packed trial block of a YET.</summary>
    public const string Block = "block";

    /// <summary>A packed event loss table.</summary>
    public const string Elt = "elt";

    /// <summary>Weights of the trials.</summary>
    public const string Weights = "weights";

    /// <summary>The deals of a portfolio.</summary>
    public const string Deals = "deals";

    /// <summary>A portfolio's manifest.</summary>
    public const string Manifest = "manifest";

    /// <summary>A <c>portfolio.json</c> as it was handed in.</summary>
    public const string Definition = "definition";

    /// <summary>What is left to pack of a portfolio, or a part of it that is packed: notes between the steps of packing.</summary>
    public const string Packing = "packing";

    /// <summary>The jobs of a rollup.</summary>
    public const string Plan = "plan";

    /// <summary>The jobs of a stage as they were dealt out to activities.</summary>
    public const string Batches = "batches";

    /// <summary>Why each job of a rollup was run, or was not.</summary>
    public const string Decisions = "decisions";

    /// <summary>Output of a map job: losses of leaves.</summary>
    public const string Map = "map";

    /// <summary>Year losses of a bundle's deals and layers.</summary>
    public const string Years = "years";

    /// <summary>Recoveries of a bundle's layers that a higher level refers to, by occurrence.</summary>
    public const string Recoveries = "recoveries";

    /// <summary>Output of a reduce job.</summary>
    public const string Reduce = "reduce";

    /// <summary>Output of a report job.</summary>
    public const string Report = "report";

    /// <summary>A request to analyse deals, as it came.</summary>
    public const string AnalysisRequest = "analysis-request";

    /// <summary>The answer to one.</summary>
    public const string Analysis = "analysis";

    /// <summary>Whether packing made it from a portfolio's tables, so that packing again restores it.</summary>
    /// <param name="kind">One of the kinds.</param>
    public static bool IsPackedTable(string kind) => kind is Block or Elt or Weights;
}
