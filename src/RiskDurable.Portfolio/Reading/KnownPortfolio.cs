using RiskDurable.Portfolio.Model;

namespace RiskDurable.Portfolio.Reading;

/// <summary>What a deal that is given later may refer to: currencies, ELTs and layers of a portfolio. Immutable; made once a portfolio.</summary>
public sealed class KnownPortfolio
{
    private readonly Dictionary<string, Deal> _deals = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<LayerId>> _referenced = new(StringComparer.Ordinal);
    private readonly HashSet<string> _elts;

    /// <summary>Takes over a validated portfolio.</summary>
    /// <param name="id">The portfolio's id.</param>
    /// <param name="currency">Reporting currency.</param>
    /// <param name="fx">Reporting-currency units for one unit of each currency.</param>
    /// <param name="elts">Ids of its ELTs.</param>
    /// <param name="deals">Its deals.</param>
    public KnownPortfolio(string id, string currency, IReadOnlyDictionary<string, double> fx, IEnumerable<string> elts, IReadOnlyList<Deal> deals)
    {
        ArgumentNullException.ThrowIfNull(deals);
        Id = id;
        Currency = currency;
        Fx = fx;
        _elts = new HashSet<string>(elts, StringComparer.Ordinal);
        JsonPlace place = JsonPlace.Document(PortfolioReader.FileName);
        foreach (Deal deal in deals)
        {
            _deals.Add(deal.Id, deal);
            foreach (Layer layer in deal.Layers)
            {
                Layers.Add(new LayerId(deal.Id, layer.Id), DraftOf(layer, place));
                LongestReference = Math.Max(LongestReference, deal.Id.Length + 1 + layer.Id.Length);
                foreach (SubjectTerm term in layer.Subject)
                {
                    if (term.Layer is { } upstream && upstream.Deal != deal.Id)
                    {
                        (_referenced.TryGetValue(upstream.Deal, out HashSet<LayerId>? ids) ? ids : _referenced[upstream.Deal] = []).Add(upstream);
                    }
                }
            }
        }
    }

    /// <summary>The portfolio's id.</summary>
    public string Id { get; }

    /// <summary>Reporting currency.</summary>
    public string Currency { get; }

    /// <summary>Reporting-currency units for one unit of each currency.</summary>
    public IReadOnlyDictionary<string, double> Fx { get; }

    /// <summary>Its deals by id.</summary>
    public IReadOnlyDictionary<string, Deal> Deals => _deals;

    /// <summary>Ids of its ELTs.</summary>
    public IReadOnlySet<string> Elts => _elts;

    internal Dictionary<LayerId, LayerDraft> Layers { get; } = [];

    internal int LongestReference { get; }

    /// <summary>Layers of a deal that layers of other deals refer to.</summary>
    internal IEnumerable<LayerId> ReferencedLayersOf(string deal) => _referenced.GetValueOrDefault(deal) ?? [];

    internal static LayerDraft DraftOf(Layer layer, JsonPlace place) => new(
        place,
        layer.Id,
        [.. layer.Subject.Select(term => new SubjectDraft(place, term.Elt, null, term.Factor) { Layer = term.Layer })],
        layer.Terms,
        layer.Share,
        layer.Position,
        layer.Premium,
        layer.Reinstatements);
}
