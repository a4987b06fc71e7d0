using RiskDurable.Execution.Packing;
using RiskDurable.Kernel;
using RiskDurable.Portfolio.Model;

namespace RiskDurable.Execution.Tests;

/// <summary>Random deals that refer to one another, and a manifest for them: enough to plan, nothing to run.</summary>
internal static class RandomBook
{
    private static readonly string[] Currencies = ["USD", "EUR", "GBP"];

    public static List<Deal> Deals(Random random, int count, bool oneCurrencyASubject)
    {
        var deals = new List<Deal>();
        for (int i = 0; i < count; i++)
        {
            deals.Add(NewDeal(random, $"D{i:000}", deals, oneCurrencyASubject));
        }

        return deals;
    }

    public static Deal NewDeal(Random random, string id, IReadOnlyList<Deal> upstream, bool oneCurrencyASubject)
    {
        string currency = Currencies[random.Next(3)];
        var layers = new List<Layer>();
        for (int i = 0; i <= random.Next(3); i++)
        {
            List<SubjectTerm> subject = [new SubjectTerm($"{(oneCurrencyASubject ? currency : Currencies[random.Next(3)])}{random.Next(4)}", null, 1)];
            Deal[] candidates = [.. upstream.Where(deal => !oneCurrencyASubject || deal.Currency == currency)];
            if (candidates.Length > 0 && random.Next(3) == 0)
            {
                Deal other = candidates[random.Next(candidates.Length)];
                subject.Add(new SubjectTerm(null, new LayerId(other.Id, other.Layers[random.Next(other.Layers.Count)].Id), -0.5));
            }

            layers.Add(new Layer(
                $"L{i}", subject, LayerTerms.GroundUp with { OccurrenceLimit = random.Next(1, 1000) }, random.NextDouble(), LayerPosition.Assumed, 1000, []));
        }

        return new Deal(id, $"Deal {id}", currency, new Dictionary<string, string> { ["lob"] = $"lob{random.Next(3)}" }, layers);
    }

    public static PortfolioManifest Manifest(IReadOnlyList<Deal> deals, int bundles = 8, double eur = 1.08) => new(
        PortfolioManifest.CurrentSchema,
        "random",
        "Random book",
        "USD",
        new Dictionary<string, double> { ["USD"] = 1, ["EUR"] = eur, ["GBP"] = 1.27 },
        2000,
        ["lob"],
        bundles,
        1000,
        2000,
        [new PackedBlock(0, 1000, 1000, 100, Hash("block0")), new PackedBlock(1000, 1000, 1000, 100, Hash("block1"))],
        [.. Currencies.SelectMany(currency => Enumerable.Range(0, 4).Select(i => new PackedElt($"{currency}{i}", currency, 10, Hash($"{currency}{i}"))))],
        Hash("deals"),
        deals.Count,
        deals.Sum(deal => deal.Layers.Count));

    public static string Hash(string text) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));
}
