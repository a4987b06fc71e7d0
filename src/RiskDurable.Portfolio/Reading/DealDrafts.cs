using RiskDurable.Kernel;
using RiskDurable.Portfolio.Model;

namespace RiskDurable.Portfolio.Reading;

/// <summary>A deal as read, before its references are known to lead anywhere.</summary>
internal sealed record DealDraft(
    JsonPlace Place,
    string? Id,
    string Name,
    string? Currency,
    IReadOnlyDictionary<string, string> Tags,
    IReadOnlyList<LayerDraft> Layers)
{
    /// <summary>The deal, once nothing is wrong with it.</summary>
    public Deal Build() => new(Id!, Name, Currency!, Tags, [.. Layers.Select(layer => layer.Build())]);
}

/// <summary>A layer as read.</summary>
internal sealed record LayerDraft(
    JsonPlace Place,
    string? Id,
    IReadOnlyList<SubjectDraft> Subject,
    LayerTerms Terms,
    double Share,
    LayerPosition Position,
    double Premium,
    IReadOnlyList<Reinstatement> Reinstatements)
{
    /// <summary>The layer, once its references are resolved.</summary>
    public Layer Build() => new(
        Id!,
        [.. Subject.Select(term => new SubjectTerm(term.Elt, term.Layer, term.Factor))],
        Terms,
        Share,
        Position,
        Premium,
        Reinstatements);
}

/// <summary>A subject term as read: one of the two names is given.</summary>
internal sealed record SubjectDraft(JsonPlace Place, string? Elt, string? LayerReference, double Factor)
{
    /// <summary>The layer that the reference leads to, once it is resolved.</summary>
    public LayerId? Layer { get; set; }
}
