using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using RiskDurable.Execution.Storage;

namespace RiskDurable.Functions.Tests.Api;

public sealed class CancelTests
{
    [Fact]
    public async Task A_cancelled_rollup_runs_no_further_job_and_a_new_one_completes()
    {
        using var data = new TemporaryFolder();
        var store = new TestStore(data.Path) { Hold = ObjectKind.Map };
        await using RiskHost host = await RiskHost.StartAsync(configure: builder => builder.Services.AddSingleton<IObjectStore>(store));
        host.WriteSample("book", deals: 60, trials: 2000);
        host.WriteSample("other", deals: 2, trials: 10, seed: 2);
        using HttpResponseMessage started = await host.PostAsync("api/rollups", new { folder = "book", blockTrials = 100 });
        string id = (await RiskHost.ReadAsync(started))["id"]!.GetValue<string>();
        await RiskHost.UntilAsync(() => Task.FromResult(store.Held > 0), "a job writes");
        JsonNode running = await host.GetJsonAsync($"api/runs/{id}");
        Assert.Equal(("running", "map"), (running["status"]!.GetValue<string>(), running["phase"]!.GetValue<string>()));
        int jobs = running["stages"]![0]!["jobs"]!.GetValue<int>();
        using HttpResponseMessage early = await host.GetAsync($"api/runs/{id}/nodes");
        await Problems.AssertAsync(early, 409, "wrong-state", "is running");

        using HttpResponseMessage cancelled = await host.SendAsync(HttpMethod.Delete, $"api/runs/{id}", null);
        Assert.Equal(202, (int)cancelled.StatusCode);
        Assert.EndsWith($"/api/runs/{id}", cancelled.Headers.Location!.ToString(), StringComparison.Ordinal);

        // Jobs that take a moment only share an answer of the flag: these here have taken longer.
        await RiskHost.UntilAsync(() => Task.FromResult(store.SinceLastHeld > TimeSpan.FromMilliseconds(200)), "no job begins any more");
        int begun = store.Held;
        Assert.InRange(begun, 1, jobs / 2);
        store.Hold = null;
        store.Open();
        await host.EndAsync(id);
        JsonNode run = await host.GetJsonAsync($"api/runs/{id}");
        Assert.Equal("cancelled", run["status"]!.GetValue<string>());
        Assert.NotNull(run["redrive"]);
        using HttpResponseMessage again = await host.SendAsync(HttpMethod.Delete, $"api/runs/{id}", null);
        Assert.Equal("cancelled", (await RiskHost.ReadAsync(again))["status"]!.GetValue<string>());

        // What was queued before has been taken up when a later run is through.
        await host.RollupAsync(new { folder = "other" });
        int written = 0;
        await foreach (StoredObject found in store.ListAsync(RiskHost.Stop))
        {
            written += found.Key.Kind == ObjectKind.Map ? 1 : 0;
        }

        JsonNode otherRun = (await host.GetJsonAsync("api/runs?portfolio=sample-2-2"))["runs"]![0]!;
        int otherJobs = (await host.GetJsonAsync(otherRun["runUri"]!.GetValue<string>()))["stages"]![0]!["jobs"]!.GetValue<int>();
        Assert.Equal(begun + otherJobs, written);

        string next = await host.RollupAsync(new { manifest = run["manifest"]!.GetValue<string>() });
        JsonNode completed = await host.GetJsonAsync($"api/runs/{next}");
        Assert.Equal("completed", completed["status"]!.GetValue<string>());
        Assert.Equal(jobs, completed["stages"]![0]!["run"]!.GetValue<int>() + completed["stages"]![0]!["cached"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_rollup_that_waits_to_be_packed_can_be_cancelled()
    {
        using var data = new TemporaryFolder();
        var store = new TestStore(data.Path) { Hold = ObjectKind.Elt };
        await using RiskHost host = await RiskHost.StartAsync(configure: builder => builder.Services.AddSingleton<IObjectStore>(store));
        host.WriteSample("book");
        using HttpResponseMessage started = await host.PostAsync("api/rollups", new { folder = "book" });
        string id = (await RiskHost.ReadAsync(started))["id"]!.GetValue<string>();
        await RiskHost.UntilAsync(() => Task.FromResult(store.Held > 0), "packing writes");
        using HttpResponseMessage cancelled = await host.SendAsync(HttpMethod.Delete, $"api/runs/{id}", null);
        Assert.Equal(202, (int)cancelled.StatusCode);
        await host.EndAsync(id);
        Assert.Equal("cancelled", (await host.GetJsonAsync($"api/runs/{id}"))["status"]!.GetValue<string>());

        // The gate stays shut: packing must have let go of it. No table was begun but those which threads were at.
        store.Hold = null;
        await host.RollupAsync(new { folder = "book", level = "portfolio" });
        Assert.InRange(store.Held, 1, Environment.ProcessorCount);
    }
}
