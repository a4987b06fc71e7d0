using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using RiskDurable.Execution.Storage;

namespace RiskDurable.Functions.Tests.DealAnalytics;

/// <summary>The build as it is deployed: an app for rollups and one for deals, with a task hub each, over one store.</summary>
public sealed class TwoAppsTests
{
    private static readonly string[] OfDeals = ["PostDealAnalytics", "GetDealAnalytics", "DealAnalytics", "AnalyzeDeals"];
    private static readonly string[] OfRollups = ["PostRollup", "RiskRollup", "RunStage", "RunBatches", "RunJobs", "IngestPortfolio", "PostPortfolio", "OutputCacheShard", "PortfolioCatalogue", "RunFlag", "RunProgress", "PublishRun", "NightlyRollup"];

    [Fact]
    public async Task The_deals_app_analyses_against_the_latest_rollup_of_the_other_app()
    {
        await using RiskHost rollups = await RiskHost.StartAsync(Disabled(OfDeals));
        rollups.WriteSample("sample");
        string first = await rollups.RollupAsync(new { folder = "sample" });
        await using RiskHost deals = await RiskHost.StartAsync(Disabled(OfRollups), configure: builder =>
        {
            builder.Services.AddSingleton<IObjectStore>(_ => new DiskObjectStore(Path.Combine(rollups.Data, "objects")));
            builder.Services.AddSingleton<IDocumentStore>(_ => new DiskDocumentStore(Path.Combine(rollups.Data, "documents")));
        });

        // Each app has its own functions, and not the other's.
        Assert.Equal(HttpStatusCode.NotFound, (await deals.PostAsync("api/rollups", new { folder = "sample" })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await rollups.PostAsync("api/deals/analytics", new { portfolio = "sample-8-1", dealIds = new[] { "D00001" } })).StatusCode);

        JsonNode byPortfolio = await AnalyseAsync(deals, "sample-8-1");
        Assert.Equal(first, byPortfolio["run"]!.GetValue<string>());
        Assert.NotNull(byPortfolio["deals"]![0]!["variants"]![0]!["impact"]);
        Assert.Equal(byPortfolio.ToJsonString(), (await AnalyseAsync(deals, first)).ToJsonString());

        string second = await rollups.RollupAsync(new { folder = "sample", level = "tags" });
        Assert.Equal(second, (await AnalyseAsync(deals, "sample-8-1"))["run"]!.GetValue<string>());
        Assert.Equal(first, (await AnalyseAsync(deals, first))["run"]!.GetValue<string>());

        using HttpResponseMessage unknown = await deals.PostAsync("api/deals/analytics", new { portfolio = "none", dealIds = new[] { "D00001" } });
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    private static Dictionary<string, string?> Disabled(IEnumerable<string> functions) =>
        functions.ToDictionary(name => $"AzureWebJobs.{name}.Disabled", _ => (string?)"true");

    private static async Task<JsonNode> AnalyseAsync(RiskHost host, string against)
    {
        using HttpResponseMessage answer = await host.PostAsync(
            "api/deals/analytics", new { portfolio = against, dealIds = new[] { "D00001" } }, ("Prefer", "wait=20"));
        JsonNode json = await RiskHost.ReadAsync(answer);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, json.ToJsonString());
        return json;
    }
}
