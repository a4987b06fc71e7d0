using RiskDurable.Portfolio.Model;

namespace RiskDurable.Execution.Planning;

/// <summary>
/// Who refers to whom. Deals whose layers refer to one another both ways (deal A's layer to deal B's, and another one back) can only be
/// simulated together: they form a group. A group's level is one above the highest level that it refers to.
/// </summary>
/// <remarks>Nothing here recurses: a chain of ten thousand deals is as deep as it is long.</remarks>
internal sealed class LayerGraph
{
    private readonly IReadOnlyList<Deal> _deals;
    private readonly Dictionary<LayerId, (int Deal, int Layer)> _slots = [];
    private readonly int[][] _dealDependencies;

    public LayerGraph(IReadOnlyList<Deal> deals)
    {
        _deals = deals;
        for (int deal = 0; deal < deals.Count; deal++)
        {
            for (int layer = 0; layer < deals[deal].Layers.Count; layer++)
            {
                _slots.Add(new LayerId(deals[deal].Id, deals[deal].Layers[layer].Id), (deal, layer));
            }
        }

        _dealDependencies = [.. deals.Select((deal, index) => Upstream(deal).Select(id => _slots[id].Deal).Where(other => other != index).Distinct().ToArray())];
        Groups = FindGroups();
        GroupOfDeal = new int[deals.Count];
        for (int group = 0; group < Groups.Count; group++)
        {
            foreach (int deal in Groups[group])
            {
                GroupOfDeal[deal] = group;
            }
        }

        Levels = new int[Groups.Count];
        for (int group = 0; group < Groups.Count; group++)
        {
            // Groups come dependencies first, so that every level looked at is known.
            foreach (int other in Groups[group].SelectMany(deal => _dealDependencies[deal]).Select(deal => GroupOfDeal[deal]))
            {
                Levels[group] = other == group ? Levels[group] : Math.Max(Levels[group], Levels[other] + 1);
            }
        }

        LayerOrder = OrderLayers();
    }

    /// <summary>Groups of deals, those referred to before those that refer to them.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Groups { get; }

    /// <summary>The group of each deal.</summary>
    public int[] GroupOfDeal { get; }

    /// <summary>The level of each group.</summary>
    public int[] Levels { get; }

    /// <summary>All layers, each after the layers in its subject.</summary>
    public IReadOnlyList<(int Deal, int Layer)> LayerOrder { get; }

    public (int Deal, int Layer) this[LayerId id] => _slots[id];

    private static IEnumerable<LayerId> Upstream(Deal deal) => deal.Layers.SelectMany(Upstream);

    private static IEnumerable<LayerId> Upstream(Layer layer) => layer.Subject.Where(term => term.Layer is not null).Select(term => term.Layer!.Value);

    /// <summary>Tarjan's strongly connected components, with a stack of our own.</summary>
    private List<IReadOnlyList<int>> FindGroups()
    {
        var groups = new List<IReadOnlyList<int>>();
        int[] index = new int[_deals.Count];
        int[] lowest = new int[_deals.Count];
        bool[] open = new bool[_deals.Count];
        var unassigned = new Stack<int>();
        var path = new Stack<(int Deal, int Next)>();
        int visited = 0;
        for (int root = 0; root < _deals.Count; root++)
        {
            if (index[root] != 0)
            {
                continue;
            }

            path.Push((root, 0));
            while (path.TryPop(out (int Deal, int Next) step))
            {
                int deal = step.Deal;
                if (step.Next == 0)
                {
                    index[deal] = lowest[deal] = ++visited;
                    unassigned.Push(deal);
                    open[deal] = true;
                }
                else
                {
                    lowest[deal] = Math.Min(lowest[deal], lowest[_dealDependencies[deal][step.Next - 1]]);
                }

                int next = step.Next;
                while (next < _dealDependencies[deal].Length && index[_dealDependencies[deal][next]] != 0)
                {
                    int seen = _dealDependencies[deal][next++];
                    lowest[deal] = open[seen] ? Math.Min(lowest[deal], index[seen]) : lowest[deal];
                }

                if (next < _dealDependencies[deal].Length)
                {
                    path.Push((deal, next + 1));
                    path.Push((_dealDependencies[deal][next], 0));
                }
                else if (lowest[deal] == index[deal])
                {
                    groups.Add(TakeGroup(unassigned, open, deal));
                }
            }
        }

        return groups;
    }

    private List<int> TakeGroup(Stack<int> unassigned, bool[] open, int root)
    {
        var group = new List<int>();
        int deal;
        do
        {
            deal = unassigned.Pop();
            open[deal] = false;
            group.Add(deal);
        }
        while (deal != root);
        group.Sort((a, b) => string.CompareOrdinal(_deals[a].Id, _deals[b].Id));
        return group;
    }

    private List<(int Deal, int Layer)> OrderLayers()
    {
        var waiting = new Dictionary<(int, int), int>();
        var dependants = new Dictionary<(int, int), List<(int, int)>>();
        var ready = new Queue<(int Deal, int Layer)>();
        for (int deal = 0; deal < _deals.Count; deal++)
        {
            for (int layer = 0; layer < _deals[deal].Layers.Count; layer++)
            {
                (int, int)[] upstream = [.. Upstream(_deals[deal].Layers[layer]).Select(id => _slots[id]).Distinct()];
                waiting[(deal, layer)] = upstream.Length;
                foreach ((int, int) slot in upstream)
                {
                    (dependants.TryGetValue(slot, out List<(int, int)>? list) ? list : dependants[slot] = []).Add((deal, layer));
                }

                if (upstream.Length == 0)
                {
                    ready.Enqueue((deal, layer));
                }
            }
        }

        var order = new List<(int, int)>(_slots.Count);
        while (ready.TryDequeue(out (int, int) slot))
        {
            order.Add(slot);
            foreach ((int, int) dependant in dependants.GetValueOrDefault(slot) ?? [])
            {
                if (--waiting[dependant] == 0)
                {
                    ready.Enqueue(dependant);
                }
            }
        }

        return order.Count == _slots.Count
            ? order
            : throw new ArgumentException("The layers refer to one another in a circle; a validated portfolio has none.");
    }
}
