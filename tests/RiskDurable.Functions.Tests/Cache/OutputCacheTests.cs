using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using RiskDurable.Embedded.DurableTask.Client;
using RiskDurable.Embedded.DurableTask.Client.Entities;
using RiskDurable.Embedded.DurableTask.Entities;
using RiskDurable.Execution.Storage;
using RiskDurable.Functions.Cache;
using RiskDurable.Functions.Rollup;

namespace RiskDurable.Functions.Tests.Cache;

/// <summary>The output cache under rollups.</summary>
public sealed class OutputCacheTests
{
    [Fact]
    public async Task Two_runs_at_once_compute_each_key_once()
    {
        using var data = new TemporaryFolder();
        var store = new TestStore(data.Path);
        await using RiskHost host = await RiskHost.StartAsync(
            new() { ["Risk:ClaimPoll"] = "00:00:00.100" }, configure: builder => builder.Services.AddSingleton<IObjectStore>(store));
        host.WriteSample("book", deals: 30);
        using HttpResponseMessage ingest = await host.PostAsync("api/portfolios/sample-30-1", new { folder = "book", blockTrials = 250 });
        await host.EndAsync((await RiskHost.ReadAsync(ingest))["id"]!.GetValue<string>());
        await RiskHost.UntilAsync(async () => (int)(await host.GetAsync("api/portfolios/sample-30-1")).StatusCode == 200, "the catalogue knows the portfolio");

        store.Hold = ObjectKind.Map;
        string[] runs = await Task.WhenAll(Enumerable.Range(0, 2).Select(async _ =>
        {
            using HttpResponseMessage response = await host.PostAsync("api/rollups", new { portfolio = "sample-30-1" });
            return (await RiskHost.ReadAsync(response))["id"]!.GetValue<string>();
        }));
        await RiskHost.UntilAsync(
            async () => store.Held > 0 && (await StagesAsync(host, runs[0])).Count > 0 && (await StagesAsync(host, runs[1])).Count > 0,
            "both runs have looked up what is there");
        store.Open();
        await Task.WhenAll(runs.Select(host.EndAsync));

        JsonNode[] first = [.. (await StagesAsync(host, runs[0]))!];
        JsonNode[] second = [.. (await StagesAsync(host, runs[1]))!];
        Assert.Equal(Count(first[0], "jobs"), store.Held);
        Assert.All(first.Zip(second), stage =>
        {
            Assert.Equal(Count(stage.First, "jobs"), Count(stage.First, "run") + Count(stage.Second, "run"));
            Assert.Equal(Count(stage.First, "jobs"), Count(stage.First, "cached") + Count(stage.Second, "cached"));
        });
    }

    [Fact]
    public async Task One_key_past_its_time_is_a_miss_and_the_others_are_hits()
    {
        var time = new FakeTime();
        await using RiskHost host = await RiskHost.StartAsync(configure: builder => builder.Services.AddSingleton<TimeProvider>(time));
        await CompletedRollup.WriteTablesAsync(Path.Combine(host.Portfolios, "tables"));
        JsonObject definition = CompletedRollup.Definition("aging");
        string original = await IngestAsync(host, definition);
        definition["deals"]![0]!["layers"]![0]!["occurrenceLimit"] = 40_000;
        string changed = await IngestAsync(host, definition);

        JsonNode cold = await MapStageAsync(host, original);
        int jobs = Count(cold, "jobs");
        Assert.Equal((jobs, 0), (Count(cold, "run"), Count(cold, "cached")));

        // Uses all keys of the original but one.
        time.Now = FakeTime.Start.AddDays(3);
        JsonNode other = await MapStageAsync(host, changed);
        Assert.Equal((1, jobs - 1), (Count(other, "run"), Count(other, "cached")));

        time.Now = FakeTime.Start.AddDays(8);
        string last = await host.RollupAsync(new { manifest = original, level = "tags" });
        JsonNode later = (await StagesAsync(host, last))[0]!;
        Assert.Equal((1, jobs - 1), (Count(later, "run"), Count(later, "cached")));
        JsonArray reasons = (await host.GetJsonAsync($"api/runs/{last}/decisions"))["stages"]![0]!["reasons"]!.AsArray();
        Assert.Equal([("cached", jobs - 1), ("expired", 1)], reasons.Select(reason => (reason!["reason"]!.GetValue<string>(), Count(reason, "count"))));
    }

