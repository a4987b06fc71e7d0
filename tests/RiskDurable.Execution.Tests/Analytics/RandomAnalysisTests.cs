using System.Text.Json;
using RiskDurable.Execution.Analytics;
using RiskDurable.Execution.Results;
using RiskDurable.Reference;

namespace RiskDurable.Execution.Tests.Analytics;

/// <summary>Analyses of random books - dependants, covers, ceded layers, currencies - against full rollups.</summary>
public sealed class RandomAnalysisTests
{
    private const double RelativeRounding = 1e-9;
    private const int Seeds = 24;

    [Fact]
    public Task A_deal_of_the_portfolio_has_the_nodes_of_the_rollup_to_the_bit() => ForEachBook(1000, CompareNodes);

    [Fact]
    public Task So_it_has_where_trials_have_weights() => ForEachBook(
        6000,
        CompareNodes,
        book => book with { Weights = [.. Enumerable.Range(1, book.Trials).Select(trial => (double)(trial % 7))] });

    [Fact]
    public Task So_it_has_where_losses_are_drawn() => ForEachBook(7000, CompareNodes, book => RandomUncertainty.AddTo(book, book.Trials));

    [Fact]
    public Task The_impact_of_a_deal_of_the_portfolio_is_the_difference_of_two_rollups() => ForEachBook(2000, async (book, rolled, workspace, differences) =>
    {
        Deal deal = workspace.Pick(book.Deals);
        DealAnalysis analysis = await rolled.Analyze($"\"dealIds\": [{JsonSerializer.Serialize(deal.Id)}]");
        RolledUpBook? without = await workspace.RollUp(book.Without(deal.Id));
        differences.AddRange(MarginalDifference.From(Only(analysis).Impact, without?.Root, rolled.Root, RelativeRounding * MarginalDifference.Scale(rolled.Report)));
    });

    [Fact]
    public Task Where_no_sum_rounds_the_impact_is_that_difference_to_the_bit() => ForEachBook(
        3000,
        async (book, rolled, workspace, differences) =>
        {
            Deal deal = workspace.Pick(book.Deals);
            DealAnalysis analysis = await rolled.Analyze($"\"dealIds\": [{JsonSerializer.Serialize(deal.Id)}]");
            RolledUpBook? without = await workspace.RollUp(book.Without(deal.Id));
            differences.AddRange(MarginalDifference.From(Only(analysis).Impact, without?.Root, rolled.Root, tolerance: 0));
        },
        book => book.WithoutRounding());

    [Fact]
    public Task A_new_deal_is_analysed_as_a_rollup_of_the_portfolio_with_it_would() => ForEachBook(4000, async (book, rolled, workspace, differences) =>
    {
        // A deal that nobody refers to, on ELTs that are in the book without it.
        Deal? deal = book.Deals.FirstOrDefault(deal => !book.IsReferredTo(deal.Id)
            && BookEdits.EltsOf([deal]).All(BookEdits.EltsOf(book.Deals.Where(other => other != deal)).Contains));
        if (deal is null || await workspace.RollUp(book.Without(deal.Id)) is not { } without)
        {
            return;
        }

        DealAnalysis analysis = await without.Analyze($"\"deals\": [{rolled.DealJson(deal.Id)}]");
        Assert.False(Assert.Single(analysis.Deals).InPortfolio);
        differences.AddRange(Nodes(rolled.Report, analysis).Where(pair => pair.Expected != pair.Actual).Select(pair => $"{pair.Actual} is not {pair.Expected}"));
        differences.AddRange(MarginalDifference.From(Only(analysis).Impact, without.Root, rolled.Root, RelativeRounding * MarginalDifference.Scale(rolled.Report)));
    });

