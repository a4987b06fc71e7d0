namespace RiskDurable.Reference;

/// <summary>
/// The definitions page written down as plainly as it reads: every trial by itself, every layer over every occurrence in time order,
/// every node by its path. Slow on purpose.
/// </summary>
public sealed class NaiveReference
{
    private readonly Book _book;
    private readonly Dictionary<string, Dictionary<long, double>> _losses;
    private readonly Dictionary<string, LossTable> _tables;
    private readonly Dictionary<string, (Deal Deal, Layer Layer)> _layers;
    private readonly Dictionary<string, NodeYears> _nodes = new(StringComparer.Ordinal);
    private readonly SampledLosses? _sampled;
    private readonly Dictionary<string, Dictionary<long, LossRow>> _rows;

    private NaiveReference(Book book)
    {
        _book = book;
        _tables = book.Elts.ToDictionary(elt => elt.Id);
        _losses = book.Elts.ToDictionary(
            elt => elt.Id,
            elt => elt.Rows.GroupBy(row => row.EventId).ToDictionary(rows => rows.Key, rows => rows.Sum(row => row.MeanLoss)));
        _sampled = book.Seed is { } seed ? new SampledLosses(seed) : null;
        _rows = _sampled is null ? [] : book.Elts.ToDictionary(elt => elt.Id, elt => elt.Rows.DistinctBy(row => row.EventId).ToDictionary(row => row.EventId));
        _layers = (from deal in book.Deals from layer in deal.Layers select (deal, layer)).ToDictionary(pair => $"{pair.deal.Id}/{pair.layer.Id}");
    }

    public static ReferenceResult Run(Book book) => new NaiveReference(book).Run();

    private ReferenceResult Run()
    {
        var signs = new Dictionary<string, int>(StringComparer.Ordinal);
        var layerYears = new Dictionary<string, List<LayerYear>>(StringComparer.Ordinal);
        ILookup<int, YetRow> rows = _book.Yet.ToLookup(row => row.Trial);
        Node(NodePath.Root);

        for (int trial = 1; trial <= _book.Trials; trial++)
        {
            // OrderBy keeps the file's order where days are equal.
            YetRow[] events = [.. rows[trial].OrderBy(row => row.Day)];
            var years = new Dictionary<string, LayerYear>();
            var sums = new Dictionary<string, OccurrenceSums>(StringComparer.Ordinal);
            foreach ((string reference, (Deal deal, Layer layer)) in _layers)
            {
                LayerYear year = Year(reference, events, years);
                double scale = layer.Share * _book.RateOf(deal.Currency);
                double premium = LayerYear.ReinstatementPremium(layer, year.Aggregate) * scale;
                double premiumBound = PremiumBound(layer, year) * scale;
                int sign = layer.Position switch { Position.Assumed => 1, Position.Ceded => -1, _ => 0 };

                string own = NodePath.OfLayer(_book, deal, layer);
                signs[own] = sign;
                (layerYears.TryGetValue(own, out List<LayerYear>? list) ? list : layerYears[own] = []).Add(year);
                Sums(own).Add(year, scale, premium, premiumBound);
                foreach (string node in NodePath.AboveDeal(_book, deal).Append(NodePath.OfDeal(_book, deal)))
                {
                    signs[node] = 1;
                    Sums(node).Add(year, sign * scale, sign * premium, sign == 0 ? 0 : premiumBound);
                }
            }

            foreach ((string path, OccurrenceSums sum) in sums)
            {
                sum.WriteTo(Node(path), trial - 1);
            }

            OccurrenceSums Sums(string path) => sums.TryGetValue(path, out OccurrenceSums? found) ? found : sums[path] = new OccurrenceSums(events.Length);
        }

        return new ReferenceResult(_nodes, ChildrenByParent(), Metrics(layerYears), signs);
    }

