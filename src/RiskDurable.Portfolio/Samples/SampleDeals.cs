using System.Globalization;
using RiskDurable.Kernel;
using RiskDurable.Portfolio.Model;

namespace RiskDurable.Portfolio.Samples;

/// <summary>Draws the deals of a sample: towers, quota shares, aggregate and franchise covers, with inuring and bought covers.</summary>
internal sealed class SampleDeals(SampleBook book, SampleLayers layers, SampleOptions options)
{
    /// <summary>A book of fewer deals has no retro.</summary>
    public const int FewestDealsForRetro = 8;

    private static readonly (string Name, double Share)[] LinesOfBusiness =
        [("property", 0.55), ("engineering", 0.2), ("marine", 0.15), ("agriculture", 0.1)];

    // The turns of a kind; their number has no divisor in common with that of territories, so that all pairs occur.
    private static readonly DealKind[] Turns =
    [
        DealKind.Tower, DealKind.QuotaShare, DealKind.Tower, DealKind.Aggregate, DealKind.TowerNetOfCover, DealKind.Tower, DealKind.Franchise,
        DealKind.Tower, DealKind.NetOfOtherDeal, DealKind.Tower, DealKind.CededQuotaShare, DealKind.Tower, DealKind.QuotaShare, DealKind.Tower,
        DealKind.TowerNetOfQuotaShare, DealKind.Aggregate, DealKind.Tower, DealKind.CededExcess, DealKind.Tower,
    ];

    public Deal Draw(int index)
    {
        bool isRetro = index == options.Deals - 1 && options.Deals >= FewestDealsForRetro;
        Territory territory = isRetro ? Territory.America : Territory.OfDeal(index);
        DealKind kind = isRetro ? DealKind.Retro : Turns[index % Turns.Length];
        var random = new SampleRandom(options.Seed, SampleStream.Deal, index);
        string id = string.Create(CultureInfo.InvariantCulture, $"D{index + 1:D5}");
        bool buys = kind is DealKind.CededQuotaShare or DealKind.CededExcess;
        if ((buys && book.Assumed(territory).Count < 2) || (kind == DealKind.NetOfOtherDeal && FindTower(territory) is null))
        {
            (kind, buys) = (DealKind.Tower, false);
        }

        string region = territory.Regions[random.Below(territory.Regions.Count)];
        string line = buys || isRetro ? "outwards" : DrawLine(random);
        string cedant = string.Create(CultureInfo.InvariantCulture, $"Cedant {random.Below(Math.Max(1, options.Deals / 4)) + 1:D3}");
        var tags = new Dictionary<string, string>(StringComparer.Ordinal) { ["lob"] = line, ["region"] = region };
        if (!buys && !isRetro)
        {
            tags["cedant"] = cedant;
        }

        List<Layer> drawn = DrawLayers(kind, id, territory, random);
        var deal = new Deal(id, isRetro ? "Whole account retro" : $"{region} {NameOf(kind)}", territory.Currency, tags, drawn);
        book.AddDeal(deal, territory);
        return deal;
    }

    private List<Layer> DrawLayers(DealKind kind, string id, Territory territory, SampleRandom random) => kind switch
    {
        DealKind.QuotaShare => [layers.QuotaShare(random, DrawSubject(territory, random))],
        DealKind.Aggregate => [layers.Aggregate(random, DrawSubject(territory, random))],
        DealKind.Franchise => [layers.Franchise(random, DrawSubject(territory, random))],
        DealKind.TowerNetOfCover => NetOfOwnCover(id, territory, random, isQuotaShare: false),
        DealKind.TowerNetOfQuotaShare => NetOfOwnCover(id, territory, random, isQuotaShare: true),
        DealKind.NetOfOtherDeal => layers.Tower(random, NetOf(FindTower(territory)!)),
        DealKind.CededQuotaShare => [layers.CededQuotaShare(random, OwnBusiness(territory, random))],
        DealKind.CededExcess => layers.CededExcess(random, OwnBusiness(territory, random)),
        DealKind.Retro => [layers.Retro(WholeAccount(territory))],
        _ => layers.Tower(random, DrawSubject(territory, random)),
    };

