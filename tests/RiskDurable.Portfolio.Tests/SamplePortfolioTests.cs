using RiskDurable.Kernel;
using RiskDurable.Portfolio.Files;
using RiskDurable.Portfolio.Model;
using RiskDurable.Portfolio.Reading;
using RiskDurable.Portfolio.Samples;
using RiskDurable.Portfolio.Tables;

namespace RiskDurable.Portfolio.Tests;

public sealed class SamplePortfolioTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("riskdurable-sample-").FullName;

    [Fact]
    public void The_same_options_give_the_same_bytes_and_another_seed_others()
    {
        var options = new SampleOptions { Deals = 12, Trials = 300, EventsPerTrial = 20, Seed = 5 };
        Dictionary<string, byte[]> first = WriteAndLoad("a", options);
        Dictionary<string, byte[]> second = WriteAndLoad("b", options);
        Assert.Equal(first.Keys.Order(), second.Keys.Order());
        Assert.All(first, file => Assert.True(file.Value.AsSpan().SequenceEqual(second[file.Key]), file.Key));
        Dictionary<string, byte[]> other = WriteAndLoad("c", options with { Seed = 6 });
        Assert.False(other["yet.parquet"].AsSpan().SequenceEqual(first["yet.parquet"]));
    }

    [Fact]
    public void A_seed_means_the_same_on_every_machine()
    {
        // Pinned when the generator was written: a change of these numbers changes everyone's samples.
        var random = new SampleRandom(1, SampleStream.Year, 2);
        Assert.Equal(
            [0.12922169173816556, 0.32336037205553009, 1.4417445436127831, 2.6273084223188761, 2.0872892169663242],
            [random.Unit(), random.Normal(), random.Exponential(), random.Gamma(2), random.Pareto(1.2)]);
        Assert.Equal((87, 719), (random.Poisson(100), random.Below(1000)));
    }

    [Fact]
    public void The_portable_functions_agree_with_the_runtimes()
    {
        for (double x = -40; x < 40; x += 0.37)
        {
            Assert.Equal(1, PortableMath.Exp(x) / Math.Exp(x), 14);
        }

        for (double x = 1e-12; x < 1e12; x *= 1.7)
        {
            Assert.Equal(Math.Log(x), PortableMath.Log(x), 13);
        }
    }

    [Fact]
    public void CSV_and_Parquet_hold_the_same_tables()
    {
        var options = new SampleOptions { Deals = 9, Trials = 200, EventsPerTrial = 20, Seed = 3 };
        (FolderFiles csv, PortfolioDefinition fromCsv) = Write("csv", options with { Format = SampleFormat.Csv });
        (FolderFiles parquet, PortfolioDefinition fromParquet) = Write("parquet", options);
        Assert.Equal(fromParquet.Elts.Keys, fromCsv.Elts.Keys);
        foreach (string id in fromCsv.Elts.Keys)
        {
            EventLossTable a = EltReader.Read(csv, fromCsv.Elts[id]);
            EventLossTable b = EltReader.Read(parquet, fromParquet.Elts[id]);
            Assert.True(a.EventIds.AsSpan().SequenceEqual(b.EventIds), id);
            Assert.True(a.MeanLosses.AsSpan().SequenceEqual(b.MeanLosses), id);
            Assert.Equal(a.Uncertainty is null, b.Uncertainty is null);
            if (a.Uncertainty is not null)
            {
                Assert.True(a.Uncertainty.SdIndependent.AsSpan().SequenceEqual(b.Uncertainty!.SdIndependent), id);
                Assert.True(a.Uncertainty.SdCorrelated.AsSpan().SequenceEqual(b.Uncertainty.SdCorrelated), id);
                Assert.True(a.Uncertainty.Exposure.AsSpan().SequenceEqual(b.Uncertainty.Exposure), id);
            }
        }

        Assert.Equal(Occurrences(csv, fromCsv), Occurrences(parquet, fromParquet));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(51)]
    public void Any_number_of_deals_gives_a_sound_portfolio(int deals)
    {
        (_, PortfolioDefinition portfolio) = Write("p", new SampleOptions { Deals = deals, Trials = 10, EventsPerTrial = 3, Seed = deals });
        Assert.Equal(deals, portfolio.Deals.Count);
        Assert.Equal(deals > 50, File.Exists(Path.Combine(_folder, "p", "deals.jsonl")));
    }

    [Fact]
    public void A_book_has_what_real_books_have()
    {
        (FolderFiles files, PortfolioDefinition portfolio) = Write("p", new SampleOptions { Deals = 80, Trials = 500, EventsPerTrial = 60 });
        Layer[] layers = [.. portfolio.Deals.SelectMany(deal => deal.Layers)];
        Assert.Equal(["EUR", "GBP", "USD"], portfolio.Deals.Select(deal => deal.Currency).Distinct().Order());
        Assert.Contains(portfolio.Deals, deal => deal.Layers.Count >= 3 && IsTower(deal));
        Assert.Contains(layers, layer => layer.Terms.AggregateRetention > 0);
        Assert.Contains(layers, layer => layer.Terms.Franchise > 0);
        Assert.Contains(layers, layer => layer.Reinstatements.Any(r => r.Rate > 0));
        Assert.Contains(layers, layer => layer.Position == LayerPosition.Memo);
        Assert.Contains(portfolio.Deals, deal => deal.Layers.Any(layer => layer.Subject.Any(term => term.Layer?.Deal == deal.Id && term.Factor < 0)));
        Assert.Contains(portfolio.Deals, deal =>
            deal.Layers.Any(layer => layer.Position == LayerPosition.Assumed && layer.Subject.Any(term => term.Layer is not null && term.Layer.Value.Deal != deal.Id)));
        Assert.True(layers.Count(layer => layer.Position == LayerPosition.Ceded) >= 5);
        Assert.Equal(["lob", "region"], portfolio.Rollup);
        Assert.True(portfolio.Deals.Select(deal => (deal.Tags["lob"], deal.Tags["region"])).Distinct().Count() > 10);

        Deal retro = portfolio.Deals.MaxBy(deal => deal.Layers.Max(layer => layer.Subject.Count))!;
        Layer cover = Assert.Single(retro.Layers);
        Assert.Equal(("USD", LayerPosition.Ceded), (retro.Currency, cover.Position));
        double covered = cover.Subject.Select(term => term.Layer!.Value.Deal).Distinct().Count() / (double)portfolio.Deals.Count;
        Assert.InRange(covered, 0.4, 0.6);

        EventLossTable[] elts = [.. portfolio.Elts.Values.Select(elt => EltReader.Read(files, elt))];
        Assert.All(elts, elt => Assert.InRange(elt.Count, 1_000, 20_000));
        Assert.InRange(elts.Count(elt => elt.Uncertainty is not null) / (double)elts.Length, 0.1, 0.6);
        Assert.All(elts, elt => Assert.True(elt.MeanLosses.Max() > 20 * elt.MeanLosses.Average()));
    }

    [Fact]
    public void Everything_that_a_deal_refers_to_is_in_its_own_currency()
    {
        (_, PortfolioDefinition portfolio) = Write("p", new SampleOptions { Deals = 80, Trials = 10, EventsPerTrial = 5 });
        Dictionary<string, string> currency = portfolio.Deals.ToDictionary(deal => deal.Id, deal => deal.Currency);
        foreach (Deal deal in portfolio.Deals)
        {
            foreach (SubjectTerm term in deal.Layers.SelectMany(layer => layer.Subject))
            {
                Assert.Equal(deal.Currency, term.Elt is null ? currency[term.Layer!.Value.Deal] : portfolio.Elts[term.Elt].Currency);
            }
        }
    }

    [Fact]
    public void Layers_attach_as_often_as_real_ones_and_their_premiums_follow_their_losses()
    {
        const int Trials = 4000;
        (FolderFiles files, PortfolioDefinition portfolio) = Write("p", new SampleOptions { Deals = 30, Trials = Trials, EventsPerTrial = 50 });
        (int Trial, long Event, double Day)[] years = Occurrences(files, portfolio);
        int layers = 0;
        foreach (Deal deal in portfolio.Deals.Where(deal => IsTower(deal) && deal.Layers.All(layer => layer.Subject.All(term => term.Elt is not null))))
        {
            Dictionary<long, double> losses = SubjectLosses(files, portfolio, deal.Layers[0]);
            foreach (Layer layer in deal.Layers)
            {
                double[] annual = AnnualLosses(layer, losses, years, Trials);
                double rateOnLine = layer.Premium / layer.Terms.OccurrenceLimit;
                Assert.InRange(rateOnLine, 0.018, 0.33);
                Assert.InRange(annual.Count(loss => loss > 0) / (double)Trials, 0.0005, 0.25);
                double ratio = annual.Average() / layer.Premium;
                Assert.True(ratio < 1.1, $"{deal.Id}/{layer.Id}: expected loss is {ratio:P0} of the premium");
                layers++;
            }
        }

        Assert.True(layers > 20);
    }

    [Fact]
    public void Years_have_seasons_clusters_and_uneven_events()
    {
        const int Trials = 5000;
        (FolderFiles files, PortfolioDefinition portfolio) = Write("p", new SampleOptions { Deals = 1, Trials = Trials, EventsPerTrial = 40 });
        (int Trial, long Event, double Day)[] years = Occurrences(files, portfolio);
        Assert.InRange(years.Length / (double)Trials, 38, 42);
        Assert.All(years, row => Assert.InRange(row.Day, 1, 366));

        // The first peril is the US hurricane: August to October is day 213 to 304.
        var hurricanes = years.Where(row => row.Event / Peril.IdsPerPeril == 1).ToArray();
        Assert.True(hurricanes.Count(row => row.Day is >= 213 and < 305) > 0.8 * hurricanes.Length);
        double[] counts = new double[Trials];
        foreach ((int trial, _, _) in hurricanes)
        {
            counts[trial - 1]++;
        }

        double mean = counts.Average();
        double variance = counts.Sum(count => (count - mean) * (count - mean)) / (Trials - 1);
        Assert.InRange(mean, 3.7, 4.3);
        Assert.True(variance > 1.5 * mean, $"counts vary like Poisson: mean {mean}, variance {variance}");

        int[] perEvent = [.. hurricanes.CountBy(row => row.Event).Select(pair => pair.Value).OrderDescending()];
        Assert.True(perEvent.Take(perEvent.Length / 10).Sum() > 0.3 * hurricanes.Length);
        Assert.Contains(years.Zip(years.Skip(1)), pair => pair.First.Trial == pair.Second.Trial && pair.First.Day == pair.Second.Day);
    }

    [Fact]
    public void A_folder_that_is_not_empty_is_left_alone_unless_it_may_be_overwritten()
    {
        var options = new SampleOptions { Deals = 2, Trials = 10, EventsPerTrial = 2 };
        string folder = Path.Combine(_folder, "p");
        SamplePortfolio.Write(folder, options with { Format = SampleFormat.Csv }, cancellationToken: TestContext.Current.CancellationToken);
        File.WriteAllText(Path.Combine(folder, "notes.txt"), "mine");
        string problem = Assert.Single(PortfolioFolder.ProblemsOf(() => SamplePortfolio.Write(folder, options)));
        Assert.Contains("The folder is not empty", problem, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, "yet.csv")));

        SamplePortfolio.Write(folder, options with { Overwrite = true }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(["notes.txt", "portfolio.json", "yet.parquet"], Directory.GetFiles(folder).Select(Path.GetFileName).Order());
        Assert.All(Directory.GetFiles(Path.Combine(folder, "elts")), file => Assert.EndsWith(".parquet", file, StringComparison.Ordinal));
        PortfolioReader.Read(new FolderFiles(folder));
    }

    [Fact]
    public void Stopping_leaves_nothing_behind()
    {
        using var stop = new CancellationTokenSource();
        var options = new SampleOptions { Deals = 20, Trials = 100_000, EventsPerTrial = 5 };
        Assert.Throws<OperationCanceledException>(() => SamplePortfolio.Write(
            Path.Combine(_folder, "p"), options, new StopAt("Years", stop), stop.Token));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Theory]
    [InlineData(0, 10, 1.0, "--deals")]
    [InlineData(10, 0, 1.0, "--trials")]
    [InlineData(10, 10, 0.0, "--events-per-trial")]
    [InlineData(10, 10, double.NaN, "--events-per-trial")]
    public void Options_out_of_range_are_refused(int deals, int trials, double events, string name)
    {
        var options = new SampleOptions { Deals = deals, Trials = trials, EventsPerTrial = events };
        Assert.StartsWith(
            name,
            Assert.Single(PortfolioFolder.ProblemsOf(() => SamplePortfolio.Write(Path.Combine(_folder, "p"), options))),
            StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static bool IsTower(Deal deal)
    {
        Layer[] layers = [.. deal.Layers.Where(layer => layer.Position == LayerPosition.Assumed)];
        return layers.Length >= 3 && layers.Zip(layers.Skip(1)).All(pair =>
            pair.First.Terms.OccurrenceRetention + pair.First.Terms.OccurrenceLimit == pair.Second.Terms.OccurrenceRetention);
    }

    private static Dictionary<long, double> SubjectLosses(FolderFiles files, PortfolioDefinition portfolio, Layer layer)
    {
        var losses = new Dictionary<long, double>();
        foreach (SubjectTerm term in layer.Subject)
        {
            EventLossTable elt = EltReader.Read(files, portfolio.Elts[term.Elt!]);
            for (int i = 0; i < elt.Count; i++)
            {
                losses[elt.EventIds[i]] = losses.GetValueOrDefault(elt.EventIds[i]) + (term.Factor * elt.MeanLosses[i]);
            }
        }

        return losses;
    }

    private static double[] AnnualLosses(Layer layer, Dictionary<long, double> losses, (int Trial, long Event, double Day)[] years, int trials)
    {
        double[] annual = new double[trials];
        foreach ((int trial, long id, _) in years)
        {
            if (losses.TryGetValue(id, out double loss))
            {
                annual[trial - 1] = Math.Min(annual[trial - 1] + layer.Terms.ApplyOccurrenceTerms(loss), layer.Terms.AggregateLimit);
            }
        }

        return annual;
    }

    private static (int Trial, long Event, double Day)[] Occurrences(FolderFiles files, PortfolioDefinition portfolio)
    {
        var rows = new List<(int, long, double)>();
        foreach (YetBatch batch in YetReader.Read(files, portfolio.YetFile, portfolio.Trials))
        {
            for (int i = 0; i < batch.Count; i++)
            {
                rows.Add((batch.Trial[i], batch.EventId[i], batch.Day[i]));
            }
        }

        return [.. rows];
    }

    private (FolderFiles Files, PortfolioDefinition Portfolio) Write(string name, SampleOptions options)
    {
        string folder = Path.Combine(_folder, name);
        SamplePortfolio.Write(folder, options, cancellationToken: TestContext.Current.CancellationToken);
        var files = new FolderFiles(folder);
        return (files, PortfolioReader.Read(files));
    }

    private Dictionary<string, byte[]> WriteAndLoad(string name, SampleOptions options)
    {
        Write(name, options);
        string folder = Path.Combine(_folder, name);
        return Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .ToDictionary(path => Path.GetRelativePath(folder, path), File.ReadAllBytes);
    }

    private sealed class StopAt(string stage, CancellationTokenSource stop) : IProgress<SampleProgress>
    {
        public void Report(SampleProgress value)
        {
            if (value.Stage == stage)
            {
                stop.Cancel();
            }
        }
    }
}
