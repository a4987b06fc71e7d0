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
    IReadOnlyList<LayerDraft> Layers);

/// <summary>A layer as read.</summary>
internal sealed record LayerDraft(
    JsonPlace Place,
    string? Id,
    IReadOnlyList<SubjectDraft> Subject,
    LayerTerms Terms,
    double Share,
    LayerPosition Position,
    double Premium,
    IReadOnlyList<Reinstatement> Reinstatements);

/// <summary>A subject term as read: one of the two names is given.</summary>
internal sealed record SubjectDraft(JsonPlace Place, string? Elt, string? LayerReference, double Factor)
{
    /// <summary>The layer that the reference leads to, once it is resolved.</summary>
    public LayerId? Layer { get; set; }
}
