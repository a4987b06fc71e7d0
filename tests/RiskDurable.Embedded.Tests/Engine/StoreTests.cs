using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using RiskDurable.Embedded.DurableTask.Client;
using RiskDurable.Embedded.Engine;

namespace RiskDurable.Embedded.Tests.Engine;

public sealed class StoreTests
{
    [Fact]
    public async Task Ten_thousand_rounds_of_continue_as_new_grow_neither_file_nor_memory()
    {
        await using TestHost host = await TestHost.StartAsync(new TestFunctions().Orchestrator("Rounds", context =>
        {
            int round = context.GetInput<int>();
            if (round % 10_000 != 0)
            {
                context.ContinueAsNew(round + 1);
            }

            return Task.FromResult(round);
        }));
        Assert.Equal(10_000, await host.RunAsync<int>("Rounds", 1));
        long file = new FileInfo(host.Engine.StatePath).Length;
        long memory = GC.GetTotalMemory(forceFullCollection: true);
        Assert.Equal(20_000, await host.RunAsync<int>("Rounds", 10_001));
        Assert.InRange(new FileInfo(host.Engine.StatePath).Length - file, 0, 64 * 1024);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - memory, long.MinValue, 4_000_000);
        await host.StopAsync();
        Assert.Equal((0, 2, 0), (Count(host, "message"), Count(host, "history"), Count(host, "payload")));
    }

    [Fact]
    public async Task Large_payloads_are_kept_beside_the_rows_and_freed_with_their_instance()
    {
        string large = new('x', 300_000);
        await using TestHost host = await TestHost.StartAsync(new TestFunctions()
            .Activity<string, string>("Echo", text => text + "y")
            .Orchestrator("Round", async context =>
            {
                string text = await context.CallActivityAsync<string>("Echo", context.GetInput<string>());
                Assert.Equal(300_001, text.Length);
                if (!await context.WaitForExternalEvent<bool>("end"))
                {
                    context.ContinueAsNew(large);
                }

                return await context.CallSubOrchestratorAsync<string>("Child", text);
            })
            .Orchestrator("Child", context => Task.FromResult(context.GetInput<string>())));
        string id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Round", large, TestHost.Patience);
        await host.RestartAsync();
        await host.Client.RaiseEventAsync(id, "end", false, TestHost.Patience);
        await host.Client.RaiseEventAsync(id, "end", true, TestHost.Patience);
        OrchestrationMetadata ended = await host.EndOfAsync(id);
        Assert.True(ended.RuntimeStatus == OrchestrationRuntimeStatus.Completed, $"{ended} {ended.FailureDetails?.StackTrace}");
        Assert.Equal(large + "y", ended.ReadOutputAs<string>());
        await host.StopAsync();

        // The second round's input, activity input and result, child result and output; input and output of each round's child.
        Assert.Equal(5 + (2 * 2), Count(host, "payload"));
        await host.RestartAsync();
        await host.Client.PurgeInstanceAsync(id, new PurgeInstanceOptions(Recursive: true), TestHost.Patience);
        await host.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter(), TestHost.Patience);
        await host.StopAsync();
        Assert.Equal((0, 0, 0, 0), (Count(host, "payload"), Count(host, "instance"), Count(host, "history"), Count(host, "message")));
    }

    [Fact]
    public async Task A_second_host_on_the_same_folder_is_refused_and_told_who_holds_it()
    {
        await using TestHost host = await TestHost.StartAsync(new TestFunctions());
        await using DurableEngine second = new(new EngineOptions { StateFolder = host.Folder }, new TestFunctions(), NullLoggerFactory.Instance);
        IOException refused = await Assert.ThrowsAsync<IOException>(() => second.StartAsync(TestHost.Patience));
        Assert.Contains($"process {Environment.ProcessId} since 20", refused.Message, StringComparison.Ordinal);
        Assert.Contains(host.Folder, refused.Message, StringComparison.Ordinal);
        await host.StopAsync();
        await second.StartAsync(TestHost.Patience);
    }

    [Fact]
    public async Task A_file_of_another_format_is_refused()
    {
        await using TestHost host = await TestHost.StartAsync(new TestFunctions());
        string path = host.Engine.StatePath;
        await host.StopAsync();
        using (SqliteConnection connection = new($"Data Source={path};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version=99";
            command.ExecuteNonQuery();
        }

        InvalidDataException refused = await Assert.ThrowsAsync<InvalidDataException>(host.RestartAsync);
        Assert.Contains("format 99", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_waits_for_running_activities_and_records_what_they_did()
    {
        int runs = 0;
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource finish = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestHost host = await TestHost.StartAsync(new TestFunctions()
            .Activity<int, int>("Slow", async (input, _) =>
            {
                Interlocked.Increment(ref runs);
                started.TrySetResult();
                await finish.Task;
                return input;
            })
            .Orchestrator("Run", context => context.CallActivityAsync<int>("Slow", 7)));
        string id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Run", TestHost.Patience);
        await started.Task;
        Task stopping = host.RestartAsync();
        finish.SetResult();
        await stopping;
        Assert.Equal(7, (await host.EndOfAsync(id)).ReadOutputAs<int>());
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task Reserved_slots_keep_a_lane_from_waiting_behind_another()
    {
        TaskCompletionSource blocked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int running = 0;
        await using TestHost host = await TestHost.StartAsync(
            new TestFunctions()
                .Activity<int, int>("Bulk", async (input, _) =>
                {
                    Interlocked.Increment(ref running);
                    await blocked.Task;
                    return input;
                })
                .Activity<int, int>("Deal", input => input)
                .Orchestrator("Rollup", context => Task.WhenAll(Enumerable.Range(0, 20).Select(i => context.CallActivityAsync<int>("Bulk", i))))
                .Orchestrator("Deal", context => context.CallActivityAsync<int>("Deal", 5)),
            options => options with
            {
                MaxConcurrentActivities = 4,
                ActivityLane = name => name == "Deal" ? "deals" : null,
                ReservedActivitySlots = new Dictionary<string, int> { ["deals"] = 1 },
            });
        string rollup = await host.Client.ScheduleNewOrchestrationInstanceAsync("Rollup", TestHost.Patience);
        await TestHost.UntilAsync(() => Task.FromResult(Volatile.Read(ref running) == 3));
        Assert.Equal(5, await host.RunAsync<int>("Deal"));
        Assert.Equal(3, Volatile.Read(ref running));
        blocked.SetResult();
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await host.EndOfAsync(rollup)).RuntimeStatus);
    }

    [Fact]
    public async Task A_lane_uses_no_more_slots_than_its_limit_and_leaves_the_others_free()
    {
        TaskCompletionSource blocked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int running = 0;
        int most = 0;
        await using TestHost host = await TestHost.StartAsync(
            new TestFunctions()
                .Activity<int, int>("Job", async (input, _) =>
                {
                    InterlockedMax(ref most, Interlocked.Increment(ref running));
                    await blocked.Task;
                    Interlocked.Decrement(ref running);
                    return input;
                })
                .Activity<int, int>("Plan", input => input)
                .Orchestrator("Rollup", context => Task.WhenAll(Enumerable.Range(0, 20).Select(i => context.CallActivityAsync<int>("Job", i))))
                .Orchestrator("Plan", context => context.CallActivityAsync<int>("Plan", 5)),
            options => options with
            {
                MaxConcurrentActivities = 8,
                ActivityLane = name => name == "Job" ? "jobs" : null,
                MostActivitySlots = new Dictionary<string, int> { ["jobs"] = 2 },
            });
        string rollup = await host.Client.ScheduleNewOrchestrationInstanceAsync("Rollup", TestHost.Patience);
        await TestHost.UntilAsync(() => Task.FromResult(Volatile.Read(ref running) == 2));

        // An activity that was asked for later is through, and the other eighteen jobs are still waiting.
        Assert.Equal(5, await host.RunAsync<int>("Plan"));
        blocked.SetResult();
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await host.EndOfAsync(rollup)).RuntimeStatus);
        Assert.Equal(2, most);

        static void InterlockedMax(ref int most, int value)
        {
            int seen;
            while ((seen = Volatile.Read(ref most)) < value && Interlocked.CompareExchange(ref most, value, seen) != seen)
            {
            }
        }
    }

    private static int Count(TestHost host, string table)
    {
        using SqliteConnection connection = new($"Data Source={Path.Combine(host.Folder, "default.db")};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100
        command.CommandText = $"SELECT count(*) FROM {table}";
#pragma warning restore CA2100
        return Convert.ToInt32(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }
}
