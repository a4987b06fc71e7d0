using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using RiskDurable.Execution.Packing;
using RiskDurable.Execution.Storage;
using RiskDurable.Kernel;
using RiskDurable.Portfolio;
using RiskDurable.Portfolio.Model;

namespace RiskDurable.Execution.Planning;

/// <summary>Deals the portfolio into bundles and gives every layer its key.</summary>
internal sealed class BundlePlanner
{
    private readonly PortfolioManifest _manifest;
    private readonly IReadOnlyList<Deal> _deals;
    private readonly LayerGraph _graph;
    private readonly Hierarchy _hierarchy;
    private readonly Dictionary<string, PackedElt> _elts;
    private readonly Dictionary<(int Deal, int Layer), string> _keys = [];
    private readonly int[] _bundleOfDeal;
    private readonly List<List<int>> _dealsOfBundle = [];
    private readonly List<(int Level, int Bucket)> _places = [];
    private readonly Dictionary<(int Deal, int Layer), int> _numbers = [];
    private readonly Dictionary<(int Deal, int Layer), int> _exportSections = [];

    public BundlePlanner(PortfolioManifest manifest, IReadOnlyList<Deal> deals, Hierarchy hierarchy, LossSampling? sampling)
    {
        _manifest = manifest;
        _deals = deals;
        _hierarchy = hierarchy;
        _graph = new LayerGraph(deals);
        _elts = manifest.Elts.ToDictionary(elt => elt.Id, StringComparer.Ordinal);
        foreach ((int Deal, int Layer) slot in _graph.LayerOrder)
        {
            Deal deal = deals[slot.Deal];
            _keys[slot] = LayerKeys.KeyOf(deal.Layers[slot.Layer], deal.Currency, manifest, _elts, sampling, id => (_keys[_graph[id]], deals[_graph[id].Deal].Currency));
        }

        _bundleOfDeal = new int[deals.Count];
        DealOut();
    }

    public IReadOnlyList<Bundle> Plan()
    {
        List<List<(int Deal, int Layer)>> layers = [.. _places.Select(_ => new List<(int, int)>())];
        foreach ((int Deal, int Layer) slot in _graph.LayerOrder)
        {
            List<(int, int)> ofBundle = layers[_bundleOfDeal[slot.Deal]];
            _numbers[slot] = ofBundle.Count;
            ofBundle.Add(slot);
        }

        List<(int Deal, int Layer)>[] exports = FindExports();
        return [.. _places.Select((place, index) => Build(index, place.Level, place.Bucket, layers[index], exports[index]))];
    }

    /// <summary>A group goes by its first id; deals that can be simulated together only stay together.</summary>
    private void DealOut()
    {
        var groups = _graph.Groups
            .Select((deals, group) => (Deals: deals, Level: _graph.Levels[group], Bucket: BucketOf(_deals[deals[0]].Id)))
            .GroupBy(group => (group.Level, group.Bucket))
            .OrderBy(bundle => bundle.Key);
        foreach (var bundle in groups)
        {
            List<int> deals = [.. bundle.SelectMany(group => group.Deals).OrderBy(deal => _deals[deal].Id, StringComparer.Ordinal)];
            deals.ForEach(deal => _bundleOfDeal[deal] = _places.Count);
            _dealsOfBundle.Add(deals);
            _places.Add(bundle.Key);
        }
    }

