using RiskDurable.Embedded.DurableTask;
using RiskDurable.Embedded.DurableTask.Client.Entities;
using RiskDurable.Embedded.DurableTask.Entities;

namespace RiskDurable.Embedded.Tests.Engine;

public sealed class EntityTests
{
    private static readonly EntityInstanceId Id = new("Counter", "k");

    [Fact]
    public async Task An_operation_that_throws_leaves_neither_state_nor_signals_and_its_caller_sees_the_failure()
    {
        await using TestHost host = await TestHost.StartAsync(new TestFunctions().Entity<Counter>("counter").Orchestrator("Call", async context =>
        {
            await context.Entities.CallEntityAsync(Id, "add", 5);
            try
            {
                await context.Entities.CallEntityAsync(Id, "AddThenThrow", 100);
                return "no failure";
            }
            catch (EntityOperationFailedException failure)
            {
                Assert.True(failure.FailureDetails.IsCausedBy<InvalidOperationException>());
                Assert.Equal("AddThenThrow", failure.OperationName);
                Assert.Equal(Id, failure.EntityId);
            }

            return $"{await context.Entities.CallEntityAsync<int>(Id, "get")} {failureFree(await context.Entities.CallEntityAsync<int>(new("counter", "witness"), "get"))}";
            static string failureFree(int witness) => witness == 0 ? "untouched" : "signalled";
        }));
        Assert.Equal("5 untouched", await host.RunAsync<string>("Call"));
    }

    [Fact]
    public async Task Operations_of_one_sender_run_one_at_a_time_in_order()
    {
        List<int> seen = [];
        int inside = 0;
        await using TestHost host = await TestHost.StartAsync(new TestFunctions()
            .Entity("log", () => new Recorder(async input =>
            {
                Assert.Equal(1, Interlocked.Increment(ref inside));
                await Task.Yield();
                seen.Add(input);
                Interlocked.Decrement(ref inside);
            }))
            .Orchestrator("Send", async context =>
            {
                EntityInstanceId id = new("log", "x");
                for (int i = 0; i < 300; i++)
                {
                    await context.Entities.SignalEntityAsync(id, "append", i);
                    if (i % 50 == 0)
                    {
                        await context.Entities.CallEntityAsync(id, "append", 1000 + i);
                    }
                }

                await context.Entities.CallEntityAsync(id, "append", -1);
            }));
        await host.RunAsync<object>("Send");
        Assert.Equal(Enumerable.Range(0, 300).SelectMany(i => i % 50 == 0 ? [i, 1000 + i] : (int[])[i]).Append(-1), seen);
    }

    [Fact]
    public async Task A_scheduled_signal_arrives_at_its_time_also_after_a_restart()
    {
        await using TestHost host = await TestHost.StartAsync(new TestFunctions().Entity<Counter>("counter"));
        DateTimeOffset due = DateTimeOffset.UtcNow.AddMilliseconds(700);
        await host.Client.Entities.SignalEntityAsync(Id, "add", 3, new SignalEntityOptions { SignalTime = due }, TestHost.Patience);
        await host.Client.Entities.SignalEntityAsync(Id, "add", 4, cancellation: TestHost.Patience);
        await TestHost.UntilAsync(async () => await StateAsync(host) == 4);
        Assert.True(DateTimeOffset.UtcNow < due, "The machine is too slow for this test's times.");
        await host.RestartAsync();
        await TestHost.UntilAsync(async () => await StateAsync(host) == 7);
        Assert.True(DateTimeOffset.UtcNow >= due);
    }

    [Fact]
    public async Task Delete_removes_the_entity_and_the_next_operation_starts_afresh()
    {
        await using TestHost host = await TestHost.StartAsync(new TestFunctions().Entity<Counter>("counter"));
        await host.Client.Entities.SignalEntityAsync(Id, "add", 4, cancellation: TestHost.Patience);
        await TestHost.UntilAsync(async () => await StateAsync(host) == 4);
        await host.Client.Entities.SignalEntityAsync(Id, "Delete", cancellation: TestHost.Patience);
        await TestHost.UntilAsync(async () => await StateAsync(host) is null);
        await host.Client.Entities.SignalEntityAsync(Id, "add", 1, cancellation: TestHost.Patience);
        await TestHost.UntilAsync(async () => await StateAsync(host) == 1);
    }