    private List<SubjectTerm> DrawSubject(Territory territory, SampleRandom random)
    {
        int first = random.Below(territory.Perils.Count);
        var subject = new List<SubjectTerm> { new(book.AddElt(territory.Perils[first], territory), null, 1) };
        if (random.Chance(0.4))
        {
            // The second peril's model is loaded or discounted by the underwriter.
            int second = (first + 1 + random.Below(territory.Perils.Count - 1)) % territory.Perils.Count;
            double loading = Math.Floor(random.Between(16, 25)) / 20;
            subject.Add(new SubjectTerm(book.AddElt(territory.Perils[second], territory), null, loading));
        }

        return subject;
    }

    private List<Layer> NetOfOwnCover(string id, Territory territory, SampleRandom random, bool isQuotaShare)
    {
        List<SubjectTerm> gross = DrawSubject(territory, random);
        Layer cover = isQuotaShare ? SampleLayers.MemoQuotaShare(gross) : layers.MemoExcess(gross);
        book.AddLayer(id, cover);
        double ceded = isQuotaShare ? Math.Floor(random.Between(2, 9)) / 20 : 1;
        return [cover, .. layers.Tower(random, [.. gross, new SubjectTerm(null, new LayerId(id, cover.Id), -ceded)])];
    }

    private static List<SubjectTerm> NetOf(Deal tower) =>
        [.. tower.Layers[0].Subject, new SubjectTerm(null, new LayerId(tower.Id, tower.Layers[0].Id), -1)];

    private Deal? FindTower(Territory territory) => book.Assumed(territory)
        .LastOrDefault(deal => deal.Layers.Count >= 3 && deal.Layers[0].Subject.All(term => term.Elt is not null) && deal.Layers[0].Id == "L1");

    private List<SubjectTerm> OwnBusiness(Territory territory, SampleRandom random)
    {
        IReadOnlyList<Deal> candidates = book.Assumed(territory);
        int count = Math.Min(candidates.Count, 2 + random.Below(4));
        int start = random.Below(candidates.Count - count + 1);
        return [.. candidates.Skip(start).Take(count).SelectMany(OurShares)];
    }

    private List<SubjectTerm> WholeAccount(Territory territory) =>
        [.. book.Layers
            .Where(entry => entry.Value.Position != LayerPosition.Memo && IsIn(territory, entry.Key.Deal))
            .Select(entry => new SubjectTerm(null, entry.Key, entry.Value.Position.Sign() * entry.Value.Share))];

    private static bool IsIn(Territory territory, string deal) =>
        Territory.OfDeal(int.Parse(deal.AsSpan(1), CultureInfo.InvariantCulture) - 1) == territory;

    private static IEnumerable<SubjectTerm> OurShares(Deal deal) => deal.Layers
        .Where(layer => layer.Position == LayerPosition.Assumed)
        .Select(layer => new SubjectTerm(null, new LayerId(deal.Id, layer.Id), layer.Share));

    private static string DrawLine(SampleRandom random)
    {
        double u = random.Unit();
        foreach ((string name, double share) in LinesOfBusiness)
        {
            u -= share;
            if (u < 0)
            {
                return name;
            }
        }

        return LinesOfBusiness[0].Name;
    }

    private static string NameOf(DealKind kind) => kind switch
    {
        DealKind.QuotaShare => "quota share",
        DealKind.Aggregate => "aggregate excess",
        DealKind.Franchise => "franchise cover",
        DealKind.CededQuotaShare => "ceded quota share",
        DealKind.CededExcess => "ceded excess of loss",
        DealKind.NetOfOtherDeal => "excess of loss, net of another deal",
        DealKind.TowerNetOfCover or DealKind.TowerNetOfQuotaShare => "excess of loss, net of the cedant's cover",
        _ => "excess of loss",
    };

    private enum DealKind
    {
        Tower,
        QuotaShare,
        Aggregate,
        Franchise,
        TowerNetOfCover,
        TowerNetOfQuotaShare,
        NetOfOtherDeal,
        CededQuotaShare,
        CededExcess,
        Retro,
    }
}
