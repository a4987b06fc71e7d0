using RiskDurable.Portfolio.Model;

namespace RiskDurable.Execution.Planning;

/// <summary>
/// Deals that one map job simulates: those of one level whose id's hash falls into one bucket. Independent of how many other deals
/// there are, so that a deal added or changed never moves another one.
/// </summary>
/// <param name="Index">Its number in the plan: by level, then by bucket.</param>
/// <param name="Level">How many levels of deals lie below it.</param>
/// <param name="Bucket">0 to B-1.</param>
/// <param name="Deals">The deals by ordinal id.</param>
/// <param name="Layers">All layers, each after those of the bundle that are in its subject.</param>
/// <param name="Leaves">The (leaf, currency) pairs of the bundle, by path, then currency.</param>
/// <param name="Exports">Numbers in <paramref name="Layers"/> of the layers that a higher level refers to; the sections of its recoveries object.</param>
/// <param name="ContentHash">Hash of everything its year losses depend on, but for the trial block.</param>
/// <param name="ExportHash">Hash of everything its recoveries object depends on, but for the trial block; null without exports.</param>
public sealed record Bundle(
    int Index,
    int Level,
    int Bucket,
    IReadOnlyList<BundleDeal> Deals,
    IReadOnlyList<BundleLayer> Layers,
    IReadOnlyList<BundleLeaf> Leaves,
    IReadOnlyList<int> Exports,
    string ContentHash,
    string? ExportHash)
{
    /// <summary>Section of a leaf's losses by occurrence in the map job's output; its reinstatement premiums follow.</summary>
    /// <param name="leaf">Number in <see cref="Leaves"/>.</param>
    public static int LeafSection(int leaf) => 2 * leaf;
}

/// <summary>A deal in its bundle.</summary>
/// <param name="Deal">The deal.</param>
/// <param name="Section">Section of its year losses in the object of year losses; those of its layers follow in the order of the deal.</param>
/// <param name="Leaf">Number of its leaf in <see cref="Bundle.Leaves"/>.</param>
/// <param name="LayerNumbers">Where its layers are in <see cref="Bundle.Layers"/>, in the order of the deal.</param>
public sealed record BundleDeal(Deal Deal, int Section, int Leaf, IReadOnlyList<int> LayerNumbers);

/// <summary>A layer in its bundle.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Key">Hash of everything its losses at 100 % depend on, but for the trial block.</param>
/// <param name="Sources">Where each term of its subject comes from.</param>
public sealed record BundleLayer(Layer Layer, string Key, IReadOnlyList<LayerSource> Sources);

/// <summary>Where a term of a subject comes from: an ELT, a layer of the same bundle, or a layer that a lower bundle exports.</summary>
/// <param name="EltHash">Hash of the packed ELT, or null.</param>
/// <param name="Bundle">The bundle of the upstream layer; -1 for an ELT.</param>
/// <param name="Number">The layer's number in this bundle, or its export section in a lower one.</param>
/// <param name="Factor">What the loss is multiplied by.</param>
/// <param name="CurrencyRatio">Units of the deal's currency for one of the source's.</param>
/// <param name="Stream">Stream of the ELT's random numbers; 0 for a layer.</param>
public sealed record LayerSource(string? EltHash, int Bundle, int Number, double Factor, double CurrencyRatio, ulong Stream);

/// <summary>A leaf of the hierarchy in one currency.</summary>
/// <param name="Node">Number of the leaf in <see cref="Hierarchy.Nodes"/>.</param>
/// <param name="Currency">The currency of its amounts.</param>
public readonly record struct BundleLeaf(int Node, string Currency);