    [Fact]
    public Task A_variant_is_analysed_as_a_rollup_of_the_changed_portfolio_would() => ForEachBook(5000, async (book, rolled, workspace, differences) =>
    {
        Deal deal = workspace.Pick(book.Deals);
        Layer layer = workspace.Pick(deal.Layers);
        double retention = Math.Round(layer.OccurrenceRetention + workspace.Random.Next(1, 500));
        Book changed = book.WithLayer(deal.Id, layer.Id, old => old with { Share = 0.375, OccurrenceRetention = retention, AggregateLimit = null, Reinstatements = [] });
        string terms = FormattableString.Invariant(
            $$"""{ "share": 0.375, "occurrenceRetention": {{retention}}, "aggregateLimit": null, "reinstatements": [] }""");
        DealAnalysis analysis = await rolled.Analyze(
            $$"""
            "dealIds": [{{JsonSerializer.Serialize(deal.Id)}}],
            "variants": [ { "name": "changed", "layers": { "{{layer.Id}}": {{terms}} } } ]
            """);
        RolledUpBook with = (await workspace.RollUp(changed))!;
        RolledUpBook? without = await workspace.RollUp(book.Without(deal.Id));
        AnalysedVariant variant = Assert.Single(analysis.Deals).Variants[1];
        ReportedNode expected = with.Report.Nodes.Single(node => node.Node == variant.Deal.Node);

        // The form of the files, names included, is drawn anew.
        if (Text(expected with { Name = null }) != Text(variant.Deal with { Name = null }))
        {
            differences.Add($"{Text(variant.Deal)} is not {Text(expected)}");
        }

        double scale = MarginalDifference.Scale(with.Report) + MarginalDifference.Scale(rolled.Report);
        differences.AddRange(MarginalDifference.From(variant.Impact, without?.Root, with.Root, RelativeRounding * scale));
    });

    private static async Task CompareNodes(Book book, RolledUpBook rolled, Workspace workspace, List<string> differences)
    {
        string ids = string.Join(',', book.Deals.Select(deal => JsonSerializer.Serialize(deal.Id)));
        DealAnalysis analysis = await rolled.Analyze($"\"dealIds\": [{ids}]");
        differences.AddRange(Nodes(rolled.Report, analysis).Where(pair => pair.Expected != pair.Actual).Select(pair => $"{pair.Actual} is not {pair.Expected}"));
    }

    private static AnalysedVariant Only(DealAnalysis analysis) => Assert.Single(Assert.Single(analysis.Deals).Variants);

    private static IEnumerable<(string Expected, string Actual)> Nodes(RollupReport report, DealAnalysis analysis)
    {
        foreach (ReportedNode node in analysis.Deals.SelectMany(deal => deal.Variants).SelectMany(variant => variant.Layers.Prepend(variant.Deal)))
        {
            yield return (Text(report.Nodes.Single(other => other.Node == node.Node)), Text(node));
        }
    }

    // Numbers as JSON round-trip exactly; what a node contributes to its parent is the rollup's alone.
    private static string Text(ReportedNode node) => JsonSerializer.Serialize(node with { Contributions = [] });

    private static async Task ForEachBook(
        int firstSeed, Func<Book, RolledUpBook, Workspace, List<string>, Task> compare, Func<Book, Book>? prepare = null)
    {
        var failures = new List<string>();
        for (int seed = firstSeed; seed < firstSeed + Seeds; seed++)
        {
            using var folder = new TemporaryFolder();
            var workspace = new Workspace(folder, seed);
            Book book = RandomPortfolio.Create(seed);
            book = prepare?.Invoke(book) ?? book;
            var differences = new List<string>();
            RolledUpBook rolled = (await workspace.RollUp(book))!;
            await compare(book, rolled, workspace, differences);
            failures.AddRange(differences.Take(3).Select(difference => $"seed {seed}: {difference}"));
        }

        Assert.True(failures.Count == 0, string.Join(Environment.NewLine, failures.Take(20)));
    }

    private sealed class Workspace(TemporaryFolder folder, int seed)
    {
        private int _books;

        public Random Random { get; } = new(seed);

        public T Pick<T>(IReadOnlyList<T> items) => items[Random.Next(items.Count)];

        /// <summary>Rolls up a book; null where it has no deal.</summary>
        public async Task<RolledUpBook?> RollUp(Book book) =>
            book.Deals.Count == 0 ? null : await RolledUpBook.Create(book, folder[$"book{_books++}"], folder["data"], seed);
    }
}
