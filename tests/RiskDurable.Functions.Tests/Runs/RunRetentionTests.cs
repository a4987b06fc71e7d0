using Microsoft.Extensions.DependencyInjection;
using RiskDurable.Embedded.DurableTask.Client;
using RiskDurable.Embedded.Worker;
using RiskDurable.Execution.Storage;
using RiskDurable.Functions.Rollup;
using RiskDurable.Functions.Runs;

namespace RiskDurable.Functions.Tests.Runs;

public sealed class RunRetentionTests
{
    [Fact]
    public async Task Runs_that_ended_long_ago_go_with_all_that_belongs_to_them_and_the_latest_of_a_portfolio_stays()
    {
        await using RiskHost host = await RiskHost.StartAsync();
        host.WriteSample("book", deals: 2, trials: 50);
        host.WriteSample("other", deals: 2, trials: 50, seed: 2);
        string first = await host.RollupAsync(new { folder = "book" });
        string latest = await host.RollupAsync(new { folder = "book", returnPeriods = new[] { 5 } });
        string other = await host.RollupAsync(new { folder = "other" });
        RunRetention retention = host.Services.GetRequiredService<RunRetention>();
        PublishedRuns published = host.Services.GetRequiredService<PublishedRuns>();
        Assert.NotNull(await host.Client.Entities.GetEntityAsync(RunProgress.IdOf(first), RiskHost.Stop));
        Assert.NotNull(await published.FindAsync(first, RiskHost.Stop));

        Assert.Equal(0, await retention.PurgeAsync(host.Client, TimeSpan.FromDays(1), dryRun: false, RiskHost.Stop));
        Assert.Equal(1, await retention.PurgeAsync(host.Client, TimeSpan.Zero, dryRun: true, RiskHost.Stop));
        Assert.Equal(3, await CountAsync(host, nameof(RiskRollup)));
        Assert.Equal(1, await retention.PurgeAsync(host.Client, TimeSpan.Zero, dryRun: false, RiskHost.Stop));

        Assert.Equal((2, 0, 0), (await CountAsync(host, nameof(RiskRollup)), await CountAsync(host, nameof(RunStage)), await CountAsync(host, nameof(RunStage.RunBatches))));
        Assert.Null(await host.Client.GetInstanceAsync(first, RiskHost.Stop));
        Assert.Null(await host.Client.Entities.GetEntityAsync(RunProgress.IdOf(first), RiskHost.Stop));
        Assert.Null(await published.FindAsync(first, RiskHost.Stop));
        foreach (string kept in new[] { latest, other })
        {
            Assert.Equal("completed", (await host.GetJsonAsync($"api/runs/{kept}"))["status"]!.GetValue<string>());
            Assert.NotNull(await host.Client.Entities.GetEntityAsync(RunProgress.IdOf(kept), RiskHost.Stop));
            Assert.NotNull(await published.FindAsync(kept, RiskHost.Stop));
            await host.GetJsonAsync($"api/runs/{kept}/nodes");
        }
    }

    [Fact]
    public async Task The_nightly_purge_keeps_runs_as_long_as_the_setting_says_and_open_ones_in_any_case()
    {
        using var data = new TemporaryFolder();
        var store = new TestStore(data.Path);
        await using RiskHost host = await RiskHost.StartAsync(
            new() { ["Risk:RunRetention"] = "00:00:00" }, configure: builder => builder.Services.AddSingleton<IObjectStore>(store));
        host.WriteSample("book", deals: 2, trials: 50);
        string first = await host.RollupAsync(new { folder = "book" });
        await host.RollupAsync(new { folder = "book" });
        using HttpResponseMessage answer = await host.PostAsync("api/deals/analytics", new { portfolio = first, dealIds = new[] { "D00001" } }, ("Prefer", "wait=20"));
        Assert.Equal(200, (int)answer.StatusCode);
        store.Hold = ObjectKind.Map;
        host.WriteSample("other", deals: 2, trials: 50, seed: 2);
        using HttpResponseMessage started = await host.PostAsync("api/rollups", new { folder = "other" });
        string open = (await RiskHost.ReadAsync(started))["id"]!.GetValue<string>();
        await RiskHost.UntilAsync(() => Task.FromResult(store.Held > 0), "a job of the open run writes");

        await host.Services.GetRequiredService<RunRetention>().PurgeRuns(new TimerInfo(), host.Client, RiskHost.Stop);

        Assert.Null(await host.Client.GetInstanceAsync(first, RiskHost.Stop));
        Assert.Equal((2, 0), (await CountAsync(host, nameof(RiskRollup)), await CountAsync(host, nameof(Functions.DealAnalytics.DealAnalytics))));
        store.Open();
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await host.EndAsync(open)).RuntimeStatus);
    }

    private static async Task<int> CountAsync(RiskHost host, string name)
    {
        int count = 0;
        await foreach (OrchestrationMetadata instance in host.Client.GetAllInstancesAsync().WithCancellation(RiskHost.Stop))
        {
            count += instance.Name == name ? 1 : 0;
        }

        return count;
    }
}
