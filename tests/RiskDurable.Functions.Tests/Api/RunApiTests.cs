using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using RiskDurable.Execution.Storage;

namespace RiskDurable.Functions.Tests.Api;

public sealed class RunApiTests(CompletedRollup rollup)
{
    private RiskHost Host => rollup.Host;

    [Fact]
    public async Task A_run_tells_its_stages_estimate_and_timing()
    {
        JsonNode run = await Host.GetJsonAsync($"api/runs/{rollup.RunId}");
        Assert.Equal("completed", run["status"]!.GetValue<string>());
        Assert.Equal("done", run["phase"]!.GetValue<string>());
        Assert.Equal(CompletedRollup.PortfolioId, run["portfolio"]!.GetValue<string>());
        Assert.Equal("http", run["startedBy"]!.GetValue<string>());
        Assert.Equal(["map", "reduce", "report"], run["stages"]!.AsArray().Select(stage => stage!["name"]!.GetValue<string>()));
        Assert.All(run["stages"]!.AsArray(), stage =>
        {
            Assert.Equal(1, stage!["progress"]!.GetValue<double>());
            Assert.Equal(stage["jobs"]!.GetValue<int>(), stage["run"]!.GetValue<int>() + stage["cached"]!.GetValue<int>());
            Assert.Equal(0, stage["failed"]!.GetValue<int>());
        });
        Assert.Equal(run["stages"]!.AsArray().Sum(stage => stage!["jobs"]!.GetValue<int>()), run["estimate"]!["jobs"]!.GetValue<int>());
        Assert.True(run["timing"]!["seconds"]!.GetValue<double>() > 0);
        Assert.Equal(run["timing"]!["lastUpdatedAt"]!.GetValue<string>(), run["timing"]!["endedAt"]!.GetValue<string>());
        Assert.Null(run["failure"]);
        Assert.Null(run["redrive"]);
        Assert.Null(run["links"]!["cancel"]);
        await Host.GetJsonAsync(run["links"]!["root"]!.GetValue<string>());
        await Host.GetJsonAsync(run["links"]!["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_list_that_would_go_on_from_a_run_that_is_not_there_is_refused()
    {
        using HttpResponseMessage response = await Host.GetAsync("api/runs?after=rollup-nothing");
        await Problems.AssertAsync(response, 400, "bad-input", "'rollup-nothing'");
    }

    [Fact]
    public async Task Runs_are_listed_newest_first_page_by_page()
    {
        await using RiskHost host = await RiskHost.StartAsync();
        Assert.Empty((await host.GetJsonAsync("api/runs"))["runs"]!.AsArray());
        host.WriteSample("one", seed: 1);
        host.WriteSample("two", seed: 2);
        var ids = new List<string>();
        foreach (string folder in new[] { "one", "two", "one" })
        {
            ids.Insert(0, await host.RollupAsync(new { folder, level = "portfolio" }));
        }

        JsonNode all = await host.GetJsonAsync("api/runs");
        Assert.Equal(ids, all["runs"]!.AsArray().Select(run => run!["id"]!.GetValue<string>()));
        Assert.Null(all["nextUri"]);

        JsonNode first = await host.GetJsonAsync("api/runs?top=2&status=completed");
        Assert.Equal(ids.Take(2), first["runs"]!.AsArray().Select(run => run!["id"]!.GetValue<string>()));
        JsonNode second = await host.GetJsonAsync(first["nextUri"]!.GetValue<string>());
        Assert.Equal(ids.Skip(2), second["runs"]!.AsArray().Select(run => run!["id"]!.GetValue<string>()));
        Assert.Null(second["nextUri"]);

        JsonNode ofTwo = await host.GetJsonAsync("api/runs?portfolio=sample-8-2");
        Assert.Equal([ids[1]], ofTwo["runs"]!.AsArray().Select(run => run!["id"]!.GetValue<string>()));
        Assert.Empty((await host.GetJsonAsync("api/runs?status=failed"))["runs"]!.AsArray());
        Assert.Empty((await host.GetJsonAsync("api/runs?portfolio=none"))["runs"]!.AsArray());
    }

    [Theory]
    [InlineData("status=done", "status")]
    [InlineData("top=0", "top")]
    [InlineData("top=201", "top")]
    [InlineData("top=x", "top")]
    public async Task A_wrong_query_is_a_400(string query, string place)
    {
        using HttpResponseMessage response = await Host.GetAsync("api/runs?" + query);
        JsonNode problem = await Problems.AssertAsync(response, 400, "bad-input", "");
        Assert.Equal(place, problem["errors"]![0]!["place"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("none")]
    [InlineData("rollup-none")]
    [InlineData("ingest-portfolio-1")]
    [InlineData("@runflag@x")]
    public async Task An_unknown_run_is_a_404(string id)
    {
        using HttpResponseMessage get = await Host.GetAsync($"api/runs/{id}");
        await Problems.AssertAsync(get, 404, "not-found", "There is no run");
        using HttpResponseMessage delete = await Host.SendAsync(HttpMethod.Delete, $"api/runs/{id}", null);
        await Problems.AssertAsync(delete, 404, "not-found", "There is no run");
    }

    [Fact]
    public async Task A_run_that_has_ended_cannot_be_cancelled()
    {
        using HttpResponseMessage response = await Host.SendAsync(HttpMethod.Delete, $"api/runs/{rollup.RunId}", null);
        await Problems.AssertAsync(response, 409, "wrong-state", "it is completed");
    }

    [Fact]
    public async Task A_refused_portfolio_tells_its_problems_and_has_no_results()
    {
        Host.WriteSample("refused", seed: 5);
        File.Delete(Path.Combine(Host.Portfolios, "refused", "yet.csv"));
        string id = await Host.RollupAsync(new { folder = "refused" });
        JsonNode run = await Host.GetJsonAsync($"api/runs/{id}");
        Assert.Equal("refused", run["status"]!.GetValue<string>());
        Assert.Contains("missing", run["problems"]![0]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        using HttpResponseMessage nodes = await Host.GetAsync($"api/runs/{id}/nodes");
        await Problems.AssertAsync(nodes, 409, "wrong-state", "is refused");
    }

    [Fact]
    public async Task Results_that_were_removed_are_gone_until_the_rollup_runs_again()
    {
        await using RiskHost host = await RiskHost.StartAsync();
        host.WriteSample("book");
        string id = await host.RollupAsync(new { folder = "book", level = "tags" });
        var store = host.Services.GetRequiredService<IObjectStore>();
        await foreach (StoredObject found in store.ListAsync(RiskHost.Stop))
        {
            if (found.Key.Kind == ObjectKind.Report)
            {
                await store.DeleteAsync(found.Key, RiskHost.Stop);
            }
        }

        using HttpResponseMessage response = await host.GetAsync($"api/runs/{id}/nodes");
        await Problems.AssertAsync(response, 410, "gone", "only what is missing runs");
    }

    [Fact]
    public async Task A_failed_run_says_why_and_how_to_run_the_rest()
    {
        using var data = new TemporaryFolder();
        var store = new TestStore(data.Path) { Break = ObjectKind.Reduce };
        await using RiskHost host = await RiskHost.StartAsync(configure: builder => builder.Services.AddSingleton<IObjectStore>(store));
        host.WriteSample("book");
        string id = await host.RollupAsync(new { folder = "book", level = "tags", returnPeriods = new[] { 10 } });
        JsonNode run = await host.GetJsonAsync($"api/runs/{id}");
        Assert.Equal("failed", run["status"]!.GetValue<string>());
        Assert.Contains("The disk is full.", run["failure"]!.GetValue<string>(), StringComparison.Ordinal);
        JsonNode reduce = run["stages"]!.AsArray().Single(stage => stage!["name"]!.GetValue<string>() == "reduce")!;
        Assert.True(reduce["failed"]!.GetValue<int>() > 0);
        using HttpResponseMessage nodes = await host.GetAsync($"api/runs/{id}/nodes");
        await Problems.AssertAsync(nodes, 409, "wrong-state", "is failed");

        store.Break = null;
        JsonNode redrive = run["redrive"]!;
        Assert.Equal("POST", redrive["method"]!.GetValue<string>());
        using HttpResponseMessage response = await host.PostTextAsync(redrive["uri"]!.GetValue<string>(), redrive["body"]!.ToJsonString());
        Assert.True((int)response.StatusCode == 202, await response.Content.ReadAsStringAsync(RiskHost.Stop));
        string again = (await RiskHost.ReadAsync(response))["id"]!.GetValue<string>();
        await host.EndAsync(again);
        JsonNode redriven = await host.GetJsonAsync($"api/runs/{again}");
        Assert.Equal("completed", redriven["status"]!.GetValue<string>());
        JsonNode map = redriven["stages"]!.AsArray().Single(stage => stage!["name"]!.GetValue<string>() == "map")!;
        Assert.Equal((0, map["jobs"]!.GetValue<int>()), (map["run"]!.GetValue<int>(), map["cached"]!.GetValue<int>()));
        JsonNode curve = await host.GetJsonAsync($"api/runs/{again}/nodes/curve");
        Assert.Equal([10.0], curve["curves"]![0]!["points"]!.AsArray().Select(point => point!["returnPeriod"]!.GetValue<double>()));
    }
}
