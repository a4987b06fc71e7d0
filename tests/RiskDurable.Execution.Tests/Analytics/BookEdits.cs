using RiskDurable.Reference;

namespace RiskDurable.Execution.Tests.Analytics;

/// <summary>Books edited as a person would edit their files.</summary>
internal static class BookEdits
{
    /// <summary>The book without a deal: terms that refer to it go, and with them what has no term left.</summary>
    public static Book Without(this Book book, string dealId)
    {
        List<Deal> deals = [.. book.Deals.Where(deal => deal.Id != dealId)];
        for (bool changed = true; changed;)
        {
            HashSet<string> layers = [.. deals.SelectMany(deal => deal.Layers.Select(layer => $"{deal.Id}/{layer.Id}"))];
            List<Deal> left =
            [
                .. deals.Select(deal => deal with
                {
                    Layers =
                    [
                        .. deal.Layers
                            .Select(layer => layer with { Subject = [.. layer.Subject.Where(term => term.Layer is null || layers.Contains(term.Layer))] })
                            .Where(layer => layer.Subject.Count > 0),
                    ],
                }),
            ];
            changed = left.Sum(deal => deal.Layers.Sum(layer => layer.Subject.Count)) != deals.Sum(deal => deal.Layers.Sum(layer => layer.Subject.Count));
            deals = left;
        }

        return book with { Deals = [.. deals.Where(deal => deal.Layers.Count > 0)] };
    }

    public static Book WithLayer(this Book book, string dealId, string layerId, Func<Layer, Layer> change) => book with
    {
        Deals =
        [
            .. book.Deals.Select(deal => deal.Id != dealId ? deal : deal with
            {
                Layers = [.. deal.Layers.Select(layer => layer.Id == layerId ? change(layer) : layer)],
            }),
        ],
    };

    public static IEnumerable<string> EltsOf(IEnumerable<Deal> deals) =>
        deals.SelectMany(deal => deal.Layers).SelectMany(layer => layer.Subject).Where(term => term.Elt is not null).Select(term => term.Elt!);

    public static bool IsReferredTo(this Book book, string dealId) => book.Deals
        .Where(deal => deal.Id != dealId)
        .SelectMany(deal => deal.Layers)
        .SelectMany(layer => layer.Subject)
        .Any(term => term.Layer?.StartsWith(dealId + "/", StringComparison.Ordinal) == true);

    /// <summary>The same book with amounts, rates and factors in which sums do not round.</summary>
    public static Book WithoutRounding(this Book book) => book with
    {
        Fx = book.Fx.ToDictionary(rate => rate.Key, rate => rate.Key == "GBP" ? 2.0 : 0.5),
        Elts = [.. book.Elts.Select(elt => elt with { Rows = [.. elt.Rows.Select(row => row with { MeanLoss = Math.Floor(row.MeanLoss) % 1e6 })] })],
        Deals = [.. book.Deals.Select(deal => deal with { Layers = [.. deal.Layers.Select(WithoutRounding)] })],
    };

    private static Layer WithoutRounding(Layer layer) => layer with
    {
        Subject = [.. layer.Subject.Select(term => term with { Factor = term.Factor < 0 ? -1 : 1 })],
        OccurrenceRetention = Math.Floor(layer.OccurrenceRetention),
        OccurrenceLimit = layer.OccurrenceLimit is { } limit ? Math.Ceiling(limit) : null,
        AggregateRetention = Math.Floor(layer.AggregateRetention),
        AggregateLimit = layer.AggregateLimit is { } aggregate ? Math.Floor(aggregate) : null,
        Franchise = Math.Floor(layer.Franchise),
        Share = layer.Share is 0 or 1 ? layer.Share : 0.5,
        Reinstatements = [],
    };
}
