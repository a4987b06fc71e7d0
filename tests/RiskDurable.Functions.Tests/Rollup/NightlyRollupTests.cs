using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using RiskDurable.Embedded.DurableTask.Client;
using RiskDurable.Embedded.Worker;
using RiskDurable.Functions.Rollup;

namespace RiskDurable.Functions.Tests.Rollup;

public sealed class NightlyRollupTests
{
    private static readonly DateTimeOffset Tick = new(2030, 1, 2, 2, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(40 * 60)]
    public void A_tick_is_named_by_its_scheduled_time_however_early_or_late_it_comes(int seconds)
    {
        var timer = new TimerInfo { ScheduleStatus = new ScheduleStatus { Next = Tick.UtcDateTime } };
        Assert.Equal(Tick, NightlyRollup.TickOf(timer, Tick.AddSeconds(seconds)));
    }

    [Fact]
    public void A_tick_outside_of_the_schedule_is_named_by_its_minute()
    {
        DateTimeOffset now = Tick.AddHours(5).AddSeconds(17);
        Assert.Equal(Tick.AddHours(5), NightlyRollup.TickOf(new TimerInfo(), now));
        Assert.Equal(Tick.AddHours(5), NightlyRollup.TickOf(new TimerInfo { ScheduleStatus = new ScheduleStatus { Next = Tick.AddDays(1).UtcDateTime } }, now));
    }

    [Fact]
    public async Task A_tick_starts_one_rollup_however_often_it_is_delivered()
    {
        await using RiskHost host = await RiskHost.StartAsync(new() { ["RollupPortfolio"] = "book" });
        host.WriteSample("book", deals: 3, trials: 50);
        NightlyRollup nightly = ActivatorUtilities.CreateInstance<NightlyRollup>(host.Services);
        var tick = new TimerInfo { ScheduleStatus = new ScheduleStatus { Next = Tick.AddYears(-10).UtcDateTime } };
        const string Id = "rollup-nightly-20200102-020000";
        await Task.WhenAll(nightly.Run(tick, host.Client, RiskHost.Stop), nightly.Run(tick, host.Client, RiskHost.Stop));
        OrchestrationMetadata run = await host.EndAsync(Id);
        await nightly.Run(tick, host.Client, RiskHost.Stop);
        Assert.Equal(run.CreatedAt, (await host.EndAsync(Id)).CreatedAt);
        Assert.Equal("book", Path.GetFileName(run.ReadInputAs<RollupRequest>()!.Folder));
        Assert.Equal("timer", Assert.Single(await RunsAsync(host))!["startedBy"]!.GetValue<string>());

        tick.ScheduleStatus.Next = tick.ScheduleStatus.Next.AddDays(1);
        await nightly.Run(tick, host.Client, RiskHost.Stop);
        Assert.Equal(["rollup-nightly-20200103-020000", Id], (await RunsAsync(host)).Select(listed => listed!["id"]!.GetValue<string>()));
        await host.EndAsync("rollup-nightly-20200103-020000");
    }

    [Fact]
    public async Task The_host_ticks_and_a_portfolio_by_its_id_is_rolled_up_as_it_was_packed_last()
    {
        var settings = new Dictionary<string, string?> { ["RollupSchedule"] = "* * * * * *", ["RollupPortfolio"] = "sample-3-1" };
        await using RiskHost host = await RiskHost.StartAsync();
        host.WriteSample("book", deals: 3, trials: 50);
        using HttpResponseMessage ingest = await host.PostAsync("api/portfolios/sample-3-1", new { folder = "book" });
        await host.EndAsync((await RiskHost.ReadAsync(ingest))["id"]!.GetValue<string>());
        await RiskHost.UntilAsync(async () => (int)(await host.GetAsync("api/portfolios/sample-3-1")).StatusCode == 200, "the catalogue knows the portfolio");
        Assert.Empty(await RunsAsync(host));

        await host.RestartAsync(settings);
        await RiskHost.UntilAsync(async () => (await RunsAsync(host)).Count > 0, "the timer starts a run");
        OrchestrationMetadata run = await host.EndAsync((await RunsAsync(host))[0]!["id"]!.GetValue<string>());
        Assert.Equal(OrchestrationRuntimeStatus.Completed, run.RuntimeStatus);
        Assert.Equal((await host.GetJsonAsync("api/portfolios/sample-3-1"))["manifest"]!.GetValue<string>(), run.ReadInputAs<RollupRequest>()!.Manifest);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("none", "no portfolio with the id 'none'")]
    [InlineData("/etc", "not below")]
    public async Task Without_a_portfolio_nothing_is_started(string? portfolio, string? complaint)
    {
        await using RiskHost host = await RiskHost.StartAsync(portfolio is null ? [] : new() { ["RollupPortfolio"] = portfolio });
        NightlyRollup nightly = ActivatorUtilities.CreateInstance<NightlyRollup>(host.Services);
        Task run = nightly.Run(new TimerInfo(), host.Client, RiskHost.Stop);
        if (complaint is null)
        {
            await run;
        }
        else
        {
            Assert.Contains(complaint, (await Assert.ThrowsAsync<InvalidOperationException>(() => run)).Message, StringComparison.Ordinal);
        }

        Assert.Empty(await RunsAsync(host));
    }

    private static async Task<JsonArray> RunsAsync(RiskHost host) => (await host.GetJsonAsync("api/runs"))["runs"]!.AsArray();
}
