using CsCheck;
using RiskDurable.Execution.Packing;
using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Storage;
using RiskDurable.Kernel;
using RiskDurable.Portfolio.Model;

namespace RiskDurable.Execution.Tests;

public sealed class JobKeyTests
{
    // CsCheck prints the seed of a case that fails.
    [Fact]
    public void An_edit_changes_the_keys_of_the_deals_bundle_and_of_what_depends_on_it_and_no_others() => Gen.Int[0, int.MaxValue - 1].Sample(
        seed =>
        {
            var random = new Random(seed);
            List<Deal> before = RandomBook.Deals(random, random.Next(2, 40), oneCurrencyASubject: false);
            (List<Deal> after, string edited) = Edit(random, before);
            HashSet<string> affected = [.. WithDependants(before, edited), .. WithDependants(after, edited)];
            RollupPlan oldPlan = Plan(before);
            RollupPlan newPlan = Plan(after);
            HashSet<ObjectKey> oldKeys = [.. MapKeys(oldPlan)];
            HashSet<ObjectKey> newKeys = [.. MapKeys(newPlan)];

            // Where a deal was, or is: a deal that changes its level leaves one bundle and joins another.
            HashSet<(int, int)> mayChange = [.. new[] { oldPlan, newPlan }
                .SelectMany(plan => plan.Bundles)
                .Where(bundle => bundle.Deals.Any(deal => affected.Contains(deal.Deal.Id)))
                .Select(bundle => (bundle.Level, bundle.Bucket))];
            Assert.All(newPlan.Bundles.Where(bundle => !oldKeys.Contains(newPlan.MapKey(bundle.Index, 0))), bundle => Assert.Contains((bundle.Level, bundle.Bucket), mayChange));
            Assert.All(oldPlan.Bundles.Where(bundle => !newKeys.Contains(oldPlan.MapKey(bundle.Index, 0))), bundle => Assert.Contains((bundle.Level, bundle.Bucket), mayChange));
        },
        iter: 500);

    [Fact]
    public void A_change_of_terms_does_change_the_keys_of_the_deal_and_of_its_dependants() => Gen.Int[0, int.MaxValue - 1].Sample(
        seed =>
        {
            var random = new Random(seed);
            List<Deal> before = RandomBook.Deals(random, 20, oneCurrencyASubject: false);
            int number = random.Next(before.Count);
            List<Deal> after = [.. before];
            after[number] = WithLimit(before[number], 5000);
            HashSet<string> changed = [.. LayerKeys(Plan(before)).Except(LayerKeys(Plan(after))).Select(layer => layer.Layer.Deal)];
            Assert.Equal(DependantsThroughFirstLayer(before, number).Order(), changed.Order());
        },
        iter: 200);

    [Fact]
    public void How_losses_are_drawn_is_in_every_key()
    {
        List<Deal> deals = RandomBook.Deals(new Random(21), 20, oneCurrencyASubject: false);
        RollupPlan[] plans = [.. new LossSampling?[] { null, new(1), new(2) }
            .Select(sampling => RollupPlan.Create(RandomBook.Manifest(deals), deals, RollupSettings.Default with { Sampling = sampling }))];
        ObjectKey[] keys = [.. plans.SelectMany(plan => MapKeys(plan).Append(plan.ReduceKey(0)).Append(plan.ReportKey(0)))];
        Assert.Equal(keys.Length, keys.Distinct().Count());
    }

    [Fact]
    public void The_id_of_an_ELT_counts_only_where_losses_are_drawn()
    {
        var deal = new Deal("D", "Deal", "USD", new Dictionary<string, string>(), [new Layer("L", [new SubjectTerm("USD0", null, 1)], LayerTerms.GroundUp, 1, LayerPosition.Assumed, 0, [])]);
        Deal renamed = deal with { Layers = [deal.Layers[0] with { Subject = [new SubjectTerm("USD1", null, 1)] }] };
        foreach (LossSampling? sampling in new[] { null, new LossSampling(1) })
        {
            string[] hashes = [.. new[] { deal, renamed }.Select(each =>
            {
                PortfolioManifest manifest = RandomBook.Manifest([each]);
                manifest = manifest with { Elts = [.. manifest.Elts.Select(elt => elt with { Hash = RandomBook.Hash("same") })] };
                return RollupPlan.Create(manifest, [each], RollupSettings.Default with { Sampling = sampling }).MapKey(0, 0).Hash;
            })];
            Assert.Equal(sampling is null, hashes[0] == hashes[1]);
        }
    }

