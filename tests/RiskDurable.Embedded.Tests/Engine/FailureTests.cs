using RiskDurable.Embedded.DurableTask;
using RiskDurable.Embedded.DurableTask.Client;

namespace RiskDurable.Embedded.Tests.Engine;

public sealed class FailureTests
{
    [Fact]
    public async Task An_activity_failure_reaches_the_orchestrator_with_its_details()
    {
        await using TestHost host = await TestHost.StartAsync(new TestFunctions()
            .Activity<int, int>("Fail", _ => throw new InvalidOperationException("outer", new ArgumentNullException("inner")))
            .Orchestrator("Catch", async context =>
            {
                TaskFailedException failure = await Assert.ThrowsAsync<TaskFailedException>(() => context.CallActivityAsync<int>("Fail", 1));
                Assert.Equal("Fail", failure.TaskName);
                Assert.Equal("Task 'Fail' (#0) failed with an unhandled exception: outer", failure.Message);
                Assert.True(failure.FailureDetails.IsCausedBy<InvalidOperationException>());
                Assert.True(failure.FailureDetails.IsCausedBy<Exception>());
                Assert.False(failure.FailureDetails.IsCausedBy<ArgumentException>());
                Assert.True(failure.FailureDetails.InnerFailure!.IsCausedBy<ArgumentException>());
                Assert.Contains(nameof(FailureTests), failure.FailureDetails.StackTrace, StringComparison.Ordinal);
                return "caught";
            }));
        Assert.Equal("caught", await host.RunAsync<string>("Catch"));
    }

    [Fact]
    public async Task An_unhandled_failure_goes_up_through_sub_orchestrations()
    {
        await using TestHost host = await TestHost.StartAsync(new TestFunctions()
            .Activity<int, int>("Fail", _ => throw new InvalidOperationException("deep down"))
            .Orchestrator("Child", context => context.CallActivityAsync("Fail"))
            .Orchestrator("Parent", context => context.CallSubOrchestratorAsync("Child")));
        OrchestrationMetadata failed = await host.FailAsync("Parent");
        TaskFailureDetails details = failed.FailureDetails!;
        Assert.True(details.IsCausedBy<TaskFailedException>());
        Assert.True(details.InnerFailure!.IsCausedBy<TaskFailedException>());
        Assert.True(details.InnerFailure.InnerFailure!.IsCausedBy<InvalidOperationException>());
        Assert.Equal("deep down", details.InnerFailure.InnerFailure.ErrorMessage);
        Assert.Null(failed.SerializedOutput);
    }

    [Fact]
    public async Task A_retry_policy_pauses_by_its_arithmetic_and_gives_up_after_its_attempts()
    {
        List<DateTime> attempts = [];
        await using TestHost host = await TestHost.StartAsync(new TestFunctions()
            .Activity<int, int>("Fail", _ =>
            {
                attempts.Add(DateTime.UtcNow);
                throw new InvalidOperationException("again");
            })
            .Orchestrator("Retry", async context =>
            {
                RetryPolicy policy = new(4, TimeSpan.FromMilliseconds(20), 2, TimeSpan.FromMilliseconds(50));
                await context.CallActivityAsync("Fail", 1, TaskOptions.FromRetryPolicy(policy));
            }));
        await host.FailAsync("Retry");
        Assert.Equal(4, attempts.Count);
        Assert.True(attempts[1] - attempts[0] >= TimeSpan.FromMilliseconds(19));
        Assert.True(attempts[2] - attempts[1] >= TimeSpan.FromMilliseconds(39));
        Assert.True(attempts[3] - attempts[2] >= TimeSpan.FromMilliseconds(49));
    }

    [Theory]
    [InlineData(1, 1000)]
    [InlineData(2, 1500)]
    [InlineData(3, 2250)]
    [InlineData(4, 3000)]
    public void The_pause_grows_by_the_coefficient_up_to_the_longest(int attempt, double milliseconds) => Assert.Equal(
        milliseconds,
        Embedded.Engine.Orchestrations.RetryLoop.Delay(
            new RetryPolicy(9, TimeSpan.FromSeconds(1), 1.5, TimeSpan.FromSeconds(3)), attempt).TotalMilliseconds);

    [Fact]
    public async Task A_policy_retries_only_failures_it_handles_and_only_until_its_time_is_over()
    {
        int calls = 0;
        await using TestHost host = await TestHost.StartAsync(new TestFunctions()
            .Activity<int, int>("Fail", _ => throw new InvalidOperationException($"{Interlocked.Increment(ref calls)}"))
            .Orchestrator("Filtered", context => context.CallActivityAsync("Fail", 1, TaskOptions.FromRetryPolicy(
                new RetryPolicy(5, TimeSpan.FromMilliseconds(1)) { HandleFailure = failure => !failure.IsCausedBy<InvalidOperationException>() })))
            .Orchestrator("Timed", context => context.CallActivityAsync("Fail", 1, TaskOptions.FromRetryPolicy(
                new RetryPolicy(1000, TimeSpan.FromMilliseconds(30), retryTimeout: TimeSpan.FromMilliseconds(100))))));
        await host.FailAsync("Filtered");
        Assert.Equal(1, calls);
        await host.FailAsync("Timed");
        Assert.InRange(calls, 2, 6);
    }

