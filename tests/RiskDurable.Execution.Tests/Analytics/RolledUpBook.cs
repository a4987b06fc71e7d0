using System.Text;
using System.Text.Json;
using RiskDurable.Execution.Analytics;
using RiskDurable.Execution.Packing;
using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Results;
using RiskDurable.Execution.Running;
using RiskDurable.Execution.Storage;
using RiskDurable.Kernel;
using RiskDurable.Portfolio.Model;
using RiskDurable.Portfolio.Reading;
using RiskDurable.Reference;

namespace RiskDurable.Execution.Tests.Analytics;

/// <summary>A book that was rolled up whole, and the analyzer over it.</summary>
internal sealed class RolledUpBook
{
    private readonly string _folder;
    private readonly DealAnalyzer _analyzer;

    private RolledUpBook(string folder, RollupReport report, DealAnalyzer analyzer) => (_folder, Report, _analyzer) = (folder, report, analyzer);

    public RollupReport Report { get; }

    public ReportedNode Root => Report.Nodes.Single(node => node.Kind == NodeKind.Portfolio);

    public KnownPortfolio Known => _analyzer.Portfolio;

    private static CancellationToken Patience => TestContext.Current.CancellationToken;

    /// <summary>Writes the book, rolls it up, and opens it for analyses.</summary>
    /// <param name="book">The book.</param>
    /// <param name="folder">A folder of its own.</param>
    /// <param name="data">Objects; may be shared.</param>
    /// <param name="seed">Draws the form of the files, the size of blocks and the number of threads.</param>
    public static async Task<RolledUpBook> Create(Book book, string folder, string data, int seed)
    {
        PortfolioFolder.Write(book, folder, seed);
        var random = new Random(seed);
        return await Open(folder, data, new PackSettings(random.Next(1, book.Trials + 50), 1), threads: random.Next(1, 3), book.Seed is { } drawn ? new LossSampling(drawn) : null);
    }

    public static async Task<RolledUpBook> Open(string folder, string data, PackSettings pack, int threads, LossSampling? sampling = null)
    {
        RollupSettings settings = RollupSettings.Default with { ReturnPeriods = [1, 1.5, 2, 3, 5, 10, 25, 50, 100, 150, 1000], Sampling = sampling };
        (_, RollupReport report) = await DirectRun.ExecuteAsync(
            new DirectRunRequest(folder, Path.Combine(folder, "results"), data, settings, pack, threads, Csv: false), null, Patience);
        var store = new DiskObjectStore(Path.Combine(data, "objects"));
        PortfolioManifest manifest = await PortfolioManifest.ReadAsync(store, report.Inputs.Manifest, Patience);
        RollupPlan plan = RollupPlan.Create(manifest, await manifest.ReadDealsAsync(store, Patience), settings);
        var tables = new TableCache(store);
        return new RolledUpBook(folder, report, new DealAnalyzer(tables, new RootLossCache(store, tables), plan, threads));
    }

    /// <summary>A deal as the portfolio's file has it.</summary>
    public string DealJson(string id)
    {
        using JsonDocument portfolio = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder, "portfolio.json")));
        IEnumerable<string> deals = portfolio.RootElement.TryGetProperty("deals", out JsonElement inline)
            ? inline.EnumerateArray().Select(deal => deal.GetRawText())
            : File.ReadAllLines(Path.Combine(_folder, "deals.jsonl")).Where(line => line.Trim().Length > 0);
        return deals.Single(deal => JsonElement.Parse(deal).GetProperty("id").GetString() == id);
    }

    public AnalysisRequest Read(string request)
    {
        using AnalysisRequestReader reader = AnalysisRequestReader.Open(Encoding.UTF8.GetBytes(request));
        return reader.Read(Known);
    }

    /// <summary>Analyses a request given as the fields of its JSON but for the portfolio.</summary>
    public Task<DealAnalysis> Analyze(string fields) =>
        _analyzer.AnalyzeAsync(Read($$"""{ "portfolio": "any", {{fields}} }"""), Report.Inputs.Manifest, "run", Patience);

    public ReportedNode NodeOf(string suffix) => Report.Nodes.Single(node => node.Node.EndsWith(suffix, StringComparison.Ordinal));
}