    [Fact]
    public void How_deep_results_go_decides_whether_years_of_deals_are_kept_and_changes_no_other_key_below_the_reports()
    {
        List<Deal> deals = RandomBook.Deals(new Random(3), 40, oneCurrencyASubject: false);
        RollupPlan tags = RollupPlan.Create(RandomBook.Manifest(deals), deals, RollupSettings.Default with { Depth = ReportDepth.Tags });
        RollupPlan layers = Plan(deals);
        Assert.Equal(MapKeys(layers), MapKeys(tags));
        Assert.Equal(layers.ReduceKey(0), tags.ReduceKey(0));
        Assert.All(layers.Bundles, bundle => Assert.Equal(layers.RecoveriesKey(bundle.Index, 0), tags.RecoveriesKey(bundle.Index, 0)));
        Assert.All(layers.Bundles, bundle => Assert.Null(tags.YearsKey(bundle.Index, 0)));
        ObjectKey[] years = [.. layers.Bundles.Select(bundle => layers.YearsKey(bundle.Index, 0)!.Value)];
        Assert.Equal(years.Length, years.Concat(MapKeys(layers)).Select(key => key.Hash).Distinct().Count() - MapKeys(layers).Count());
    }

    [Fact]
    public void New_reporting_rates_change_no_map_key_but_every_reduce_key()
    {
        var random = new Random(11);
        List<Deal> deals = RandomBook.Deals(random, 60, oneCurrencyASubject: true);
        RollupPlan old = Plan(deals);
        RollupPlan updated = RollupPlan.Create(RandomBook.Manifest(deals, eur: 1.11), deals, RollupSettings.Default);
        Assert.Equal(MapKeys(old), MapKeys(updated));
        Assert.NotEqual(old.ReduceKey(0), updated.ReduceKey(0));
    }

    [Fact]
    public void New_rates_change_the_map_keys_of_subjects_that_mix_currencies_and_of_no_others()
    {
        List<Deal> deals = RandomBook.Deals(new Random(12), 60, oneCurrencyASubject: false);
        RollupPlan old = Plan(deals);
        RollupPlan updated = RollupPlan.Create(RandomBook.Manifest(deals, eur: 1.11), deals, RollupSettings.Default);
        HashSet<string> mixed =
        [
            .. deals.Where(deal => deal.Layers.SelectMany(layer => layer.Subject).Any(term => CurrencyOf(deals, term) is var source
                && source != deal.Currency && (source == "EUR" || deal.Currency == "EUR"))).SelectMany(deal => WithDependants(deals, deal.Id)),
        ];
        HashSet<ObjectKey> oldKeys = [.. MapKeys(old)];
        Assert.All(
            updated.Bundles.Where(bundle => !oldKeys.Contains(updated.MapKey(bundle.Index, 0))),
            bundle => Assert.Contains(bundle.Deals, deal => mixed.Contains(deal.Deal.Id)));
        Assert.NotEmpty(mixed);
    }

    [Fact]
    public void Names_and_premiums_without_reinstatements_are_in_no_map_key()
    {
        List<Deal> deals = RandomBook.Deals(new Random(3), 10, oneCurrencyASubject: true);
        List<Deal> renamed = [.. deals.Select(deal => deal with { Name = "New " + deal.Name, Layers = [.. deal.Layers.Select(layer => layer with { Premium = 7 })] })];
        Assert.Equal(MapKeys(Plan(deals)), MapKeys(Plan(renamed)));
        Assert.NotEqual(Plan(deals).ReportKey(1), Plan(renamed).ReportKey(1));
    }

    [Fact]
    public void A_deal_that_begins_to_refer_to_another_one_leaves_the_other_ones_job_key_alone()
    {
        List<Deal> deals = RandomBook.Deals(new Random(5), 6, oneCurrencyASubject: true);
        Deal cover = RandomBook.NewDeal(new Random(6), "Z", [], oneCurrencyASubject: true) with { Currency = deals[0].Currency };
        cover = cover with { Layers = [cover.Layers[0] with { Subject = [new SubjectTerm(null, new LayerId(deals[0].Id, deals[0].Layers[0].Id), 1)] }] };
        RollupPlan with = Plan([.. deals, cover]);
        Assert.Empty(MapKeys(Plan(deals)).Except(MapKeys(with)));
        int referred = with.Bundles.Single(bundle => bundle.Deals.Any(deal => deal.Deal.Id == deals[0].Id)).Index;
        Assert.NotNull(with.RecoveriesKey(referred, 0));
    }