    [Fact]
    public async Task An_entity_starts_orchestrations_and_signals_others()
    {
        await using TestHost host = await TestHost.StartAsync(new TestFunctions()
            .Entity<Counter>("counter")
            .Entity("starter", () => new Starter())
            .Orchestrator("Started", context => Task.FromResult(context.GetInput<string>() + (context.Parent is null ? "" : " with parent"))));
        await host.Client.Entities.SignalEntityAsync(new("starter", "1"), "go", "hello", cancellation: TestHost.Patience);
        Assert.Equal("hello", (await host.EndOfAsync("started-by-entity")).ReadOutputAs<string>());
        await TestHost.UntilAsync(async () => await StateAsync(host) == 9);
    }

    [Fact]
    public async Task State_survives_a_restart_and_is_listed_by_prefix_in_pages()
    {
        await using TestHost host = await TestHost.StartAsync(new TestFunctions().Entity<Counter>("counter").Entity<Counter>("other"));
        for (int i = 0; i < 25; i++)
        {
            await host.Client.Entities.SignalEntityAsync(new("counter", $"a{i:00}"), "add", i + 1, cancellation: TestHost.Patience);
        }

        await host.Client.Entities.SignalEntityAsync(new("other", "a"), "add", 1, cancellation: TestHost.Patience);
        await TestHost.UntilAsync(async () => (await ListAsync(host, new EntityQuery())).Count == 26);
        await host.RestartAsync();
        List<EntityMetadata<int>> found = await ListAsync(host, new EntityQuery { InstanceIdStartsWith = "Counter@a", PageSize = 10 });
        Assert.Equal(Enumerable.Range(1, 25), found.Select(entity => entity.State).Order());
        int pages = 0;
        await foreach (Page<EntityMetadata> page in host.Client.Entities.GetAllEntitiesAsync(
            new EntityQuery { InstanceIdStartsWith = "@counter", IncludeState = false, PageSize = 10 }).AsPages())
        {
            Assert.All(page.Values, entity => Assert.False(entity.IncludesState));
            pages++;
        }

        Assert.Equal(3, pages);
    }

    [Fact]
    public async Task A_missing_entity_function_or_operation_fails_the_call()
    {
        await using TestHost host = await TestHost.StartAsync(new TestFunctions().Entity<Counter>("counter").Orchestrator("Call", async context =>
        {
            List<string> failures = [];
            foreach (EntityInstanceId id in (EntityInstanceId[])[new("nobody", "1"), Id])
            {
                try
                {
                    await context.Entities.CallEntityAsync(id, "nothing");
                }
                catch (EntityOperationFailedException failure)
                {
                    failures.Add(failure.FailureDetails.ErrorType);
                }
            }

            return failures;
        }));
        Assert.Equal(["TaskNotFound", "System.NotSupportedException"], (await host.RunAsync<string[]>("Call"))!);
    }

    private static async Task<int?> StateAsync(TestHost host) =>
        (await host.Client.Entities.GetEntityAsync<int>(Id, TestHost.Patience))?.State;

    private static async Task<List<EntityMetadata<int>>> ListAsync(TestHost host, EntityQuery query)
    {
        List<EntityMetadata<int>> found = [];
        await foreach (EntityMetadata<int> entity in host.Client.Entities.GetAllEntitiesAsync<int>(query))
        {
            found.Add(entity);
        }

        return found;
    }

    private sealed class Recorder(Func<int, Task> record) : ITaskEntity
    {
        public async ValueTask<object?> RunAsync(TaskEntityOperation operation)
        {
            await record(operation.GetInput<int>());
            return null;
        }
    }

    private sealed class Starter : TaskEntity<string?>
    {
        public void Go(TaskEntityContext context, string input)
        {
            context.ScheduleNewOrchestration("Started", input, new StartOrchestrationOptions("started-by-entity"));
            context.SignalEntity(Id, "add", 9);
        }

        protected override string? InitializeState(TaskEntityOperation entityOperation) => null;
    }
}
