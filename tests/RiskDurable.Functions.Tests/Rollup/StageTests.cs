using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using RiskDurable.Embedded.DurableTask.Client;
using RiskDurable.Execution.Storage;
using RiskDurable.Functions.Rollup;

namespace RiskDurable.Functions.Tests.Rollup;

/// <summary>Stages whose jobs fail, and stages that wait for another run.</summary>
public sealed class StageTests
{
    [Fact]
    public async Task A_job_that_fails_once_is_tried_again_alone_and_all_are_counted_once()
    {
        using var data = new TemporaryFolder();
        var store = new TestStore(data.Path) { BreakOnce = ObjectKind.Map };
        await using RiskHost host = await StartAsync(store);
        host.WriteSample("book");
        string clean = await host.RollupAsync(new { folder = "book" });
        JsonNode first = (await host.GetJsonAsync($"api/runs/{clean}"))["stages"]![0]!;
        Assert.Equal(1, store.Broken);
        Assert.Equal((Count(first, "jobs"), 0, 0), (Count(first, "run"), Count(first, "cached"), Count(first, "failed")));

        // The other jobs ran once: their losses are neither missing nor counted twice.
        using var other = new TemporaryFolder();
        await using RiskHost sound = await StartAsync(new TestStore(other.Path));
        sound.WriteSample("book");
        string run = await sound.RollupAsync(new { folder = "book" });
        Assert.Equal(Count((await sound.GetJsonAsync($"api/runs/{run}"))["stages"]![0]!, "hits"), Count(first, "hits"));
        OrchestrationMetadata ended = await host.EndAsync(clean);
        Assert.Equal(Count(first, "hits"), ended.ReadOutputAs<RollupStatus>()!.Stages[0].Hits);
    }

