using RiskDurable.Execution.Packing;
using RiskDurable.Execution.Planning;
using RiskDurable.Kernel;
using RiskDurable.Portfolio.Model;
using RiskDurable.Portfolio.Reading;

namespace RiskDurable.Execution.Analytics;

/// <summary>A plan's deals as an analysis needs them: by id, with the keys of their layers, and who refers to whom. Immutable.</summary>
internal sealed class AnalysisBook
{
    private readonly Dictionary<LayerId, (Layer Layer, string Key)> _layers = [];
    private readonly Dictionary<LayerId, List<LayerId>> _dependants = [];

    public AnalysisBook(RollupPlan plan)
    {
        Manifest = plan.Manifest;
        Sampling = plan.Settings.Sampling;
        Elts = plan.Manifest.Elts.ToDictionary(elt => elt.Id, StringComparer.Ordinal);
        foreach (Bundle bundle in plan.Bundles)
        {
            foreach (BundleDeal bundled in bundle.Deals)
            {
                for (int i = 0; i < bundled.LayerNumbers.Count; i++)
                {
                    Add(new LayerId(bundled.Deal.Id, bundled.Deal.Layers[i].Id), bundle.Layers[bundled.LayerNumbers[i]]);
                }
            }
        }

        Known = new KnownPortfolio(
            Manifest.Portfolio, Manifest.Currency, Manifest.Fx, Elts.Keys, [.. plan.Bundles.SelectMany(bundle => bundle.Deals).Select(bundled => bundled.Deal)]);
    }

    /// <summary>The packed portfolio.</summary>
    public PortfolioManifest Manifest { get; }

    /// <summary>How the rollup draws losses; null where each is its mean.</summary>
    public LossSampling? Sampling { get; }

    /// <summary>Its ELTs by id.</summary>
    public IReadOnlyDictionary<string, PackedElt> Elts { get; }

    /// <summary>What requests may refer to.</summary>
    public KnownPortfolio Known { get; }

    /// <summary>A layer of the portfolio and its key.</summary>
    public (Layer Layer, string Key) this[LayerId id] => _layers[id];

    /// <summary>Layers whose subject refers to a layer, once each.</summary>
    public IReadOnlyList<LayerId> DependantsOf(LayerId id) => _dependants.GetValueOrDefault(id) ?? [];

    private void Add(LayerId id, BundleLayer layer)
    {
        _layers.Add(id, (layer.Layer, layer.Key));
        foreach (LayerId upstream in layer.Layer.Subject.Where(term => term.Layer is not null).Select(term => term.Layer!.Value).Distinct())
        {
            (_dependants.TryGetValue(upstream, out List<LayerId>? list) ? list : _dependants[upstream] = []).Add(id);
        }
    }
}