    [Fact]
    public async Task A_retry_handler_decides_attempt_by_attempt()
    {
        List<int> seen = [];
        int calls = 0;
        await using TestHost host = await TestHost.StartAsync(new TestFunctions()
            .Orchestrator("Flaky", context => Interlocked.Increment(ref calls) < 3 ? throw new TimeoutException("not yet") : Task.FromResult(calls))
            .Orchestrator("Retry", context => context.CallSubOrchestratorAsync<int>("Flaky", 1, TaskOptions.FromRetryHandler(retry =>
            {
                seen.Add(retry.LastAttemptNumber);
                return retry.LastFailure.IsCausedBy<TimeoutException>();
            }))));
        Assert.Equal(3, await host.RunAsync<int>("Retry"));
        Assert.Equal([1, 2], seen);
    }

    [Fact]
    public async Task A_failed_sub_orchestration_is_retried_under_its_own_id()
    {
        int calls = 0;
        await using TestHost host = await TestHost.StartAsync(new TestFunctions()
            .Orchestrator("Flaky", context => Interlocked.Increment(ref calls) < 3 ? throw new TimeoutException("not yet") : Task.FromResult(context.InstanceId))
            .Orchestrator("Retry", context => context.CallSubOrchestratorAsync<string>(
                "Flaky", 1, TaskOptions.FromRetryPolicy(new RetryPolicy(5, TimeSpan.FromMilliseconds(1))).WithInstanceId("the-child"))));
        Assert.Equal("the-child", await host.RunAsync<string>("Retry"));
        Assert.Equal(3, calls);
    }

    [Fact]
    public async Task A_missing_function_fails_at_once_and_is_not_retried()
    {
        await using TestHost host = await TestHost.StartAsync(new TestFunctions()
            .Orchestrator("Call", context => context.CallActivityAsync("Nobody", 1, TaskOptions.FromRetryPolicy(new RetryPolicy(5, TimeSpan.FromHours(1)))))
            .Orchestrator("CallChild", context => context.CallSubOrchestratorAsync("Nobody")));
        Assert.Equal("TaskNotFound", (await host.FailAsync("Call")).FailureDetails!.InnerFailure!.ErrorType);
        Assert.Contains("'Nobody'", (await host.FailAsync("CallChild")).FailureDetails!.ErrorMessage, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => host.Client.ScheduleNewOrchestrationInstanceAsync("Nobody", TestHost.Patience));
    }

    [Theory]
    [InlineData("Delay")]
    [InlineData("Elsewhere")]
    [InlineData("Never")]
    [InlineData("WithEvent")]
    public async Task Awaiting_something_that_is_not_durable_is_reported_as_non_deterministic(string orchestrator)
    {
        await using TestHost host = await TestHost.StartAsync(new TestFunctions()
            .Orchestrator("Delay", _ => Task.Delay(TimeSpan.FromHours(1), TestHost.Patience))
            .Orchestrator("Elsewhere", context => WithOther(async other =>
            {
                Task waiting = context.WaitForExternalEvent<int>("x");
                await other.ConfigureAwait(false);
                await context.CreateTimer(TimeSpan.Zero, CancellationToken.None);
                await waiting;
            }))
            .Orchestrator("Never", _ => new TaskCompletionSource().Task)
            .Orchestrator("WithEvent", context => WithOther(async other =>
            {
                Task waiting = context.WaitForExternalEvent<int>("x");
                await other;
                await waiting;
            })));
        Assert.Contains("Non-deterministic", (await host.FailAsync(orchestrator)).FailureDetails!.ErrorMessage, StringComparison.Ordinal);

        // A task that another thread ends, once the code has come to wait for it: one that had ended by then would go unnoticed.
        static Task WithOther(Func<Task, Task> code)
        {
            var other = new TaskCompletionSource();
            Task running = code(other.Task);
            _ = Task.Run(other.SetResult, TestHost.Patience);
            return running;
        }
    }

    [Fact]
    public async Task Code_that_decides_otherwise_on_replay_is_reported_as_non_deterministic()
    {
        string activity = "First";
        await using TestHost host = await TestHost.StartAsync(new TestFunctions()
            .Activity<int, int>("First", x => x)
            .Activity<int, int>("Second", x => x)
            .Orchestrator("Changing", async context =>
            {
                await context.CallActivityAsync<int>(activity, 1);
                await context.WaitForExternalEvent<int>("go");
            }));
        string id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Changing", TestHost.Patience);
        await host.Client.WaitForInstanceStartAsync(id, TestHost.Patience);
        await host.RestartAsync();
        activity = "Second";
        await host.Client.RaiseEventAsync(id, "go", 1, TestHost.Patience);
        OrchestrationMetadata failed = await host.EndOfAsync(id);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, failed.RuntimeStatus);
        Assert.Contains("activity 'First'", failed.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("activity 'Second'", failed.FailureDetails.ErrorMessage, StringComparison.Ordinal);
    }
}