    [Fact]
    public async Task A_run_whose_stage_fails_as_a_whole_gives_its_claims_back()
    {
        using var data = new TemporaryFolder();
        var store = new TestStore(data.Path) { Hold = ObjectKind.Map };
        await using RiskHost host = await RiskHost.StartAsync(configure: builder => builder.Services.AddSingleton<IObjectStore>(store));
        string run = await ClaimingRunAsync(host, store);

        await foreach (OrchestrationMetadata stage in host.Client.GetAllInstancesAsync().WithCancellation(RiskHost.Stop))
        {
            if (stage.Name == nameof(RunStage))
            {
                await host.Client.TerminateInstanceAsync(stage.InstanceId, "by an operator", RiskHost.Stop);
            }
        }

        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await host.EndAsync(run)).RuntimeStatus);
        await RiskHost.UntilAsync(async () => !(await ClaimsAsync(host)).Contains(run), "the claims are given back");
        store.Open();
        await host.RollupAsync(new { folder = "book" });
    }

    [Fact]
    public async Task A_run_that_completes_claims_nothing_any_more_even_where_the_cache_was_told_in_vain()
    {
        using var data = new TemporaryFolder();
        var store = new TestStore(data.Path) { Hold = ObjectKind.Map };
        await using RiskHost host = await RiskHost.StartAsync(configure: builder => builder.Services.AddSingleton<IObjectStore>(store));
        string run = await ClaimingRunAsync(host, store);

        // What a worker leaves that died while the shard took in that the output is there.
        var shard = new EntityInstanceId(nameof(OutputCacheShard), "2b");
        string key = new('a', 32);
        await host.Client.Entities.SignalEntityAsync(shard, nameof(OutputCacheShard.Claim), new ClaimRequest(run, [key]), cancellation: RiskHost.Stop);
        await RiskHost.UntilAsync(
            async () => (await host.Client.Entities.GetEntityAsync<CacheShardState>(shard, RiskHost.Stop))?.State.IsClaimed(key, TimeProvider.System.GetUtcNow()) == true,
            "the shard has it");
        store.Open();
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await host.EndAsync(run)).RuntimeStatus);
        await RiskHost.UntilAsync(async () => !(await ClaimsAsync(host)).Contains(run), "the claims are given back");
    }

    /// <summary>Starts a rollup, and waits until it has claimed jobs that the store holds up.</summary>
    private static async Task<string> ClaimingRunAsync(RiskHost host, TestStore store)
    {
        host.WriteSample("book");
        using HttpResponseMessage started = await host.PostAsync("api/rollups", new { folder = "book" });
        string run = (await RiskHost.ReadAsync(started))["id"]!.GetValue<string>();
        await RiskHost.UntilAsync(async () => store.Held > 0 && (await ClaimsAsync(host)).Contains(run), "jobs are claimed, and run");
        return run;
    }

    /// <summary>The runs that are at something.</summary>
    private static async Task<IReadOnlyCollection<string>> ClaimsAsync(RiskHost host)
    {
        var runs = new HashSet<string>();
        await foreach (EntityMetadata<CacheShardState> shard in host.Client.Entities
            .GetAllEntitiesAsync<CacheShardState>(new EntityQuery { InstanceIdStartsWith = $"@{nameof(OutputCacheShard)}@" }).WithCancellation(RiskHost.Stop))
        {
            runs.UnionWith(shard.State.Claims.Select(claims => claims.RunId));
        }

        return runs;
    }

    private static async Task<string> IngestAsync(RiskHost host, JsonObject definition)
    {
        using HttpResponseMessage ingest = await host.PostAsync("api/portfolios/aging?tables=tables", definition);
        var ended = await host.EndAsync((await RiskHost.ReadAsync(ingest))["id"]!.GetValue<string>());
        return ended.ReadOutputAs<Functions.Portfolios.IngestOutcome>()!.Manifest!;
    }

    private static async Task<JsonNode> MapStageAsync(RiskHost host, string manifest) =>
        (await StagesAsync(host, await host.RollupAsync(new { manifest, level = "tags" })))[0]!;

    private static async Task<JsonArray> StagesAsync(RiskHost host, string run) => (await host.GetJsonAsync($"api/runs/{run}"))["stages"]!.AsArray();

    private static int Count(JsonNode stage, string field) => stage[field]!.GetValue<int>();
}
