using System.Net;
using System.Text.Json.Nodes;
using RiskDurable.Embedded.DurableTask.Client;
using RiskDurable.Embedded.DurableTask.Entities;
using RiskDurable.Embedded.SampleApp;

namespace RiskDurable.Embedded.Tests.Worker;

/// <summary>The patterns of the sample application, end to end.</summary>
public sealed class SampleApplicationTests(SampleHost sample) : IClassFixture<SampleHost>
{
    private DurableTaskClient Client => sample.Host.Client;

    [Fact]
    public async Task Function_chaining() => Assert.Equal("xabc", await RunAsync<string>("Chain", "x"));

    [Fact]
    public async Task Fan_out_and_fan_in() => Assert.Equal(385, await RunAsync<int>("SumOfSquares", 10));

    [Fact]
    public async Task Names_are_found_without_regard_to_case() => Assert.Equal(5, await RunAsync<int>("sumOFsquares", 2));

    [Fact]
    public async Task Async_http_answers_202_until_the_polled_address_answers_200()
    {
        HttpResponseMessage started = await sample.PostAsync("api/jobs/SumOfSquares?input=4");
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        JsonNode body = await SampleHost.ReadAsync(started);
        Assert.Equal(started.Headers.Location!.OriginalString, (string?)body["statusQueryGetUri"]);

        JsonNode status = null!;
        await Until.TrueAsync(
            async () =>
            {
                HttpResponseMessage polled = await sample.GetAsync(started.Headers.Location.OriginalString);
                status = await SampleHost.ReadAsync(polled);
                return polled.StatusCode == HttpStatusCode.OK;
            },
            "the job is done");
        Assert.Equal(("Completed", 30), ((string?)status["runtimeStatus"], (int?)status["output"]));
    }

    [Fact]
    public async Task A_monitor_looks_until_the_state_is_there()
    {
        string id = await Client.ScheduleNewOrchestrationInstanceAsync("Monitor", new Waiting.Watch("door open", 0), SampleHost.Patience);
        await Until.TrueAsync(
            async () => (await Client.GetInstanceAsync(id, true, SampleHost.Patience))!.ReadInputAs<Waiting.Watch>()!.Looks >= 2, "two looks");
        sample.Ledger.Add("door open");
        OrchestrationMetadata ended = await Client.WaitForInstanceCompletionAsync(id, true, SampleHost.Patience);
        Assert.StartsWith("there after ", ended.ReadOutputAs<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Human_interaction_by_http_event()
    {
        JsonNode started = await SampleHost.ReadAsync(await sample.PostAsync("api/jobs/Approval?input=60000"));
        string address = ((string)started["sendEventPostUri"]!).Replace("{eventName}", "Approve", StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Accepted, (await sample.PostAsync(address, true)).StatusCode);
        OrchestrationMetadata ended = await Client.WaitForInstanceCompletionAsync((string)started["id"]!, true, SampleHost.Patience);
        Assert.Equal("approved", ended.ReadOutputAs<string>());
    }

    [Fact]
    public async Task Human_interaction_that_times_out() => Assert.Equal("timed out", await RunAsync<string>("Approval", 20));

    [Fact]
    public async Task An_aggregator_entity_counts_signals_from_http()
    {
        await Task.WhenAll(Enumerable.Range(1, 20).Select(amount => sample.PostAsync($"api/counters/hits/{amount}")));
        var id = new EntityInstanceId("Counter", "hits");
        await Until.TrueAsync(
            async () => await Client.Entities.GetEntityAsync<int>(id, true, SampleHost.Patience) is { State: 210 }, "the counter stands at 210");
    }

    [Fact]
    public async Task An_orchestration_calls_an_entity() => Assert.Equal(5, await RunAsync<int>("CountThrough", "called"));

    [Fact]
    public async Task A_timer_runs_on_startup_with_its_schedule_from_the_settings()
    {
        await Until.TrueAsync(() => sample.Ledger.Entries.Any(entry => entry.StartsWith("nightly", StringComparison.Ordinal)), "the timer ran");
        Assert.Contains("nightly pastDue=False next=03:00", sample.Ledger.Entries);
    }

    [Fact]
    public async Task A_queue_message_becomes_an_object()
    {
        await sample.Queues.SendAsync("words", """{"text":"hello"}""", cancellation: SampleHost.Patience);
        await Until.TrueAsync(() => sample.Ledger.Entries.Contains("word hello 1"), "the word arrived");
    }

    [Fact]
    public async Task A_message_that_always_fails_is_tried_maxDequeueCount_times_and_goes_to_the_poison_queue()
    {
        await sample.Queues.SendAsync("troubles", "bad", cancellation: SampleHost.Patience);
        await Until.TrueAsync(() => sample.Ledger.Entries.Contains("poisoned bad"), "the message reached the poison queue");
        Assert.Equal(
            ["trouble bad 1", "trouble bad 2", "trouble bad 3"],
            sample.Ledger.Entries.Where(entry => entry.StartsWith("trouble bad", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_message_that_is_no_object_is_poisoned_too()
    {
        await sample.Queues.SendAsync("words", "no json", cancellation: SampleHost.Patience);
        var engine = (Embedded.Engine.DurableEngine)sample.Host.Services.GetService(typeof(Embedded.Engine.DurableEngine))!;
        await Until.TrueAsync(async () => await engine.Queues.CountAsync("words-poison", SampleHost.Patience) == 1, "the message is poisoned");
    }

    [Theory]
    [InlineData("Words")]
    [InlineData("x")]
    [InlineData("a--b")]
    [InlineData("-ab")]
    public async Task A_queue_name_that_Azure_would_refuse_is_refused(string name) =>
        await Assert.ThrowsAsync<ArgumentException>(() => sample.Queues.SendAsync(name, "", cancellation: SampleHost.Patience));

    [Fact]
    public async Task Middleware_runs_around_every_call()
    {
        var counter = (CallCounter)sample.Host.Services.GetService(typeof(CallCounter))!;
        int before = counter.CountOf("Square");
        await RunAsync<int>("SumOfSquares", 3);
        Assert.True(counter.CountOf("Square") >= before + 3);
    }

    private async Task<T?> RunAsync<T>(string orchestrator, object input)
    {
        string id = await Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input, SampleHost.Patience);
        OrchestrationMetadata ended = await Client.WaitForInstanceCompletionAsync(id, true, SampleHost.Patience).WaitAsync(TimeSpan.FromSeconds(20), SampleHost.Patience);
        Assert.True(ended.RuntimeStatus == OrchestrationRuntimeStatus.Completed, $"{ended}");
        return ended.ReadOutputAs<T>();
    }
}
