using Microsoft.Extensions.DependencyInjection;
using RiskDurable.Embedded.DurableTask.Client;
using RiskDurable.Execution.Storage;

namespace RiskDurable.Functions.Tests.DealAnalytics;

/// <summary>Analyses of deals beside a rollup, and across a restart.</summary>
public sealed class LaneTests
{
    [Fact]
    public async Task A_deal_is_answered_while_a_rollup_holds_every_common_slot()
    {
        // One slot besides those of deals: the first job of the rollup that stands still takes it.
        GatedStore? gate = null;
        await using RiskHost host = await RiskHost.StartAsync(
            new Dictionary<string, string?>
            {
                ["AzureFunctionsJobHost:extensions:durableTask:maxConcurrentActivityFunctions"] = $"{1 + Hosting.RiskApplication.DealSlots}",
            },
            configure: builder => builder.Services.AddSingleton<IObjectStore>(services =>
                gate = new GatedStore(new DiskObjectStore(Path.Combine(OptionsOf(services).DataFolder, "objects")), ObjectKind.Map)));
        host.WriteSample("first");
        host.WriteSample("second", seed: 2);
        string done = await host.RollupAsync(new { folder = "first" });

        gate!.IsClosed = true;
        using HttpResponseMessage started = await host.PostAsync("api/rollups", new { folder = "second" });
        string running = (await RiskHost.ReadAsync(started))["id"]!.GetValue<string>();
        await RiskHost.UntilAsync(() => Task.FromResult(gate.Waiting == 1), "a job of the rollup stands still");

        using HttpResponseMessage answer = await host.PostAsync(
            "api/deals/analytics", new { portfolio = done, dealIds = new[] { "D00001" } }, ("Prefer", "wait=20"));
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal(1, gate.Waiting);
        Assert.False((await host.Client.GetInstanceAsync(running, RiskHost.Stop))!.IsCompleted);

        gate.Open();
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await host.EndAsync(running)).RuntimeStatus);
    }

    [Fact]
    public async Task Jobs_of_a_rollup_wait_while_an_analysis_is_computed_and_no_more_of_them_run_than_there_are_cores()
    {
        var time = new StoppedTime();
        GatedStore? gate = null;
        await using RiskHost host = await RiskHost.StartAsync(configure: builder => builder.Services
            .AddSingleton<TimeProvider>(time)
            .AddSingleton<IObjectStore>(services => gate = new GatedStore(new DiskObjectStore(Path.Combine(OptionsOf(services).DataFolder, "objects")), ObjectKind.Analysis)));
        host.WriteSample("first");
        host.WriteSample("second", deals: 30, seed: 2);
        string done = await host.RollupAsync(new { folder = "first" });
        using HttpResponseMessage ingest = await host.PostAsync("api/portfolios/sample-30-2", new { folder = "second", blockTrials = 100 });
        await host.EndAsync((await RiskHost.ReadAsync(ingest))["id"]!.GetValue<string>());
        int written = await CountMapsAsync(gate!);

        gate!.IsClosed = true;
        using HttpResponseMessage analysis = await host.PostAsync(
            "api/deals/analytics", new { portfolio = done, dealIds = new[] { "D00001" } }, ("Prefer", "wait=0"));
        await RiskHost.UntilAsync(() => Task.FromResult(gate.Waiting == 1), "the analysis is about to write its answer");
        using HttpResponseMessage started = await host.PostAsync("api/rollups", new { portfolio = "sample-30-2" });
        string running = (await RiskHost.ReadAsync(started))["id"]!.GetValue<string>();
        await RiskHost.UntilAsync(() => Task.FromResult(time.Waiting >= Environment.ProcessorCount), "as many jobs as there are cores wait for the analysis");

        // What is asked of the host meanwhile goes past the jobs that wait for a slot.
        await host.RollupAsync(new { portfolio = "sample-8-1" });
        Assert.Equal((Environment.ProcessorCount, written), (time.Waiting, await CountMapsAsync(gate)));

        gate.Open();
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await host.EndAsync(running)).RuntimeStatus);
    }

    [Fact]
    public async Task An_analysis_under_way_is_answered_after_a_restart()
    {
        await using RiskHost host = await RiskHost.StartAsync();
        host.WriteSample("book");
        string run = await host.RollupAsync(new { folder = "book" });
        GatedStore? gate = null;
        await host.RestartAsync(configure: builder => builder.Services.AddSingleton<IObjectStore>(services =>
            gate = new GatedStore(new DiskObjectStore(Path.Combine(host.Data, "objects")), ObjectKind.Analysis) { IsClosed = true }));
        using HttpResponseMessage accepted = await host.PostAsync(
            "api/deals/analytics", new { portfolio = run, dealIds = new[] { "D00001" } }, ("Prefer", "wait=0"));
        Assert.Equal(202, (int)accepted.StatusCode);
        string id = (await RiskHost.ReadAsync(accepted))["id"]!.GetValue<string>();
        await RiskHost.UntilAsync(() => Task.FromResult(gate!.Waiting == 1), "the answer is about to be written");

        using (var now = new CancellationTokenSource())
        {
            await now.CancelAsync();
            await host.Host.StopAsync(now.Token);
        }

        await host.RestartAsync();
        await host.EndAsync(id);
        using HttpResponseMessage answer = await host.GetAsync($"api/deals/analytics/{id}");
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal("D00001", (await RiskHost.ReadAsync(answer))["deals"]![0]!["id"]!.GetValue<string>());
    }

    private static Hosting.RiskOptions OptionsOf(IServiceProvider services) =>
        services.GetRequiredService<Microsoft.Extensions.Options.IOptions<Hosting.RiskOptions>>().Value;

    private static async Task<int> CountMapsAsync(GatedStore store) =>
        await store.ListAsync(RiskHost.Stop).CountAsync(stored => stored.Key.Kind == ObjectKind.Map, RiskHost.Stop);

    /// <summary>No time passes, and timers fire all the same: whoever gives way to an analysis never loses patience.</summary>
    private sealed class StoppedTime : TimeProvider
    {
        private int _waiting;

        /// <summary>Timers that are set for as long as jobs wait for analyses.</summary>
        public int Waiting => Volatile.Read(ref _waiting);

        public override long GetTimestamp() => 0;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime == TimeSpan.FromSeconds(2))
            {
                Interlocked.Increment(ref _waiting);
                dueTime = Timeout.InfiniteTimeSpan;
            }

            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