    private LayerYear Year(string reference, YetRow[] events, Dictionary<string, LayerYear> years)
    {
        if (years.TryGetValue(reference, out LayerYear? known))
        {
            return known;
        }

        (Deal deal, Layer layer) = _layers[reference];
        var subject = new double[events.Length];
        var absolute = new double[events.Length];
        var bounds = new double[events.Length];
        foreach (SubjectTerm term in layer.Subject)
        {
            LayerYear? upstream = term.Layer is null ? null : Year(term.Layer, events, years);
            string currency = term.Layer is null ? _tables[term.Elt!].Currency : _layers[term.Layer].Deal.Currency;
            double rate = _book.RateOf(currency) / _book.RateOf(deal.Currency);
            bool isExact = rate == 1 && Math.Abs(term.Factor) == 1;
            for (int d = 0; d < events.Length; d++)
            {
                (double loss, double error) = upstream is null ? Loss(term.Elt!, events[d], d) : (upstream.Recoveries[d], upstream.Bounds[d]);
                double amount = term.Factor * (loss * rate);
                subject[d] += amount;
                absolute[d] += Math.Abs(amount);
                bounds[d] += (isExact ? RoundingBounds.OfAmount(amount) : RoundingBounds.Unit * Math.Abs(amount))
                    + (Math.Abs(term.Factor) * rate * error);
            }
        }

        return years[reference] = LayerYear.Fold(layer, subject, absolute, bounds);
    }

    /// <summary>The loss of an occurrence to an ELT, and how far it can be off in another sound implementation.</summary>
    private (double Loss, double Error) Loss(string elt, YetRow occurrence, int index)
    {
        if (_sampled is not null && _rows[elt].GetValueOrDefault(occurrence.EventId) is { SdIndependent: var own, SdCorrelated: var shared } row && own + shared > 0)
        {
            return (_sampled.Loss(elt, row, occurrence.Trial, index, occurrence.Z), SampledLosses.Error * row.Exposure);
        }

        return (_losses[elt].GetValueOrDefault(occurrence.EventId), 0);
    }

    private static double PremiumBound(Layer layer, LayerYear year)
    {
        double rate = layer.Reinstatements.Select(reinstatement => reinstatement.Rate).DefaultIfEmpty(0).Max();
        return rate == 0 ? 0 : layer.Premium * rate * ((year.AggregateBound / layer.EffectiveOccurrenceLimit) + RoundingBounds.Unit);
    }

    private NodeYears Node(string path) =>
        _nodes.TryGetValue(path, out NodeYears? found) ? found : _nodes[path] = new NodeYears(path, _book.Trials);

    private Dictionary<string, NodeMetrics> Metrics(Dictionary<string, List<LayerYear>> layerYears)
    {
        Dictionary<string, NodeMetrics> metrics = _nodes.ToDictionary(node => node.Key, node => NodeMetrics.Of(node.Value), StringComparer.Ordinal);
        foreach ((Deal deal, Layer layer) in _layers.Values)
        {
            string path = NodePath.OfLayer(_book, deal, layer);
            List<LayerYear> years = layerYears[path];
            double limit = layer.EffectiveAggregateLimit;
            bool limited = layer.EffectiveOccurrenceLimit is > 0 and < double.PositiveInfinity;
            metrics[path] = metrics[path] with
            {
                ExhaustionProbability = (double)years.Count(year => year.Aggregate == limit) / years.Count,
                ExhaustedTrials = (
                    years.Count(year => year.Aggregate == limit && year.AggregateBound == 0),
                    years.Count(year => year.Aggregate >= limit - year.AggregateBound)),
                RateOnLine = limited ? layer.Premium / layer.OccurrenceLimit : null,
                LossOnLine = limited ? years.Average(year => year.Aggregate) / layer.OccurrenceLimit : null,
                LossOnLineBound = limited ? years.Average(year => year.AggregateBound) / layer.EffectiveOccurrenceLimit : 0,
            };
        }

        return metrics;
    }

    private Dictionary<string, IReadOnlyList<string>> ChildrenByParent()
    {
        var children = new Dictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach ((Deal deal, Layer layer) in _layers.Values)
        {
            string[] path = [.. NodePath.AboveDeal(_book, deal), NodePath.OfDeal(_book, deal), NodePath.OfLayer(_book, deal, layer)];
            foreach ((string parent, string child) in path.Zip(path.Skip(1)))
            {
                (children.TryGetValue(parent, out SortedSet<string>? set) ? set : children[parent] = new SortedSet<string>(StringComparer.Ordinal)).Add(child);
            }
        }

        return children.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<string>)[.. pair.Value], StringComparer.Ordinal);
    }
}
