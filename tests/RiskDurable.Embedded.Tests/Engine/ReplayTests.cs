using System.Collections.Concurrent;
using RiskDurable.Embedded.DurableTask;
using RiskDurable.Embedded.DurableTask.Client;
using RiskDurable.Embedded.DurableTask.Entities;

namespace RiskDurable.Embedded.Tests.Engine;

public sealed class ReplayTests
{
    [Fact]
    public async Task Restarted_at_every_await_a_long_orchestration_decides_the_same()
    {
        // Every await is held by an event of its own, so that the host can be stopped exactly there.
        TestFunctions functions = new TestFunctions()
            .Entity<Counter>("counter")
            .Activity<int, int>("Double", x => 2 * x)
            .Orchestrator("Child", async context => await context.CallActivityAsync<int>("Double", context.GetInput<int>()) + 1)
            .Orchestrator("Long", LongAsync);
        List<string> expected;
        await using (TestHost straight = await TestHost.StartAsync(functions))
        {
            expected = await DriveAsync(straight, restarts: false);
        }

        await using TestHost host = await TestHost.StartAsync(functions);
        Assert.Equal(expected, await DriveAsync(host, restarts: true));
    }

    [Fact]
    public async Task Time_and_ids_are_the_same_again_on_replay_and_logs_are_written_once()
    {
        ConcurrentBag<(int Place, DateTime Time, Guid Id, bool Replaying)> seen = [];
        await using TestHost host = await TestHost.StartAsync(new TestFunctions().Orchestrator("Seen", async context =>
        {
            for (int place = 0; place < 4; place++)
            {
                seen.Add((place, context.CurrentUtcDateTime, context.NewGuid(), context.IsReplaying));
                await context.WaitForExternalEvent<int>("go");
            }
        }));
        string id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Seen", TestHost.Patience);
        for (int i = 0; i < 4; i++)
        {
            await TestHost.UntilAsync(() => Task.FromResult(seen.Any(item => item.Place == i && !item.Replaying)));
            await host.RestartAsync();
            await host.Client.RaiseEventAsync(id, "go", i, TestHost.Patience);
        }

        await host.EndOfAsync(id);
        foreach (IGrouping<int, (int Place, DateTime Time, Guid Id, bool Replaying)> place in seen.GroupBy(item => item.Place))
        {
            Assert.Single(place.Select(item => (item.Time, item.Id)).Distinct());
            Assert.Single(place, item => !item.Replaying);
        }

        Assert.Equal(4, seen.Select(item => item.Id).Distinct().Count());
        Assert.Equal(4, seen.Count(item => item.Place == 0 && item.Replaying));
    }

    [Fact]
    public void A_deterministic_id_is_the_same_as_the_real_programming_model_makes()
    {
        // Computed with the algorithm of microsoft/durabletask-dotnet, written out naively below.
        DateTime time = new(2026, 3, 1, 12, 30, 0, DateTimeKind.Utc);
        byte[] space = new Guid("9e952958-5e33-4daf-827f-2fa12937b875").ToByteArray();
        Swap(space);
        byte[] name = System.Text.Encoding.UTF8.GetBytes($"abc_{time:o}_7");
#pragma warning disable CA5350
        byte[] hash = System.Security.Cryptography.SHA1.HashData([.. space, .. name])[..16];
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | (5 << 4));
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        Swap(hash);
        Assert.Equal(new Guid(hash), Embedded.Engine.Orchestrations.DeterministicGuid.Create("abc", time, 7));

        static void Swap(byte[] bytes)
        {
            (bytes[0], bytes[3]) = (bytes[3], bytes[0]);
            (bytes[1], bytes[2]) = (bytes[2], bytes[1]);
            (bytes[4], bytes[5]) = (bytes[5], bytes[4]);
            (bytes[6], bytes[7]) = (bytes[7], bytes[6]);
        }
    }

    [Fact]
    public async Task An_orchestration_that_has_left_memory_goes_on_from_its_history()
    {
        await using TestHost host = await TestHost.StartAsync(
            new TestFunctions().Activity<int, int>("Next", x => x + 1).Orchestrator("Wait", async context =>
            {
                int value = await context.CallActivityAsync<int>("Next", context.GetInput<int>());
                return value + await context.WaitForExternalEvent<int>("go");
            }),
            options => options with { MaxCachedOrchestrations = 3 });
        string[] ids = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", i, TestHost.Patience)));
        await Task.WhenAll(ids.Select(id => host.Client.WaitForInstanceStartAsync(id, TestHost.Patience)));
        await Task.WhenAll(ids.Select(id => host.Client.RaiseEventAsync(id, "go", 100, TestHost.Patience)));
        for (int i = 0; i < ids.Length; i++)
        {
            Assert.Equal(i + 101, (await host.EndOfAsync(ids[i])).ReadOutputAs<int>());
        }
    }

    private static async Task<List<string>> LongAsync(TaskOrchestrationContext context)
    {
        List<string> done = [];
        EntityInstanceId counter = new("counter", context.InstanceId);
        for (int round = 0; round < 3; round++)
        {
            done.Add($"activity {await context.CallActivityAsync<int>("Double", round)}");
            await GateAsync();
            done.Add($"child {await context.CallSubOrchestratorAsync<int>("Child", round)}");
            await GateAsync();
            await context.CreateTimer(TimeSpan.FromMilliseconds(1), CancellationToken.None);
            await GateAsync();
            await context.Entities.SignalEntityAsync(counter, "add", 1);
            done.Add($"entity {await context.Entities.CallEntityAsync<int>(counter, "get")}");
            await GateAsync();
            int[] all = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => context.CallActivityAsync<int>("Double", i)));
            done.Add($"all {string.Join(' ', all)}");
            await GateAsync();
            context.SetCustomStatus(done.Count);
        }

        return done;

        async Task GateAsync()
        {
            context.SetCustomStatus($"gate {done.Count}");
            done.Add($"event {await context.WaitForExternalEvent<int>("gate")}");
        }
    }

    private static async Task<List<string>> DriveAsync(TestHost host, bool restarts)
    {
        const string id = "long";
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Long", null, new StartOrchestrationOptions(id), TestHost.Patience);
        for (int gate = 0; gate < 15; gate++)
        {
            if (restarts)
            {
                await host.RestartAsync();
            }

            await host.Client.RaiseEventAsync(id, "gate", gate, TestHost.Patience);
            if (restarts)
            {
                await host.RestartAsync();
            }
        }

        OrchestrationMetadata ended = await host.EndOfAsync(id);
        Assert.Equal(OrchestrationRuntimeStatus.Completed, ended.RuntimeStatus);
        return ended.ReadOutputAs<List<string>>()!;
    }
}
