using RiskDurable.Execution.Planning;
using RiskDurable.Portfolio.Model;

namespace RiskDurable.Execution.Analytics;

/// <summary>
/// The book with one deal added, replaced or taken out, as a rollup of such a portfolio would see it. The recoveries of the deal's layers
/// change, and with them those of every layer that refers to one of them, however far away. Where a deal is taken out, the terms that
/// refer to it go too, and a layer that has no other term goes with them.
/// </summary>
internal sealed class BookChange
{
    private readonly AnalysisBook _book;
    private readonly string? _dealId;
    private readonly Dictionary<LayerId, (Layer? Layer, string Key)> _affected = [];

    private BookChange(AnalysisBook book, string? dealId, Deal? replacement)
    {
        _book = book;
        _dealId = dealId;
        Replacement = replacement;
    }

    /// <summary>Ids of the deals that have an affected layer, ordinal; the changed deal included.</summary>
    public IReadOnlyList<string> AffectedDeals { get; private set; } = [];

    /// <summary>The deal that is there now; null where one was taken out, or nothing was changed.</summary>
    public Deal? Replacement { get; }

    /// <summary>The book as it is.</summary>
    public static BookChange None(AnalysisBook book) => new(book, null, null);

    /// <summary>The book with a deal instead of the one of its id, if there is one.</summary>
    public static BookChange With(AnalysisBook book, Deal deal)
    {
        var change = new BookChange(book, deal.Id, deal);
        change.FindAffected();
        return change;
    }

    /// <summary>The book without a deal that it has.</summary>
    public static BookChange Without(AnalysisBook book, string dealId)
    {
        var change = new BookChange(book, dealId, null);
        change.FindAffected();
        return change;
    }

    /// <summary>A deal as it is now; null where there is none of this id.</summary>
    public Deal? Find(string dealId) => dealId == _dealId ? Replacement : _book.Known.Deals.GetValueOrDefault(dealId);

    /// <summary>A layer as it is now, and its key; the layer is null where it went.</summary>
    public (Layer? Layer, string Key) this[LayerId id] => _affected.TryGetValue(id, out (Layer?, string) affected) ? affected : _book[id];

    private void FindAffected()
    {
        var layers = new HashSet<LayerId>();
        var open = new Queue<LayerId>();
        void Reach(LayerId id)
        {
            if (layers.Add(id))
            {
                open.Enqueue(id);
            }
        }

        foreach (Deal? deal in new[] { _book.Known.Deals.GetValueOrDefault(_dealId!), Replacement })
        {
            foreach (Layer layer in deal?.Layers ?? [])
            {
                Reach(new LayerId(_dealId!, layer.Id));
            }
        }

        while (open.TryDequeue(out LayerId id))
        {
            foreach (LayerId dependant in _book.DependantsOf(id))
            {
                Reach(dependant);
            }
        }

        AffectedDeals = [.. layers.Select(id => id.Deal).Distinct().Order(StringComparer.Ordinal)];
        Resolve(layers);
    }

    /// <summary>Layers and keys of what is affected, upstream first.</summary>
    private void Resolve(HashSet<LayerId> layers)
    {
        Dictionary<LayerId, Layer> now = [];
        foreach (LayerId id in layers)
        {
            if (Find(id.Deal)?.Layers.FirstOrDefault(layer => layer.Id == id.Layer) is { } layer)
            {
                now.Add(id, layer);
            }
            else
            {
                _affected.Add(id, (null, ""));
            }
        }

        var waiting = new Dictionary<LayerId, int>();
        var dependants = new Dictionary<LayerId, List<LayerId>>();
        var ready = new Queue<LayerId>();
        foreach ((LayerId id, Layer layer) in now)
        {
            LayerId[] upstream = [.. layer.Subject.Where(term => term.Layer is { } source && now.ContainsKey(source)).Select(term => term.Layer!.Value).Distinct()];
            waiting[id] = upstream.Length;
            foreach (LayerId source in upstream)
            {
                (dependants.TryGetValue(source, out List<LayerId>? list) ? list : dependants[source] = []).Add(id);
            }

            if (upstream.Length == 0)
            {
                ready.Enqueue(id);
            }
        }

        while (ready.TryDequeue(out LayerId id))
        {
            _affected.Add(id, Rekey(now[id], Find(id.Deal)!.Currency));
            foreach (LayerId dependant in dependants.GetValueOrDefault(id) ?? [])
            {
                if (--waiting[dependant] == 0)
                {
                    ready.Enqueue(dependant);
                }
            }
        }
    }

    private (Layer? Layer, string Key) Rekey(Layer layer, string currency)
    {
        SubjectTerm[] subject = [.. layer.Subject.Where(term => term.Layer is not { } upstream || this[upstream].Layer is not null)];
        if (subject.Length == 0)
        {
            return (null, "");
        }

        Layer left = subject.Length == layer.Subject.Count ? layer : layer with { Subject = subject };
        return (left, LayerKeys.KeyOf(left, currency, _book.Manifest, _book.Elts, _book.Sampling, id => (this[id].Key, Find(id.Deal)!.Currency)));
    }
}
