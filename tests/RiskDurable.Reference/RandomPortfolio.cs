namespace RiskDurable.Reference;

/// <summary>
/// Small portfolios that visit the corners of the definitions: any dependency graph without a cycle, amounts that bind or cancel, years
/// without events. The same seed and size always make the same book.
/// </summary>
public static class RandomPortfolio
{
    private static readonly string[] TagValues =
        ["property", "marine", "US", "EU", "50% quota", "a/b", "x=y", "%2F", "Zürich", "東京", "🌀 wind", "comma, value", "say \"hi\"", "", "z"];

    private static readonly string[] TagNames = ["lob", "region", "peril", "unit"];

    public static Book Create(int seed, PortfolioSize? size = null)
    {
        size ??= PortfolioSize.Small;
        var random = new Random(seed);
        int trials = size.MinTrials == 1 && random.Chance(0.15) ? random.Next(1, 6) : random.Next(size.MinTrials, size.MaxTrials + 1);
        string currency = random.Pick("USD", "USD", "EUR");
        var fx = new Dictionary<string, double>
        {
            [currency == "USD" ? "EUR" : "USD"] = random.Pick(1.08, 0.5, 0.91234567),
            ["GBP"] = random.Pick(1.27, 2, 1.3333333),
            ["JPY"] = 0.0067,
        };
        string[] currencies = random.Chance(0.2) ? [currency] : [currency, .. fx.Keys.Where(key => key != "JPY" || random.Chance(0.2))];
        var amounts = new Amounts(random, Whole: random.Chance(0.6));

        long[] events = Events(random, size.MaxEvents);
        List<YetRow> yet = Yet(random, size, trials, events);
        List<LossTable> elts = Elts(random, size.MaxElts, amounts, events, currencies);
        string[] rollup = [.. TagNames.Take(random.Next(0, 4))];
        List<Deal> skeleton = Deals(random, size.MaxDeals, currencies, rollup);
        var layers = new RandomLayers(random, amounts, elts, skeleton, code => code == currency ? 1 : fx[code], size.MaxLayersPerDeal);
        (List<Deal> deals, List<string> inured) = layers.Create();

        return new Book
        {
            Id = $"random-{seed}",
            Currency = currency,
            Fx = fx,
            Trials = trials,
            Yet = yet,
            Elts = elts,
            Rollup = rollup,
            Deals = deals,
            FullyInured = inured,
        };
    }

    private static long[] Events(Random random, int max)
    {
        int count = random.Next(1, max + 1);
        return random.Next(3) switch
        {
            0 => [.. Enumerable.Range(1, count).Select(id => (long)id)],
            1 => [.. Enumerable.Range(0, count).Select(i => 9_007_199_254_740_993L + (3 * i)).Order(random)],
            _ => [.. Enumerable.Range(0, count).Select(_ => random.NextInt64(long.MinValue, long.MaxValue)).Append(0).Distinct()],
        };
    }

    private static List<YetRow> Yet(Random random, PortfolioSize size, int trials, long[] events)
    {
        double quiet = random.Pick(0, 0.2, 0.8, random.Chance(0.1) ? 1 : 0.1);
        bool wholeDays = random.Chance(0.5);
        int span = random.Pick(2, 365);
        int most = random.Next(1, size.MaxEventsPerTrial + 1);
        var rows = new List<YetRow>();
        for (int trial = 1; trial <= trials; trial++)
        {
            int count = random.Chance(quiet) ? 0 : random.Next(1, most + 1);
            for (int i = 0; i < count; i++)
            {
                double day = wholeDays ? random.Next(0, span) : Math.Round(random.NextDouble() * span, random.Pick(2, 15));
                rows.Add(new YetRow(trial, random.Pick(events), day));
            }
        }

        return random.Chance(0.4) ? rows : [.. rows.Order(random)];
    }

    private static List<LossTable> Elts(Random random, int max, Amounts amounts, long[] events, string[] currencies)
    {
        var elts = new List<LossTable>();
        int count = random.Next(1, max + 1);
        for (int i = 0; i < count; i++)
        {
            var rows = new List<LossRow>();
            double density = random.Pick(0, 0.1, 0.5, 1, 1);
            foreach (long id in events.Where(_ => random.Chance(density)))
            {
                int repeats = random.Chance(0.1) ? random.Next(2, 4) : 1;
                rows.AddRange(Enumerable.Range(0, repeats).Select(_ => new LossRow(id, random.Chance(0.05) ? 0 : amounts.Severity())));
            }

            if (random.Chance(0.3))
            {
                rows.AddRange(Enumerable.Range(0, 5).Select(_ => new LossRow(random.NextInt64(1L << 40, 1L << 41), amounts.Severity())));
            }

            elts.Add(new LossTable($"E{i + 1}", random.Pick(currencies), random.Chance(0.5) ? rows : [.. rows.Order(random)]));
        }

        return elts;
    }

    private static List<Deal> Deals(Random random, int max, string[] currencies, string[] rollup)
    {
        int count = random.Next(1, max + 1);
        string[] values = [.. TagValues.Order(random).Take(random.Next(1, 4))];
        var deals = new List<Deal>();
        for (int i = 0; i < count; i++)
        {
            var tags = new Dictionary<string, string>();
            foreach (string name in rollup.Append("unused").Where(_ => random.Chance(0.85)))
            {
                tags[name] = random.Pick(values);
            }

            deals.Add(new Deal($"D{random.Next(1, 10)}{(char)('a' + i)}", random.Pick(currencies), tags, []));
        }

        return deals;
    }
}
