using RiskDurable.Execution.Packing;
using RiskDurable.Execution.Storage;
using RiskDurable.Kernel;
using RiskDurable.Portfolio.Model;

namespace RiskDurable.Execution.Planning;

/// <summary>
/// A layer's key: a hash of its terms, its ELTs' digests, the exchange ratios used inside its subject, and its upstream layers' keys. Two layers with the
/// same key have the same losses at 100 % in every trial. Where losses are drawn, the ids of its ELTs as well, for the draws depend on them. Names, shares and reporting rates are not in it.
/// </summary>
internal static class LayerKeys
{
    /// <summary>Units of the deal's currency for one of the source's; exactly 1 within a currency.</summary>
    public static double CurrencyRatio(IReadOnlyDictionary<string, double> fx, string source, string deal) =>
        source == deal ? 1 : fx[source] / fx[deal];

    public static string KeyOf(
        Layer layer,
        string dealCurrency,
        PortfolioManifest manifest,
        IReadOnlyDictionary<string, PackedElt> elts,
        LossSampling? sampling,
        Func<LayerId, (string Key, string Currency)> upstream)
    {
        using var hash = new KeyHash("layer");
        LayerTerms terms = layer.Terms;
        hash.Add(terms.OccurrenceRetention).Add(terms.OccurrenceLimit)
            .Add(terms.AggregateRetention).Add(terms.AggregateLimit).Add(terms.Franchise);
        hash.Add(layer.Reinstatements.Count > 0 ? layer.Premium : 0).Add(layer.Reinstatements.Count);
        foreach (Reinstatement reinstatement in layer.Reinstatements)
        {
            hash.Add(reinstatement.Count).Add(reinstatement.Rate);
        }

        foreach (SubjectTerm term in layer.Subject)
        {
            (string kind, string key, string currency) = term.Layer is { } id
                ? ("layer", upstream(id).Key, upstream(id).Currency)
                : ("elt", elts[term.Elt!].Hash, elts[term.Elt!].Currency);
            if (sampling is not null && term.Elt is { } elt)
            {
                hash.Add(elt);
            }

            hash.Add(kind).Add(key).Add(term.Factor).Add(CurrencyRatio(manifest.Fx, currency, dealCurrency));
        }

        return hash.Finish();
    }
}
