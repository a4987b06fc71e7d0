using RiskDurable.Embedded.DurableTask;
using RiskDurable.Embedded.DurableTask.Client;

namespace RiskDurable.Embedded.Tests.Engine;

public sealed class LifecycleTests
{
    private static TestFunctions Functions => new TestFunctions()
        .Activity<int, int>("Double", x => 2 * x)
        .Orchestrator("Quick", context => context.CallActivityAsync<int>("Double", context.GetInput<int>()))
        .Orchestrator("Fail", Task (_) => throw new InvalidOperationException("no"))
        .Orchestrator("Wait", async context => await context.WaitForExternalEvent<int>("go") + await context.CallActivityAsync<int>("Double", 1))
        .Orchestrator("Parent", context => context.CallSubOrchestratorAsync<int>("Wait", 0, new SubOrchestrationOptions(instanceId: "child")))
        .Orchestrator("Spread", async context => (await Task.WhenAll(Enumerable.Range(0, 5).Select(i => context.CallSubOrchestratorAsync<int>("Quick", i)))).Sum());

    [Fact]
    public async Task A_suspended_orchestration_waits_with_all_that_arrives_until_it_is_resumed_also_over_a_restart()
    {
        await using TestHost host = await TestHost.StartAsync(Functions);
        string id = await StartAsync(host, "Wait");
        await host.Client.SuspendInstanceAsync(id, "hold on", TestHost.Patience);
        await TestHost.UntilAsync(async () => await StatusAsync(host, id) == OrchestrationRuntimeStatus.Suspended);
        await host.Client.RaiseEventAsync(id, "go", 40, TestHost.Patience);
        await host.RestartAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Suspended, await StatusAsync(host, id));
        await host.Client.ResumeInstanceAsync(id, "go on", TestHost.Patience);
        Assert.Equal(42, (await host.EndOfAsync(id)).ReadOutputAs<int>());
    }

    [Fact]
    public async Task A_terminated_orchestration_ends_with_its_output_and_leaves_its_children_running()
    {
        await using TestHost host = await TestHost.StartAsync(Functions);
        string id = await StartAsync(host, "Parent");
        await host.Client.WaitForInstanceStartAsync("child", TestHost.Patience);
        await host.Client.TerminateInstanceAsync(id, "enough", TestHost.Patience);
        OrchestrationMetadata ended = await host.EndOfAsync(id);
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, ended.RuntimeStatus);
        Assert.Equal("enough", ended.ReadOutputAs<string>());
        Assert.Equal(OrchestrationRuntimeStatus.Running, await StatusAsync(host, "child"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => host.Client.TerminateInstanceAsync(id, TestHost.Patience));
    }

    [Fact]
    public async Task Terminated_recursively_its_children_end_too()
    {
        await using TestHost host = await TestHost.StartAsync(Functions);
        string id = await StartAsync(host, "Parent");
        await host.Client.WaitForInstanceStartAsync("child", TestHost.Patience);
        await host.Client.TerminateInstanceAsync(id, new TerminateInstanceOptions(Recursive: true), TestHost.Patience);
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await host.EndOfAsync("child")).RuntimeStatus);
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await host.EndOfAsync(id)).RuntimeStatus);
    }

    [Fact]
    public async Task The_caller_of_a_terminated_sub_orchestration_sees_it_fail()
    {
        await using TestHost host = await TestHost.StartAsync(Functions);
        string id = await StartAsync(host, "Parent");
        await host.Client.WaitForInstanceStartAsync("child", TestHost.Patience);
        await host.Client.TerminateInstanceAsync("child", TestHost.Patience);
        Assert.Equal("OrchestrationTerminated", (await host.EndOfAsync(id)).FailureDetails!.InnerFailure!.ErrorType);
    }

    [Fact]
    public async Task A_start_time_in_the_future_is_kept_and_such_an_instance_can_be_terminated()
    {
        await using TestHost host = await TestHost.StartAsync(Functions);
        DateTimeOffset start = DateTimeOffset.UtcNow.AddMilliseconds(300);
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Quick", 4, new StartOrchestrationOptions("soon", start), TestHost.Patience);
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Quick", 4, new StartOrchestrationOptions("never", start.AddDays(1)), TestHost.Patience);
        Assert.Equal(OrchestrationRuntimeStatus.Pending, await StatusAsync(host, "never"));
        await host.RestartAsync();
        Assert.Equal(8, (await host.EndOfAsync("soon")).ReadOutputAs<int>());
        Assert.True(DateTimeOffset.UtcNow >= start);
        await host.Client.TerminateInstanceAsync("never", TestHost.Patience);
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await host.EndOfAsync("never")).RuntimeStatus);
    }

    [Fact]
    public async Task An_id_in_use_is_refused_and_that_of_an_ended_instance_is_taken_over()
    {
        await using TestHost host = await TestHost.StartAsync(Functions);
        StartOrchestrationOptions options = new("one");
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", 1, options, TestHost.Patience);
        InvalidOperationException refused = await Assert.ThrowsAsync<InvalidOperationException>(
            () => host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", 1, options, TestHost.Patience));
        Assert.Contains("one already exists", refused.Message, StringComparison.Ordinal);
        await host.Client.RaiseEventAsync("one", "go", 1, TestHost.Patience);
        await host.EndOfAsync("one");
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Quick", 21, options, TestHost.Patience);
        Assert.Equal(42, (await host.EndOfAsync("one")).ReadOutputAs<int>());
        Assert.Equal("one", await host.Client.RestartAsync("one", cancellation: TestHost.Patience));
        Assert.Equal(42, (await host.EndOfAsync("one")).ReadOutputAs<int>());
        string other = await host.Client.RestartAsync("one", restartWithNewInstanceId: true, TestHost.Patience);
        Assert.NotEqual("one", other);
        Assert.Equal(42, (await host.EndOfAsync(other)).ReadOutputAs<int>());
    }

    [Fact]
    public async Task A_sub_orchestration_under_an_id_in_use_fails()
    {
        await using TestHost host = await TestHost.StartAsync(Functions);
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", 1, new StartOrchestrationOptions("child"), TestHost.Patience);
        Assert.Contains("already running", (await host.FailAsync("Parent")).FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_to_a_missing_or_ended_instance_are_refused()
    {
        await using TestHost host = await TestHost.StartAsync(Functions);
        await host.RunAsync<int>("Quick", 1);
        await Assert.ThrowsAsync<ArgumentException>(() => host.Client.RaiseEventAsync("nobody", "go", 1, TestHost.Patience));
        await Assert.ThrowsAsync<ArgumentException>(() => host.Client.SuspendInstanceAsync("nobody", TestHost.Patience));
        string id = await StartAsync(host, "Quick");
        await host.EndOfAsync(id);
        await Assert.ThrowsAsync<InvalidOperationException>(() => host.Client.RaiseEventAsync(id, "go", 1, TestHost.Patience));
        Assert.Null(await host.Client.GetInstanceAsync("nobody", TestHost.Patience));
    }

    [Fact]
    public async Task Purge_deletes_ended_instances_only_by_id_by_filter_and_with_children()
    {
        await using TestHost host = await TestHost.StartAsync(Functions);
        string running = await StartAsync(host, "Wait");
        string spread = await StartAsync(host, "Spread");
        await host.EndOfAsync(spread);
        await host.FailAsync("Fail");
        Assert.Equal(0, (await host.Client.PurgeInstanceAsync(running, TestHost.Patience)).PurgedInstanceCount);
        Assert.Equal(0, (await host.Client.PurgeInstanceAsync("nobody", TestHost.Patience)).PurgedInstanceCount);
        PurgeInstancesFilter failed = new(Statuses: [OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Running]);
        Assert.Equal(1, (await host.Client.PurgeAllInstancesAsync(failed, TestHost.Patience)).PurgedInstanceCount);
        Assert.Equal(6, (await host.Client.PurgeInstanceAsync(spread, new PurgeInstanceOptions(Recursive: true), TestHost.Patience)).PurgedInstanceCount);
        Assert.Equal(0, (await host.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter(), TestHost.Patience)).PurgedInstanceCount);
        Assert.Equal([running], (await ListAsync(host, new OrchestrationQuery())).Select(item => item.InstanceId));
    }

    [Fact]
    public async Task Instances_are_listed_by_status_prefix_and_time_in_pages()
    {
        await using TestHost host = await TestHost.StartAsync(Functions);
        for (int i = 0; i < 25; i++)
        {
            StartOrchestrationOptions options = new($"run-{i:00}") { Tags = new Dictionary<string, string> { ["number"] = $"{i}" } };
            await host.Client.ScheduleNewOrchestrationInstanceAsync("Quick", i, options, TestHost.Patience);
        }

        await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", 1, new StartOrchestrationOptions("RUN-wait"), TestHost.Patience);
        DateTimeOffset later = DateTimeOffset.UtcNow;
        await Task.WhenAll(Enumerable.Range(0, 25).Select(i => host.EndOfAsync($"run-{i:00}")));
        List<OrchestrationMetadata> found = await ListAsync(host, new OrchestrationQuery(InstanceIdPrefix: "run-", PageSize: 10, FetchInputsAndOutputs: true));
        Assert.Equal(Enumerable.Range(0, 25).Select(i => 2 * i), found.Select(item => item.ReadOutputAs<int>()));
        Assert.Equal("7", found[7].Tags["number"]);
        Assert.Equal(["RUN-wait"], (await ListAsync(host, new OrchestrationQuery(Statuses: [OrchestrationRuntimeStatus.Running]))).Select(item => item.InstanceId));
        Assert.Empty(await ListAsync(host, new OrchestrationQuery(CreatedFrom: later)));
        Assert.Equal(26, (await ListAsync(host, new OrchestrationQuery(CreatedTo: later))).Count);
        Assert.Empty(await ListAsync(host, new OrchestrationQuery(TaskHubNames: ["other"])));
        List<int> pages = [];
        await foreach (Page<OrchestrationMetadata> page in host.Client.GetAllInstancesAsync(new OrchestrationQuery(PageSize: 10)).AsPages())
        {
            pages.Add(page.Values.Count);
        }

        Assert.Equal([10, 10, 6], pages);
    }

    private static async Task<string> StartAsync(TestHost host, string orchestrator) =>
        await host.Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, 1, TestHost.Patience);

    private static async Task<OrchestrationRuntimeStatus> StatusAsync(TestHost host, string id) =>
        (await host.Client.GetInstanceAsync(id, TestHost.Patience))!.RuntimeStatus;

    private static async Task<List<OrchestrationMetadata>> ListAsync(TestHost host, OrchestrationQuery query)
    {
        List<OrchestrationMetadata> found = [];
        await foreach (OrchestrationMetadata item in host.Client.GetAllInstancesAsync(query))
        {
            found.Add(item);
        }

        return found;
    }
}
