using RiskDurable.Kernel;

namespace RiskDurable.Portfolio.Model;

/// <summary>A deal: one or more layers in one currency, placed in the hierarchy by its tags.</summary>
/// <param name="Id">Unique in its portfolio.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Currency">Currency of every amount of its layers.</param>
/// <param name="Tags">Tag values by tag name.</param>
/// <param name="Layers">The layers, in the order given; at least one.</param>
public sealed record Deal(string Id, string Name, string Currency, IReadOnlyDictionary<string, string> Tags, IReadOnlyList<Layer> Layers);

/// <summary>One layer of a deal.</summary>
/// <param name="Id">Unique in its deal.</param>
/// <param name="Subject">What its subject loss is made of, in the order in which the terms are added; at least one.</param>
/// <param name="Terms">Its terms; the aggregate limit that reinstatements imply is already in them.</param>
/// <param name="Share">The part of the layer that is ours, in [0, 1].</param>
/// <param name="Position">What it means to the roll-up.</param>
/// <param name="Premium">Premium at 100 %, before share, deal currency.</param>
/// <param name="Reinstatements">Paid reinstatements, in order; may be empty.</param>
public sealed record Layer(
    string Id,
    IReadOnlyList<SubjectTerm> Subject,
    LayerTerms Terms,
    double Share,
    LayerPosition Position,
    double Premium,
    IReadOnlyList<Reinstatement> Reinstatements);

/// <summary>One term of a subject loss: either an ELT or an upstream layer, times a factor.</summary>
/// <param name="Elt">Id of an ELT, or null.</param>
/// <param name="Layer">An upstream layer, or null.</param>
/// <param name="Factor">A negative factor is inuring cover, a positive one is assumed.</param>
public sealed record SubjectTerm(string? Elt, LayerId? Layer, double Factor);

/// <summary>Names a layer: <c>deal/layer</c>.</summary>
/// <param name="Deal">The deal's id.</param>
/// <param name="Layer">The layer's id.</param>
public readonly record struct LayerId(string Deal, string Layer)
{
    /// <summary>As it is written in a portfolio file: <c>deal/layer</c>.</summary>
    public override string ToString() => $"{Deal}/{Layer}";
}
