namespace RiskDurable.Reference;

/// <summary>
/// Draws layers in a hidden order in which each may refer to those before it, and spreads them over the deals: the layers form no cycle,
/// while deals may refer to each other in circles and files name things in any order.
/// </summary>
internal sealed class RandomLayers
{
    private readonly Random _random;
    private readonly Amounts _amounts;
    private readonly List<LossTable> _elts;
    private readonly List<Deal> _skeleton;
    private readonly Func<string, double> _rateOf;
    private readonly List<Layer>[] _layers;
    private readonly List<(int Deal, string Reference)> _drawn = [];
    private readonly List<string> _inured = [];
    private readonly int _target;

    public RandomLayers(Random random, Amounts amounts, List<LossTable> elts, List<Deal> skeleton, Func<string, double> rateOf, int maxLayersPerDeal)
    {
        (_random, _amounts, _elts, _skeleton, _rateOf) = (random, amounts, elts, skeleton, rateOf);
        _layers = [.. skeleton.Select(_ => new List<Layer>())];
        _target = random.Next(skeleton.Count, (skeleton.Count * maxLayersPerDeal) + 1);
    }

    public (List<Deal> Deals, List<string> Inured) Create()
    {
        if (_random.Chance(0.4))
        {
            AddFullyInured();
        }

        int shape = _random.Next(4);
        for (int i = 0; i < _skeleton.Count || _drawn.Count < _target; i++)
        {
            int deal = i < _skeleton.Count ? i : _random.Next(_skeleton.Count);
            Add(deal, OnTheEdge(deal, Terms(_rateOf(_skeleton[deal].Currency)) with { Subject = Subject(shape) }));
        }

        return ([.. _skeleton.Select((deal, i) => deal with { Layers = [.. _layers[i].Order(_random)] }).Order(_random)], _inured);
    }

    private string Add(int deal, Layer layer)
    {
        string id = $"L{_layers[deal].Count + 1}";
        _layers[deal].Add(layer with { Id = id });
        _drawn.Add((deal, $"{_skeleton[deal].Id}/{id}"));
        return _drawn[^1].Reference;
    }

    private List<SubjectTerm> Subject(int shape)
    {
        // 0: no references, 1: a chain, 2: diamonds, 3: anything.
        int available = _drawn.Count;
        List<string> upstream = shape switch
        {
            0 => [],
            1 => [.. _drawn.TakeLast(1).Select(layer => layer.Reference)],
            2 => [.. _drawn.SkipLast(available % 2 == 0 ? 0 : 1).TakeLast(2).Select(layer => layer.Reference)],
            _ => [.. Enumerable.Range(0, available == 0 ? 0 : _random.Next(0, 4)).Select(_ => _random.Pick(_drawn).Reference)],
        };
        IEnumerable<SubjectTerm> layers = upstream.Select(reference => SubjectTerm.OfLayer(reference, _random.Pick(-1, -1, 1, 0.5, -0.3)));
        int elts = upstream.Count > 0 ? _random.Next(0, 3) : _random.Next(1, 3);
        IEnumerable<SubjectTerm> tables = Enumerable.Range(0, elts)
            .Select(_ => SubjectTerm.OfElt(_random.Pick(_elts).Id, _random.Pick(1, 1, 1, 0.25, 1.7, _random.Chance(0.3) ? -1 : 2)));
        return [.. tables.Concat(layers).Order(_random)];
    }

    private Layer Terms(double rate)
    {
        Layer layer = Plain with
        {
            OccurrenceRetention = _random.Chance(0.4) ? 0 : _amounts.Term(1.5, rate),
            OccurrenceLimit = _random.Chance(0.3) ? null : _random.Chance(0.06) ? 0 : _amounts.Term(2, rate),
            AggregateRetention = _random.Chance(0.55) ? 0 : _amounts.Term(3, rate),
            AggregateLimit = _random.Chance(0.45) ? null : _random.Chance(0.06) ? 0 : _amounts.Term(5, rate),
            Franchise = _random.Chance(0.75) ? 0 : _amounts.Threshold(rate),
            Share = _random.Pick(1, 1, 0, 0.25, 1.0 / 3, _random.NextDouble()),
            Position = _random.Pick(Position.Assumed, Position.Assumed, Position.Assumed, Position.Ceded, Position.Memo),
            Premium = _random.Chance(0.3) ? 0 : _amounts.Term(0.5, rate),
        };
        return layer.OccurrenceLimit > 0 && _random.Chance(0.4) ? layer with { Reinstatements = Reinstatements() } : layer;
    }

    /// <summary>Where nothing rounds, terms may equal losses to the last digit: a franchise that is just met, a retention just reached.</summary>
    private Layer OnTheEdge(int deal, Layer layer)
    {
        bool exact = _amounts.Whole && layer.Subject.All(term =>
            term.Elt is not null && Math.Abs(term.Factor) == 1 && _elts.Single(elt => elt.Id == term.Elt).Currency == _skeleton[deal].Currency);
        double[] losses = [.. layer.Subject.SelectMany(term => _elts.Where(elt => elt.Id == term.Elt)).SelectMany(elt => elt.Rows).Select(row => row.MeanLoss)];
        if (!exact || losses.Length == 0)
        {
            return layer;
        }

        return _random.Next(4) switch
        {
            0 => layer with { Franchise = _random.Pick(losses) },
            1 => layer with { OccurrenceRetention = _random.Pick(losses) },
            2 => layer with { AggregateLimit = _random.Pick(losses), OccurrenceRetention = 0 },
            _ => layer,
        };
    }

    private Reinstatement[] Reinstatements() =>
        [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => new Reinstatement(_random.Next(1, 4), _random.Pick(1, 0.5, 0, 1.25, _random.NextDouble())))];

    /// <summary>A layer whose subject is what it cedes: whole, or sliced in two, with the losses converted on the way.</summary>
    private void AddFullyInured()
    {
        SubjectTerm[] losses =
        [
            .. Enumerable.Range(0, _random.Next(1, 3))
                .Select(_ => SubjectTerm.OfElt(_random.Pick(_elts).Id, _random.Pick(1, 0.3, 0.7, _random.NextDouble()))),
        ];
        var covers = new List<string>();
        int home = _random.Next(_skeleton.Count);
        if (_random.Chance(0.5))
        {
            covers.Add(Add(home, Plain with { Subject = losses, Position = Position.Memo }));
        }
        else
        {
            double cut = _amounts.Term(1, _rateOf(_skeleton[home].Currency));
            covers.Add(Add(home, Plain with { Subject = losses, OccurrenceLimit = cut, Share = 0.5 }));
            covers.Add(Add(home, Plain with { Subject = losses, OccurrenceRetention = cut, Position = Position.Ceded }));
        }

        int deal = _random.Next(_skeleton.Count);
        SubjectTerm[] nothing = [.. losses.Concat(covers.Select(cover => SubjectTerm.OfLayer(cover, -1))).Order(_random)];
        _inured.Add(Add(deal, Plain with { Subject = nothing }));
        _inured.Add(Add(_random.Next(_skeleton.Count), Plain with { Subject = [SubjectTerm.OfLayer(_inured[0], 1000)] }));
    }

    private static Layer Plain { get; } = new() { Id = "", Subject = [] };
}