    private int BucketOf(string dealId) =>
        (int)(BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(dealId))) % (ulong)_manifest.Bundles);

    private List<(int Deal, int Layer)>[] FindExports()
    {
        var exported = new HashSet<(int Deal, int Layer)>();
        for (int deal = 0; deal < _deals.Count; deal++)
        {
            exported.UnionWith(_deals[deal].Layers
                .SelectMany(layer => layer.Subject)
                .Where(term => term.Layer is not null)
                .Select(term => _graph[term.Layer!.Value])
                .Where(slot => _bundleOfDeal[slot.Deal] != _bundleOfDeal[deal]));
        }

        List<(int Deal, int Layer)>[] ofBundle = [.. _places.Select(_ => new List<(int, int)>())];
        foreach ((int Deal, int Layer) slot in exported.OrderBy(slot => _deals[slot.Deal].Id, StringComparer.Ordinal).ThenBy(slot => slot.Layer))
        {
            List<(int, int)> list = ofBundle[_bundleOfDeal[slot.Deal]];
            _exportSections[slot] = list.Count;
            list.Add(slot);
        }

        return ofBundle;
    }

    private Bundle Build(int index, int level, int bucket, List<(int Deal, int Layer)> layers, List<(int Deal, int Layer)> exports)
    {
        IReadOnlyList<int> dealNumbers = _dealsOfBundle[index];
        List<BundleLeaf> leaves =
        [
            .. dealNumbers.Select(LeafOf).Distinct()
                .OrderBy(leaf => leaf.Node).ThenBy(leaf => leaf.Currency, StringComparer.Ordinal),
        ];
        var deals = new List<BundleDeal>();
        int section = 0;
        foreach (int number in dealNumbers)
        {
            Deal deal = _deals[number];
            deals.Add(new BundleDeal(
                deal, section, leaves.IndexOf(LeafOf(number)), [.. Enumerable.Range(0, deal.Layers.Count).Select(layer => _numbers[(number, layer)])]));
            section += 1 + deal.Layers.Count;
        }

        return new Bundle(
            index,
            level,
            bucket,
            deals,
            [.. layers.Select(slot => new BundleLayer(_deals[slot.Deal].Layers[slot.Layer], _keys[slot], [.. SourcesOf(index, slot)]))],
            leaves,
            [.. exports.Select(slot => _numbers[slot])],
            ContentHash(dealNumbers),
            exports.Count == 0 ? null : ExportHash(exports));
    }

    private BundleLeaf LeafOf(int deal) => new(_hierarchy[LeafPath(deal)].Index, _deals[deal].Currency);

    private NodePath LeafPath(int deal) => NodePath.ForTags(_manifest.Rollup, _deals[deal].Tags);

    private IEnumerable<LayerSource> SourcesOf(int bundle, (int Deal, int Layer) slot)
    {
        string currency = _deals[slot.Deal].Currency;
        foreach (SubjectTerm term in _deals[slot.Deal].Layers[slot.Layer].Subject)
        {
            if (term.Layer is not { } id)
            {
                PackedElt elt = _elts[term.Elt!];
                yield return new LayerSource(elt.Hash, -1, -1, term.Factor, LayerKeys.CurrencyRatio(_manifest.Fx, elt.Currency, currency), LossSampling.StreamOf(elt.Id));
                continue;
            }

            (int Deal, int Layer) source = _graph[id];
            int from = _bundleOfDeal[source.Deal];
            yield return new LayerSource(
                null,
                from,
                from == bundle ? _numbers[source] : _exportSections[source],
                term.Factor,
                LayerKeys.CurrencyRatio(_manifest.Fx, _deals[source.Deal].Currency, currency),
                0);
        }
    }

    private string ContentHash(IReadOnlyList<int> deals)
    {
        using var hash = new KeyHash("bundle");
        foreach (int number in deals)
        {
            Deal deal = _deals[number];
            hash.Add(LeafPath(number).Text).Add(deal.Currency).Add(deal.Layers.Count);
            for (int layer = 0; layer < deal.Layers.Count; layer++)
            {
                hash.Add(_keys[(number, layer)]).Add(deal.Layers[layer].Share).Add(deal.Layers[layer].Position.ToString());
            }
        }

        return hash.Finish();
    }

    private string ExportHash(List<(int Deal, int Layer)> exports)
    {
        using var hash = new KeyHash("exports");
        exports.ForEach(slot => hash.Add(_keys[slot]));
        return hash.Finish();
    }
}
