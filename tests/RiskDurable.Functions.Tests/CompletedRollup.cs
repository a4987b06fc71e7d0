using System.Text.Json.Nodes;

[assembly: AssemblyFixture(typeof(RiskDurable.Functions.Tests.CompletedRollup))]

namespace RiskDurable.Functions.Tests;

/// <summary>One host for all tests that only look: a portfolio with awkward names, ingested and rolled up.</summary>
public sealed class CompletedRollup : IAsyncLifetime
{
    /// <summary>Values of the tag <c>lob</c>, each with characters that paths encode.</summary>
    public static IReadOnlyList<string> Lobs { get; } = ["50% quota", "fire/water", "a=b", "%2F", "é & ü?#+"];

    public const string PortfolioId = "awkward";

    /// <summary>The same portfolio under another id, for tests that start rollups: the latest run of the first one stays the same.</summary>
    public const string SpareId = "spare";

    public RiskHost Host { get; private set; } = null!;

    public string RunId { get; private set; } = "";

    /// <summary>The definition, to be posted as it is; its tables are in the folder <c>tables</c>.</summary>
    public static JsonObject Definition(string id = PortfolioId) => new()
    {
        ["schema"] = "riskdurable/portfolio/1",
        ["id"] = id,
        ["currency"] = "USD",
        ["trials"] = 400,
        ["yet"] = "yet.csv",
        ["rollup"] = new JsonArray("lob"),
        ["deals"] = new JsonArray([.. Lobs.Select((lob, i) => new JsonObject
        {
            ["id"] = $"D{i}",
            ["currency"] = "USD",
            ["tags"] = new JsonObject { ["lob"] = lob },
            ["layers"] = new JsonArray(new JsonObject
            {
                ["id"] = "L1",
                ["subject"] = new JsonArray(new JsonObject { ["elt"] = "E1", ["factor"] = 1 + (i / 10.0) }),
                ["occurrenceRetention"] = 1000,
                ["occurrenceLimit"] = 50_000,
            }),
        })]),
    };

    public async ValueTask InitializeAsync()
    {
        Host = await RiskHost.StartAsync();
        await WriteTablesAsync(Path.Combine(Host.Portfolios, "tables"));
        Host.WriteSample("sample");
        await IngestAsync(PortfolioId);
        await IngestAsync(SpareId);
        RunId = await Host.RollupAsync(new { portfolio = PortfolioId });
    }

    private async Task IngestAsync(string id)
    {
        using HttpResponseMessage ingest = await Host.PostAsync($"api/portfolios/{id}?tables=tables", Definition(id));
        JsonNode started = await RiskHost.ReadAsync(ingest);
        Assert.True((int)ingest.StatusCode == 202, started.ToJsonString());
        await Host.EndAsync(started["id"]!.GetValue<string>());
        await RiskHost.UntilAsync(async () => (int)(await Host.GetAsync($"api/portfolios/{id}")).StatusCode == 200, "the catalogue knows the portfolio");
    }

    public static async Task WriteTablesAsync(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "elts"));
        var random = new Random(7);
        IEnumerable<string> rows = Enumerable.Range(1, 400).SelectMany(trial =>
            Enumerable.Range(0, random.Next(4)).Select(_ => $"{trial},{random.Next(1, 50)},{random.Next(1, 366)}").Order(StringComparer.Ordinal));
        await File.WriteAllLinesAsync(Path.Combine(folder, "yet.csv"), ["trial,event_id,day", .. rows], RiskHost.Stop);
        IEnumerable<string> losses = Enumerable.Range(1, 49).Select(id => $"{id},{id * 1000}");
        await File.WriteAllLinesAsync(Path.Combine(folder, "elts", "E1.csv"), ["event_id,mean_loss", .. losses], RiskHost.Stop);
    }

    public async ValueTask DisposeAsync() => await Host.DisposeAsync();
}