    [Fact]
    public void The_order_of_deals_in_the_file_is_in_no_key()
    {
        List<Deal> deals = RandomBook.Deals(new Random(8), 30, oneCurrencyASubject: false);
        RollupPlan plan = Plan(deals);
        RollupPlan reversed = Plan([.. Enumerable.Reverse(deals)]);
        Assert.Equal(MapKeys(plan), MapKeys(reversed));
        Assert.Equal(plan.ReduceKey(1), reversed.ReduceKey(1));
    }

    private static RollupPlan Plan(IReadOnlyList<Deal> deals) => RollupPlan.Create(RandomBook.Manifest(deals), deals, RollupSettings.Default);

    private static IEnumerable<ObjectKey> MapKeys(RollupPlan plan) =>
        plan.Bundles.SelectMany(bundle => new[] { plan.MapKey(bundle.Index, 0), plan.MapKey(bundle.Index, 1) });

    // By layer: two layers of a deal may have the same terms, and so the same key.
    private static IEnumerable<(LayerId Layer, string Key)> LayerKeys(RollupPlan plan) =>
        plan.Bundles.SelectMany(bundle => bundle.Deals.SelectMany(deal => deal.LayerNumbers.Select((number, position) =>
            (new LayerId(deal.Deal.Id, deal.Deal.Layers[position].Id), bundle.Layers[number].Key))));

    private static (List<Deal> After, string Edited) Edit(Random random, List<Deal> before)
    {
        List<Deal> after = [.. before];
        int number = random.Next(before.Count);
        Deal deal = before[number];
        switch (random.Next(5))
        {
            case 0:
                after.Insert(random.Next(after.Count), RandomBook.NewDeal(random, "New", before, oneCurrencyASubject: false));
                return (after, "New");
            case 1:
                after[number] = WithLimit(deal, random.Next(1, 1000));
                break;
            case 2:
                after[number] = deal with { Tags = new Dictionary<string, string> { ["lob"] = $"lob{random.Next(5)}" } };
                break;
            case 3:
                after[number] = deal with { Layers = [deal.Layers[0] with { Share = random.NextDouble() }, .. deal.Layers.Skip(1)] };
                break;
            default:
                // Other references: another level, perhaps.
                Deal replacement = RandomBook.NewDeal(random, deal.Id, before[..number], oneCurrencyASubject: false);
                after[number] = deal with { Layers = [deal.Layers[0] with { Subject = replacement.Layers[0].Subject }, .. deal.Layers.Skip(1)] };
                break;
        }

        return (after, deal.Id);
    }

    private static Deal WithLimit(Deal deal, double limit) =>
        deal with { Layers = [deal.Layers[0] with { Terms = LayerTerms.GroundUp with { OccurrenceLimit = limit } }, .. deal.Layers.Skip(1)] };

    private static HashSet<string> WithDependants(List<Deal> deals, string edited)
    {
        HashSet<string> found = [edited];
        while (deals.FirstOrDefault(deal => !found.Contains(deal.Id)
            && deal.Layers.SelectMany(layer => layer.Subject).Any(term => term.Layer is { } id && found.Contains(id.Deal))) is { } next)
        {
            found.Add(next.Id);
        }

        return found;
    }

    private static IEnumerable<string> DependantsThroughFirstLayer(List<Deal> deals, int edited)
    {
        HashSet<LayerId> layers = [new LayerId(deals[edited].Id, deals[edited].Layers[0].Id)];
        bool grown = true;
        while (grown)
        {
            grown = false;
            foreach (Deal deal in deals)
            {
                foreach (Layer layer in deal.Layers.Where(layer => layer.Subject.Any(term => term.Layer is { } id && layers.Contains(id))))
                {
                    grown |= layers.Add(new LayerId(deal.Id, layer.Id));
                }
            }
        }

        return layers.Select(layer => layer.Deal).Distinct();
    }

    private static string CurrencyOf(List<Deal> deals, SubjectTerm term) =>
        term.Layer is { } id ? deals.Single(deal => deal.Id == id.Deal).Currency : term.Elt![..3];
}
