using RiskDurable.Portfolio.Model;

namespace RiskDurable.Portfolio.Reading;

/// <summary>Resolves references between layers, and finds cycles among them.</summary>
internal sealed class LayerReferences
{
    private const int LongestPathShown = 12;

    private readonly ReadingContext _context;
    private readonly bool _knowsEveryId;
    private readonly KnownPortfolio? _known;
    private readonly HashSet<string> _deals;
    private readonly Dictionary<LayerId, LayerDraft> _index = [];
    private readonly List<(LayerId Id, LayerDraft Draft)> _layers = [];
    private readonly int _longestReference;

    /// <param name="context">Where problems go.</param>
    /// <param name="deals">The deals whose references are looked at.</param>
    /// <param name="knowsEveryId">Whether a layer that is not found does not exist.</param>
    /// <param name="known">A portfolio whose layers may be referred to as well, but for those of deals that <paramref name="deals"/> replace.</param>
    public LayerReferences(ReadingContext context, IReadOnlyList<DealDraft> deals, bool knowsEveryId, KnownPortfolio? known = null)
    {
        _context = context;
        _knowsEveryId = knowsEveryId;
        _known = known;
        _deals = new HashSet<string>(deals.Select(deal => deal.Id).OfType<string>(), StringComparer.Ordinal);
        _longestReference = known?.LongestReference ?? 0;
        foreach (DealDraft deal in deals)
        {
            foreach (LayerDraft layer in deal.Layers)
            {
                if (deal.Id is not null && layer.Id is not null && _index.TryAdd(new LayerId(deal.Id, layer.Id), layer))
                {
                    _layers.Add((new LayerId(deal.Id, layer.Id), layer));
                    _longestReference = Math.Max(_longestReference, deal.Id.Length + 1 + layer.Id.Length);
                }
            }
        }
    }

    /// <summary>Says for each reference which layer it leads to; what leads nowhere, or to two layers, is reported.</summary>
    public void Resolve()
    {
        foreach ((_, LayerDraft layer) in _layers)
        {
            foreach (SubjectDraft term in layer.Subject)
            {
                if (term.LayerReference is not null)
                {
                    term.Layer = Resolve(term.LayerReference, term.Place.Field("layer"));
                }
            }
        }
    }

    /// <summary>Reports each cycle that a depth-first walk meets, with its path.</summary>
    public void FindCycles()
    {
        // On the path: false; left behind: true.
        var left = new Dictionary<LayerId, bool>();
        var path = new List<LayerId>();
        var next = new Stack<(LayerId Layer, LayerDraft Draft, int Term)>();
        foreach ((LayerId start, LayerDraft draft) in _layers)
        {
            if (!left.TryAdd(start, false))
            {
                continue;
            }

            next.Push((start, draft, 0));
            path.Add(start);
            while (next.TryPop(out (LayerId Layer, LayerDraft Draft, int Term) at))
            {
                IReadOnlyList<SubjectDraft> subject = at.Draft.Subject;
                if (at.Term == subject.Count)
                {
                    left[at.Layer] = true;
                    path.RemoveAt(path.Count - 1);
                    continue;
                }

                next.Push((at.Layer, at.Draft, at.Term + 1));

                // A reference from outside to a layer that its deal no longer has is not this walk's concern.
                if (subject[at.Term].Layer is not LayerId upstream || Find(upstream) is not LayerDraft target)
                {
                    continue;
                }

                if (!left.TryGetValue(upstream, out bool isLeft))
                {
                    left.Add(upstream, false);
                    path.Add(upstream);
                    next.Push((upstream, target, 0));
                }
                else if (!isLeft)
                {
                    ReportCycle(path, path.LastIndexOf(upstream), subject[at.Term].Place);
                }
            }
        }
    }

    private LayerDraft? Find(LayerId id) => _index.TryGetValue(id, out LayerDraft? draft) ? draft
        : _known is not null && !_deals.Contains(id.Deal) ? _known.Layers.GetValueOrDefault(id)
        : null;

    private LayerId? Resolve(string reference, JsonPlace place)
    {
        LayerId? found = null;
        for (int cut = reference.IndexOf('/', StringComparison.Ordinal);
             cut >= 0 && reference.Length <= _longestReference;
             cut = reference.IndexOf('/', cut + 1))
        {
            var id = new LayerId(reference[..cut], reference[(cut + 1)..]);
            if (Find(id) is null)
            {
                continue;
            }

            if (found is LayerId first)
            {
                _context.Problems.Add(
                    place,
                    $"'{reference}' could be layer '{first.Layer}' of deal '{first.Deal}' or layer '{id.Layer}' of deal '{id.Deal}'; "
                    + "rename one of them.");
                return null;
            }

            found = id;
        }

        if (found is null && _knowsEveryId)
        {
            string nearest = _context.Nearest.Ask(
                reference, _layers.Select(layer => layer.Id).Concat(KnownIds()).Select(layer => layer.ToString()));
            _context.Problems.Add(place, $"There is no layer '{JsonValues.Shorten(reference)}'; a reference is '<deal>/<layer>'.{nearest}");
        }

        return found;
    }

    private IEnumerable<LayerId> KnownIds() => _known is null ? [] : _known.Layers.Keys.Where(id => !_deals.Contains(id.Deal));

    private void ReportCycle(List<LayerId> path, int start, JsonPlace place)
    {
        IEnumerable<string> names = path.Skip(start).Take(LongestPathShown).Select(layer => $"'{layer}'");
        string left = path.Count - start > LongestPathShown ? $" -> ... ({path.Count - start} layers in all)" : "";
        _context.Problems.Add(
            place,
            $"The layers refer to each other in a cycle: {string.Join(" -> ", names)}{left} -> '{path[start]}'. "
            + "A layer cannot depend on its own recoveries; remove one of these references.");
    }
}