    [Fact]
    public async Task Of_a_batch_in_which_jobs_fail_the_others_are_kept()
    {
        using var data = new TemporaryFolder();
        var store = new TestStore(data.Path);
        await using RiskHost host = await StartAsync(store);
        host.WriteSample("book");
        using HttpResponseMessage ingest = await host.PostAsync("api/portfolios/sample-8-1", new { folder = "book" });
        await host.EndAsync((await RiskHost.ReadAsync(ingest))["id"]!.GetValue<string>());
        await RiskHost.UntilAsync(async () => (int)(await host.GetAsync("api/portfolios/sample-8-1")).StatusCode == 200, "the catalogue knows the portfolio");

        // One key is broken for good, all others can be written.
        store.BreakOnce = ObjectKind.Map;
        store.StaysBroken = true;
        using HttpResponseMessage response = await host.PostAsync("api/rollups", new { portfolio = "sample-8-1" });
        string run = (await RiskHost.ReadAsync(response))["id"]!.GetValue<string>();
        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await host.EndAsync(run)).RuntimeStatus);
        JsonNode failed = (await host.GetJsonAsync($"api/runs/{run}"))["stages"]![0]!;
        Assert.Equal(3, store.Broken);
        Assert.Equal(1, Count(failed, "failed"));
        Assert.InRange(Count(failed, "run"), 1, Count(failed, "jobs") - 1);

        store.BreakOnce = null;
        JsonNode again = (await host.GetJsonAsync($"api/runs/{await host.RollupAsync(new { portfolio = "sample-8-1" })}"))["stages"]![0]!;
        Assert.Equal((Count(failed, "jobs") - Count(failed, "run"), Count(failed, "run")), (Count(again, "run"), Count(again, "cached")));
    }

    [Fact]
    public async Task A_job_that_would_fail_in_the_same_way_each_time_is_tried_once()
    {
        using var data = new TemporaryFolder();
        var store = new TestStore(data.Path)
        {
            BreakOnce = ObjectKind.Map,
            StaysBroken = true,
            Failure = static () => new ArgumentException("Year losses must be finite numbers."),
        };
        await using RiskHost host = await StartAsync(store);
        host.WriteSample("book");
        using HttpResponseMessage response = await host.PostAsync("api/rollups", new { folder = "book" });
        string run = (await RiskHost.ReadAsync(response))["id"]!.GetValue<string>();
        OrchestrationMetadata ended = await host.EndAsync(run);
        Assert.Equal(1, store.Broken);
        Assert.Contains("1 jobs of stage 'map' failed. job ", ended.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("Year losses must be finite numbers.", ended.FailureDetails.ErrorMessage, StringComparison.Ordinal);
        JsonNode map = (await host.GetJsonAsync($"api/runs/{run}"))["stages"]![0]!;
        Assert.Equal(1, Count(map, "failed"));
        Assert.InRange(Count(map, "run"), 1, Count(map, "jobs") - 1);
    }

    [Fact]
    public async Task A_run_that_waits_for_another_one_keeps_a_short_history_however_often_it_looks()
    {
        using var data = new TemporaryFolder();
        var store = new TestStore(data.Path);
        await using RiskHost host = await StartAsync(store, new() { ["Risk:ClaimPoll"] = "00:00:00.020" });
        host.WriteSample("book");
        using HttpResponseMessage ingest = await host.PostAsync("api/portfolios/sample-8-1", new { folder = "book" });
        await host.EndAsync((await RiskHost.ReadAsync(ingest))["id"]!.GetValue<string>());
        await RiskHost.UntilAsync(async () => (int)(await host.GetAsync("api/portfolios/sample-8-1")).StatusCode == 200, "the catalogue knows the portfolio");

        store.Hold = ObjectKind.Map;
        string[] runs = [await PostAsync(host), ""];
        await RiskHost.UntilAsync(() => Task.FromResult(store.Held > 0), "the first run is at its jobs");
        runs[1] = await PostAsync(host);

        // Each look changes the orchestration: after twenty changes it has looked several times.
        DateTimeOffset seen = default;
        int changes = 0;
        OrchestrationMetadata? waiting = null;
        await RiskHost.UntilAsync(
            async () =>
            {
                await foreach (OrchestrationMetadata stage in host.Client.GetAllInstancesAsync(new OrchestrationQuery(FetchInputsAndOutputs: true)).WithCancellation(RiskHost.Stop))
                {
                    if (stage.Name == nameof(RunStage) && stage.ReadInputAs<StageRequest>()!.RunId == runs[1] && stage.LastUpdatedAt != seen)
                    {
                        (waiting, seen) = (stage, stage.LastUpdatedAt);
                        changes++;
                    }
                }

                return changes >= 20;
            },
            "the second run has looked several times");
        JsonNode history = await host.GetJsonAsync($"runtime/webhooks/durabletask/instances/{waiting!.InstanceId}?showHistory=true");
        Assert.InRange(history["historyEvents"]!.AsArray().Count, 0, 8);

        store.Open();
        await Task.WhenAll(runs.Select(host.EndAsync));
        JsonNode first = (await host.GetJsonAsync($"api/runs/{runs[0]}"))["stages"]![0]!;
        JsonNode second = (await host.GetJsonAsync($"api/runs/{runs[1]}"))["stages"]![0]!;

        // Jobs of the next level are whose run comes first.
        Assert.Equal(Count(second, "jobs"), Count(second, "run") + Count(second, "cached"));
        Assert.Equal(Count(second, "jobs"), Count(first, "run") + Count(second, "run"));
    }

    private static Task<RiskHost> StartAsync(TestStore store, Dictionary<string, string?>? settings = null) =>
        RiskHost.StartAsync(settings, configure: builder => builder.Services.AddSingleton<IObjectStore>(store));

    private static async Task<string> PostAsync(RiskHost host)
    {
        using HttpResponseMessage response = await host.PostAsync("api/rollups", new { portfolio = "sample-8-1" });
        return (await RiskHost.ReadAsync(response))["id"]!.GetValue<string>();
    }

    private static int Count(JsonNode stage, string field) => stage[field]!.GetValue<int>();
}
