using RiskDurable.Embedded.DurableTask.Client;

namespace RiskDurable.Embedded.Tests.Engine;

public sealed class EventTests
{
    [Fact]
    public async Task Events_that_come_early_are_kept_in_order_by_name()
    {
        await using TestHost host = await TestHost.StartAsync(new TestFunctions()
            .Activity<int, int>("Gate", x => x)
            .Orchestrator("Collect", async context =>
            {
                await context.WaitForExternalEvent<object>("start");
                List<int> got = [];
                for (int i = 0; i < 10; i++)
                {
                    got.Add(await context.WaitForExternalEvent<int>("A"));
                }

                got.Add(await context.WaitForExternalEvent<int>("b"));
                return got;
            }));
        string id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Collect", TestHost.Patience);
        await host.Client.RaiseEventAsync(id, "B", 99, TestHost.Patience);
        for (int i = 0; i < 10; i++)
        {
            await host.Client.RaiseEventAsync(id, "a", i, TestHost.Patience);
        }

        await host.RestartAsync();
        await host.Client.RaiseEventAsync(id, "start", TestHost.Patience);
        int[] got = (await host.EndOfAsync(id)).ReadOutputAs<int[]>()!;
        Assert.Equal([.. Enumerable.Range(0, 10), 99], got);
    }

    [Fact]
    public async Task The_latest_to_wait_gets_the_next_event_and_a_cancelled_wait_takes_none()
    {
        await using TestHost host = await TestHost.StartAsync(new TestFunctions().Orchestrator("Waits", async context =>
        {
            Task<int> first = context.WaitForExternalEvent<int>("x");
            Task<int> second = context.WaitForExternalEvent<int>("x");
            using CancellationTokenSource source = new();
            Task<int> cancelled = context.WaitForExternalEvent<int>("x", source.Token);
            source.Cancel();
            Assert.True(cancelled.IsCanceled);
            return (int[])[await second, await first];
        }));
        string id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Waits", TestHost.Patience);
        await host.Client.RaiseEventAsync(id, "x", 1, TestHost.Patience);
        await host.Client.RaiseEventAsync(id, "x", 2, TestHost.Patience);
        int[] got = (await host.EndOfAsync(id)).ReadOutputAs<int[]>()!;
        Assert.Equal([1, 2], got);
    }

    [Fact]
    public async Task Orchestrations_send_each_other_events_and_one_to_nobody_is_dropped()
    {
        await using TestHost host = await TestHost.StartAsync(new TestFunctions()
            .Orchestrator("Receive", context => context.WaitForExternalEvent<string>("note"))
            .Orchestrator("Send", context =>
            {
                context.SendEvent("nobody", "note", "lost");
                context.SendEvent(context.GetInput<string>()!, "note", "hello");
                return Task.CompletedTask;
            }));
        string id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Receive", TestHost.Patience);
        await host.RunAsync<object>("Send", id);
        Assert.Equal("hello", (await host.EndOfAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task A_cancelled_timer_does_not_keep_the_orchestration_and_an_open_one_does()
    {
        await using TestHost host = await TestHost.StartAsync(new TestFunctions()
            .Orchestrator("Cancelled", async context =>
            {
                using CancellationTokenSource source = new();
                Task timer = context.CreateTimer(TimeSpan.FromDays(1), source.Token);
                await context.CreateTimer(TimeSpan.FromMilliseconds(1), CancellationToken.None);
                source.Cancel();
                return timer.IsCanceled;
            })
            .Orchestrator("Open", context =>
            {
                _ = context.CreateTimer(TimeSpan.FromMilliseconds(150), CancellationToken.None);
                return Task.FromResult(context.CurrentUtcDateTime);
            }));
        Assert.True(await host.RunAsync<bool>("Cancelled"));
        DateTime started = await host.RunAsync<DateTime>("Open");
        Assert.True(DateTime.UtcNow - started >= TimeSpan.FromMilliseconds(150));
    }

    [Fact]
    public async Task Continue_as_new_hands_on_waiting_events_unless_told_not_to()
    {
        await using TestHost host = await TestHost.StartAsync(new TestFunctions().Orchestrator("Rounds", async context =>
        {
            (int round, bool keep) = context.GetInput<(int, bool)>();
            if (round == 0)
            {
                await context.WaitForExternalEvent<object>("start");
                context.SetCustomStatus("from the first round");
                context.ContinueAsNew((1, keep), preserveUnprocessedEvents: keep);
                return "";
            }

            return string.Join(' ', await context.WaitForExternalEvent<int>("x"), await context.WaitForExternalEvent<int>("x"));
        }));
        foreach (bool keep in (bool[])[true, false])
        {
            string id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Rounds", (0, keep), TestHost.Patience);
            await host.Client.RaiseEventAsync(id, "x", 1, TestHost.Patience);
            await host.Client.RaiseEventAsync(id, "x", 2, TestHost.Patience);
            await host.Client.RaiseEventAsync(id, "start", TestHost.Patience);
            await TestHost.UntilAsync(async () => (await host.Client.GetInstanceAsync(id, true, TestHost.Patience))!.SerializedCustomStatus is not null);
            await host.RestartAsync();
            if (!keep)
            {
                await host.Client.RaiseEventAsync(id, "x", 3, TestHost.Patience);
                await host.Client.RaiseEventAsync(id, "x", 4, TestHost.Patience);
            }

            OrchestrationMetadata ended = await host.EndOfAsync(id);
            Assert.Equal(keep ? "1 2" : "3 4", ended.ReadOutputAs<string>());
            Assert.Equal("from the first round", ended.ReadCustomStatusAs<string>());
        }
    }
}
