using System.Globalization;
using RiskDurable.Execution.Packing;
using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Running;
using RiskDurable.Kernel;
using RiskDurable.Portfolio.Model;

namespace RiskDurable.Execution.Analytics;

/// <summary>
/// Everything that one request has to simulate, each once: layers by their key, however many changes of the book they occur in, and the
/// deals that these add up to.
/// </summary>
internal sealed class AnalysisGraph(AnalysisBook book)
{
    private readonly Dictionary<string, int> _layerNumbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _dealNumbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _impactNumbers = new(StringComparer.Ordinal);
    private readonly List<LayerTask> _layers = [];
    private readonly List<DealTask> _deals = [];
    private readonly List<RootImpact> _impacts = [new([], [])];

    /// <summary>The layers, each after those in its subject.</summary>
    public IReadOnlyList<LayerTask> Layers => _layers;

    /// <summary>The deals.</summary>
    public IReadOnlyList<DealTask> Deals => _deals;

    /// <summary>What changes mean to the whole portfolio; the first one nothing.</summary>
    public IReadOnlyList<RootImpact> Impacts => _impacts;

    /// <summary>Adds a deal as it is in a changed book.</summary>
    /// <returns>Its number in <see cref="Deals"/>.</returns>
    public int AddDeal(BookChange change, Deal deal)
    {
        var key = new System.Text.StringBuilder(deal.Currency);
        var layers = new List<DealLayer>();
        foreach (Layer layer in deal.Layers)
        {
            var id = new LayerId(deal.Id, layer.Id);
            key.Append(CultureInfo.InvariantCulture, $"|{change[id].Key}|{BitConverter.DoubleToInt64Bits(layer.Share)}|{layer.Position}");
            layers.Add(new DealLayer(AddLayer(change, id), layer.Position.Sign(), layer.Share));
        }

        return NumberOf(_dealNumbers, _deals, key.ToString(), () => new DealTask(layers, book.Manifest.Fx[deal.Currency]));
    }

    /// <summary>Adds what a change means to the whole portfolio.</summary>
    /// <returns>Its number in <see cref="Impacts"/>.</returns>
    public int AddImpact(BookChange change)
    {
        var deltas = new List<RootDelta>();
        var deals = new List<string>();
        foreach (string id in change.AffectedDeals)
        {
            int before = book.Known.Deals.TryGetValue(id, out Deal? old) ? AddDeal(BookChange.None(book), old) : -1;
            int after = change.Find(id) is { } now ? AddDeal(change, now) : -1;
            if (before != after)
            {
                deals.Add(id);
                deltas.AddRange(before < 0 ? [] : [new RootDelta(before, -1)]);
                deltas.AddRange(after < 0 ? [] : [new RootDelta(after, 1)]);
            }
        }

        return deltas.Count == 0
            ? 0
            : NumberOf(_impactNumbers, _impacts, string.Join('|', deltas.Select(delta => $"{delta.Sign}:{delta.Deal}")), () => new RootImpact(deltas, deals));
    }

    /// <summary>Fetches the ELTs: what each layer needs to be simulated.</summary>
    public async ValueTask<LayerModel[]> LoadAsync(TableCache tables, CancellationToken cancellationToken)
    {
        var models = new LayerModel[_layers.Count];
        for (int number = 0; number < models.Length; number++)
        {
            LayerTask task = _layers[number];
            var subject = new SubjectSource[task.Sources.Count];
            for (int term = 0; term < subject.Length; term++)
            {
                TaskSource source = task.Sources[term];
                EventLossTable? elt = source.EltHash is { } hash ? await tables.EltAsync(hash, cancellationToken).ConfigureAwait(false) : null;
                subject[term] = new SubjectSource(elt, source.Factor, source.CurrencyRatio, source.Stream);
            }

            models[number] = new LayerModel(task.Layer.Terms, subject, task.Layer.Premium, task.Layer.Reinstatements);
        }

        return models;
    }

    private static int NumberOf<T>(Dictionary<string, int> numbers, List<T> items, string key, Func<T> create)
    {
        if (!numbers.TryGetValue(key, out int number))
        {
            number = numbers[key] = items.Count;
            items.Add(create());
        }

        return number;
    }

    /// <summary>Adds a layer and what it depends on; a stack of our own, as chains of layers may be long.</summary>
    /// <returns>Its number; -1 for a layer that went.</returns>
    private int AddLayer(BookChange change, LayerId wanted)
    {
        var open = new Stack<(LayerId Id, bool Expanded)>();
        open.Push((wanted, false));
        while (open.TryPop(out (LayerId Id, bool Expanded) at))
        {
            (Layer? layer, string key) = change[at.Id];
            if (layer is null || _layerNumbers.ContainsKey(key))
            {
                continue;
            }

            if (at.Expanded)
            {
                _layerNumbers.Add(key, _layers.Count);
                _layers.Add(new LayerTask(layer, SourcesOf(change, layer, change.Find(at.Id.Deal)!.Currency)));
                continue;
            }

            open.Push((at.Id, true));
            foreach (SubjectTerm term in layer.Subject.Where(term => term.Layer is not null))
            {
                open.Push((term.Layer!.Value, false));
            }
        }

        (Layer? added, string ofAdded) = change[wanted];
        return added is null ? -1 : _layerNumbers[ofAdded];
    }

    private TaskSource[] SourcesOf(BookChange change, Layer layer, string currency)
    {
        TaskSource SourceOf(SubjectTerm term)
        {
            if (term.Layer is { } upstream)
            {
                string from = change.Find(upstream.Deal)!.Currency;
                return new TaskSource(null, _layerNumbers[change[upstream].Key], term.Factor, LayerKeys.CurrencyRatio(book.Manifest.Fx, from, currency), 0);
            }

            PackedElt elt = book.Elts[term.Elt!];
            return new TaskSource(elt.Hash, -1, term.Factor, LayerKeys.CurrencyRatio(book.Manifest.Fx, elt.Currency, currency), LossSampling.StreamOf(elt.Id));
        }

        return [.. layer.Subject.Select(SourceOf)];
    }
}

/// <summary>A layer to simulate.</summary>
internal sealed record LayerTask(Layer Layer, IReadOnlyList<TaskSource> Sources);

/// <summary>Where a term of a subject comes from: an ELT by its hash, or another layer by its number.</summary>
internal readonly record struct TaskSource(string? EltHash, int Layer, double Factor, double CurrencyRatio, ulong Stream);

/// <summary>A deal to add up, and what one unit of its currency is in reporting currency.</summary>
internal sealed record DealTask(IReadOnlyList<DealLayer> Layers, double Rate);

/// <summary>A layer of a deal; its number is -1 where it went.</summary>
internal readonly record struct DealLayer(int Layer, int Sign, double Share);

/// <summary>What a change means to the whole portfolio: deals that come off, and deals that come on.</summary>
internal sealed record RootImpact(IReadOnlyList<RootDelta> Deltas, IReadOnlyList<string> Deals);

/// <summary>A deal by its number, -1 or 1 times.</summary>
internal readonly record struct RootDelta(int Deal, int Sign);
