using System.Text.Json.Nodes;
using RiskDurable.Execution.Packing;
using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Results;
using RiskDurable.Execution.Running;
using RiskDurable.Functions.Rollup;
using RiskDurable.Kernel;

namespace RiskDurable.Functions.Tests.Api;

/// <summary>Rollups over HTTP whose losses are drawn.</summary>
/// <param name="completed">A running host.</param>
public sealed class SampledRollupTests(CompletedRollup completed)
{
    private RiskHost Host => completed.Host;

    [Fact]
    public async Task Losses_are_drawn_by_the_seed_that_is_asked_for_and_deals_are_analysed_by_the_same_draws()
    {
        string folder = Path.Combine(Host.Portfolios, "drawn");
        await WriteUncertainAsync(folder);
        string ofSeven = await Host.RollupAsync(new { folder = "drawn", sampling = "beta", seed = 7 });
        string ofEight = await Host.RollupAsync(new { folder = "drawn", sampling = "beta", seed = 8 });
        string ofMeans = await Host.RollupAsync(new { folder = "drawn", sampling = "mean" });

        JsonNode root = await MetricsAsync(ofSeven, "");
        ReportedNode direct = await DirectRootAsync(folder, new LossSampling(7));
        Assert.Equal((direct.Aal, direct.StandardError), (Number(root, "aal"), Number(root, "standardError")));
        Assert.Equal((await DirectRootAsync(folder, null)).Aal, Number(await MetricsAsync(ofMeans, ""), "aal"));
        Assert.NotEqual(Number(await MetricsAsync(ofEight, ""), "aal"), Number(root, "aal"));
        Assert.NotEqual(Number(await MetricsAsync(ofMeans, ""), "aal"), Number(root, "aal"));

        string expected = (await MetricsAsync(ofSeven, "/lob=a%3Db/deal=D2")).ToJsonString();
        Assert.Equal(expected, await AnalysedAsync(ofSeven, "D2"));
        Assert.NotEqual(expected, await AnalysedAsync(ofEight, "D2"));
    }

    [Fact]
    public async Task Without_a_seed_it_is_1()
    {
        string id = await Host.RollupAsync(new { portfolio = CompletedRollup.SpareId, level = "portfolio", sampling = "beta" });
        Assert.Equal(1UL, (await Host.EndAsync(id)).ReadInputAs<RollupRequest>()!.Settings.Sampling!.Seed);
    }

    private static async Task WriteUncertainAsync(string folder)
    {
        await CompletedRollup.WriteTablesAsync(folder);
        IEnumerable<string> losses = Enumerable.Range(1, 49).Select(id => $"{id},{id * 1000},{id * 400},{id * 300},{id * 9000}");
        await File.WriteAllLinesAsync(
            Path.Combine(folder, "elts", "E1.csv"), ["event_id,mean_loss,sd_independent,sd_correlated,exposure", .. losses], RiskHost.Stop);
        await File.WriteAllTextAsync(Path.Combine(folder, "portfolio.json"), CompletedRollup.Definition("drawn").ToJsonString(), RiskHost.Stop);
    }

    private static async Task<ReportedNode> DirectRootAsync(string portfolio, LossSampling? sampling)
    {
        using var work = new TemporaryFolder();
        var request = new DirectRunRequest(
            portfolio, work.File("out"), work.File("data"), RollupSettings.Default with { Sampling = sampling }, new PackSettings(100, 1), Threads: 1, Csv: false);
        (_, RollupReport report) = await DirectRun.ExecuteAsync(request, null, RiskHost.Stop);
        return report.Nodes.Single(node => node.Node == "/");
    }

    /// <summary>Without what a node contributes to its parent, which only a rollup knows.</summary>
    private async Task<JsonNode> MetricsAsync(string run, string path)
    {
        JsonNode metrics = (await Host.GetJsonAsync($"api/runs/{run}/nodes{path}"))["metrics"]!;
        metrics.AsObject().Remove("contributions");
        return metrics;
    }

    private async Task<string> AnalysedAsync(string run, string deal)
    {
        using HttpResponseMessage response = await Host.PostAsync("api/deals/analytics", new { portfolio = run, dealIds = new[] { deal } }, ("Prefer", "wait=20"));
        JsonNode answer = await RiskHost.ReadAsync(response);
        Assert.True((int)response.StatusCode == 200, answer.ToJsonString());
        JsonNode node = answer["deals"]![0]!["variants"]![0]!["deal"]!;
        node.AsObject().Remove("contributions");
        return node.ToJsonString();
    }

    private static double Number(JsonNode metrics, string field) => metrics[field]!.GetValue<double>();
}
