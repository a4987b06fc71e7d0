using RiskDurable.Portfolio.Model;

namespace RiskDurable.Portfolio.Reading;

/// <summary>Resolves references between layers, and finds cycles among them.</summary>
internal sealed class LayerReferences
{
    private const int LongestPathShown = 12;

    private readonly ReadingContext _context;
    private readonly bool _knowsEveryId;
    private readonly Dictionary<LayerId, int> _index = [];
    private readonly List<(LayerId Id, LayerDraft Draft)> _layers = [];
    private int _longestReference;

    public LayerReferences(ReadingContext context, IReadOnlyList<DealDraft> deals, bool knowsEveryId)
    {
        _context = context;
        _knowsEveryId = knowsEveryId;
        foreach (DealDraft deal in deals)
        {
            foreach (LayerDraft layer in deal.Layers)
            {
                if (deal.Id is not null && layer.Id is not null && _index.TryAdd(new LayerId(deal.Id, layer.Id), _layers.Count))
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
        var state = new byte[_layers.Count];
        var path = new List<int>();
        var next = new Stack<(int Layer, int Term)>();
        for (int start = 0; start < _layers.Count; start++)
        {
            if (state[start] != 0)
            {
                continue;
            }

            next.Push((start, 0));
            path.Add(start);
            state[start] = 1;
            while (next.TryPop(out (int Layer, int Term) at))
            {
                IReadOnlyList<SubjectDraft> subject = _layers[at.Layer].Draft.Subject;
                if (at.Term == subject.Count)
                {
                    state[at.Layer] = 2;
                    path.RemoveAt(path.Count - 1);
                    continue;
                }

                next.Push((at.Layer, at.Term + 1));
                if (subject[at.Term].Layer is not LayerId upstream)
                {
                    continue;
                }

                int target = _index[upstream];
                if (state[target] == 1)
                {
                    ReportCycle(path, path.LastIndexOf(target), subject[at.Term].Place);
                }
                else if (state[target] == 0)
                {
                    state[target] = 1;
                    path.Add(target);
                    next.Push((target, 0));
                }
            }
        }
    }

    private LayerId? Resolve(string reference, JsonPlace place)
    {
        LayerId? found = null;
        for (int cut = reference.IndexOf('/', StringComparison.Ordinal);
             cut >= 0 && reference.Length <= _longestReference;
             cut = reference.IndexOf('/', cut + 1))
        {
            var id = new LayerId(reference[..cut], reference[(cut + 1)..]);
            if (!_index.ContainsKey(id))
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
            string nearest = _context.Nearest.Ask(reference, _layers.Select(layer => layer.Id.ToString()));
            _context.Problems.Add(place, $"There is no layer '{JsonValues.Shorten(reference)}'; a reference is '<deal>/<layer>'.{nearest}");
        }

        return found;
    }

    private void ReportCycle(List<int> path, int start, JsonPlace place)
    {
        IEnumerable<string> names = path.Skip(start).Take(LongestPathShown).Select(layer => $"'{_layers[layer].Id}'");
        string left = path.Count - start > LongestPathShown ? $" -> ... ({path.Count - start} layers in all)" : "";
        _context.Problems.Add(
            place,
            $"The layers refer to each other in a cycle: {string.Join(" -> ", names)}{left} -> '{_layers[path[start]].Id}'. "
            + "A layer cannot depend on its own recoveries; remove one of these references.");
    }
}
