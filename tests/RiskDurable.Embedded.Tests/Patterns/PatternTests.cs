using RiskDurable.Embedded.DurableTask.Client;
using RiskDurable.Embedded.DurableTask.Entities;
using RiskDurable.Embedded.Tests.Engine;

namespace RiskDurable.Embedded.Tests.Patterns;

public sealed class PatternTests
{
    [Fact]
    public async Task Function_chaining_passes_each_result_to_the_next()
    {
        await using TestHost host = await TestHost.StartAsync(new TestFunctions()
            .Activity<string, string>("Hello", name => $"Hello {name}!")
            .Orchestrator("Chain", async context => (string[])
            [
                await context.CallActivityAsync<string>("Hello", "Tokyo"),
                await context.CallActivityAsync<string>("hello", "London"),
                await context.CallActivityAsync<string>("HELLO", context.GetInput<string>()),
            ]));
        Assert.Equal(["Hello Tokyo!", "Hello London!", "Hello Zürich!"], (await host.RunAsync<string[]>("chain", "Zürich"))!);
    }

    [Fact]
    public async Task Fan_out_and_fan_in_over_sub_orchestrations_adds_up()
    {
        await using TestHost host = await TestHost.StartAsync(new TestFunctions()
            .Activity<int, int>("Square", x => x * x)
            .Orchestrator("Part", async context =>
            {
                int first = context.GetInput<int>();
                return (await Task.WhenAll(Enumerable.Range(first, 20).Select(i => context.CallActivityAsync<int>("Square", i)))).Sum();
            })
            .Orchestrator("Whole", async context =>
                (await Task.WhenAll(Enumerable.Range(0, 10).Select(i => context.CallSubOrchestratorAsync<int>("Part", i * 20)))).Sum()));
        Assert.Equal(Enumerable.Range(0, 200).Sum(i => i * i), await host.RunAsync<int>("Whole"));
    }

    [Fact]
    public async Task A_monitor_polls_until_the_job_is_done()
    {
        int polls = 0;
        await using TestHost host = await TestHost.StartAsync(new TestFunctions()
            .Activity<object, bool>("IsDone", _ => Interlocked.Increment(ref polls) >= 4)
            .Orchestrator("Monitor", async context =>
            {
                int rounds = 1;
                while (!await context.CallActivityAsync<bool>("IsDone"))
                {
                    DateTime next = context.CurrentUtcDateTime.AddMilliseconds(20);
                    await context.CreateTimer(next, CancellationToken.None);
                    Assert.True(context.CurrentUtcDateTime >= next);
                    rounds++;
                }

                return rounds;
            }));
        Assert.Equal(4, await host.RunAsync<int>("Monitor"));
    }

    [Theory]
    [InlineData(true, "approved")]
    [InlineData(false, "rejected")]
    [InlineData(null, "escalated")]
    public async Task Human_interaction_takes_the_answer_or_escalates_after_a_time_out(bool? answer, string expected)
    {
        await using TestHost host = await TestHost.StartAsync(new TestFunctions().Orchestrator("Approval", async context =>
        {
            try
            {
                TimeSpan timeout = context.GetInput<bool?>() is null ? TimeSpan.FromMilliseconds(50) : TimeSpan.FromDays(3);
                return await context.WaitForExternalEvent<bool>("Approval", timeout) ? "approved" : "rejected";
            }
            catch (OperationCanceledException)
            {
                return "escalated";
            }
        }));
        string id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Approval", answer, TestHost.Patience);
        if (answer is not null)
        {
            await host.Client.RaiseEventAsync(id, "approval", answer, TestHost.Patience);
        }

        Assert.Equal(expected, (await host.EndOfAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task An_aggregator_entity_adds_up_signals_and_answers_calls()
    {
        await using TestHost host = await TestHost.StartAsync(new TestFunctions()
            .Entity<Counter>("Counter")
            .Orchestrator("Sum", async context =>
            {
                EntityInstanceId id = new("Counter", "total");
                for (int i = 1; i <= 10; i++)
                {
                    await context.Entities.SignalEntityAsync(id, "add", i);
                }

                return await context.Entities.CallEntityAsync<int>(id, "get");
            }));
        Assert.Equal(55, await host.RunAsync<int>("Sum"));
        Assert.Equal(55, (await host.Client.Entities.GetEntityAsync<int>(new EntityInstanceId("counter", "total"), TestHost.Patience))!.State);
    }

    [Fact]
    public async Task A_client_waits_for_start_and_end_and_reads_the_status_between()
    {
        await using TestHost host = await TestHost.StartAsync(new TestFunctions().Orchestrator("Wait", async context =>
        {
            context.SetCustomStatus(new { stage = "waiting" });
            return await context.WaitForExternalEvent<string>("go");
        }));
        string id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", "in", TestHost.Patience);
        OrchestrationMetadata started = await host.Client.WaitForInstanceStartAsync(id, getInputsAndOutputs: true, TestHost.Patience);
        Assert.Equal(OrchestrationRuntimeStatus.Running, started.RuntimeStatus);
        Assert.Equal("""{"stage":"waiting"}""", started.SerializedCustomStatus);
        Assert.Equal("in", started.ReadInputAs<string>());
        await host.Client.RaiseEventAsync(id, "GO", "done", TestHost.Patience);
        Assert.Equal("done", (await host.EndOfAsync(id)).ReadOutputAs<string>());
    }
}
