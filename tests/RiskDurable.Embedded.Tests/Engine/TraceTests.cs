using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Data.Sqlite;
using RiskDurable.Embedded.DurableTask.Client;
using RiskDurable.Embedded.Engine.Tracing;
using RiskDurable.Embedded.Hosting;

namespace RiskDurable.Embedded.Tests.Engine;

public sealed class TraceTests : IDisposable
{
    private static readonly ActivitySource Requests = new("TraceTests.Requests");

    private readonly ConcurrentQueue<Activity> _ended = [];
    private readonly ActivityListener _listener;
    private readonly Activity _request;

    public TraceTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is EmbeddedTelemetry.SourceName or "TraceTests.Requests",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
        _request = Requests.StartActivity("POST /api/rollups", ActivityKind.Server)!;
        _request.TraceStateString = "vendor=1";
    }

    private IEnumerable<Activity> Spans => _ended.Where(span => span.TraceId == _request.TraceId);

    public void Dispose()
    {
        _request.Dispose();
        _listener.Dispose();
    }

    [Fact]
    public async Task A_request_its_orchestrations_and_their_activities_are_one_trace()
    {
        ActivitySpanId insideActivity = default;
        ActivitySpanId insideOrchestrator = default;
        await using TestHost host = await TestHost.StartAsync(new TestFunctions()
            .Activity<int, int>("Work", x =>
            {
                insideActivity = Activity.Current!.SpanId;
                return x;
            })
            .Orchestrator("Child", context => context.CallActivityAsync<int>("Work", 1))
            .Orchestrator("Parent", async context =>
            {
                int answer = await context.CallSubOrchestratorAsync<int>("Child");
                insideOrchestrator = Activity.Current!.SpanId;
                return answer;
            }));

        await host.RunAsync<int>("Parent");

        Activity creation = Single("create_orchestration:Parent", ActivityKind.Producer);
        Activity parent = Single("orchestration:Parent", ActivityKind.Server);
        Activity called = Single("orchestration:Child", ActivityKind.Client);
        Activity child = Single("orchestration:Child", ActivityKind.Server);
        Activity asked = Single("activity:Work", ActivityKind.Client);
        Activity work = Single("activity:Work", ActivityKind.Server);
        Assert.Equal(
            [_request.SpanId, creation.SpanId, parent.SpanId, called.SpanId, child.SpanId, asked.SpanId],
            [creation.ParentSpanId, parent.ParentSpanId, called.ParentSpanId, child.ParentSpanId, asked.ParentSpanId, work.ParentSpanId]);
        Assert.Equal(work.SpanId, insideActivity);
        Assert.Equal(parent.SpanId, insideOrchestrator);
        Assert.Equal("Completed", parent.GetTagItem("durabletask.task.status"));
        Assert.Equal("Work", work.GetTagItem("durabletask.task.name"));
        Assert.Equal(child.GetTagItem("durabletask.task.instance_id"), work.GetTagItem("durabletask.task.instance_id"));
        Assert.All(Spans, span => Assert.Equal("vendor=1", span.TraceStateString));
        Assert.True(asked.StartTimeUtc <= work.StartTimeUtc && asked.StartTimeUtc + asked.Duration >= work.StartTimeUtc + work.Duration);
    }

    [Fact]
    public async Task After_a_restart_activities_run_under_the_same_span()
    {
        await using TestHost host = await TestHost.StartAsync(new TestFunctions()
            .Activity<int, int>("Before", x => x)
            .Activity<int, int>("After", x => x)
            .Orchestrator("Waits", async context =>
            {
                await context.CallActivityAsync<int>("Before", 1);
                await context.WaitForExternalEvent<int>("go");
                return await context.CallActivityAsync<int>("After", 2);
            }));
        string id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Waits", TestHost.Patience);
        await TestHost.UntilAsync(() => Task.FromResult(Spans.Any(span => span.OperationName == "activity:Before" && span.Kind == ActivityKind.Client)));
        await host.RestartAsync();

        // Whoever raises the event is in a trace of his own.
        Activity.Current = null;
        await host.Client.RaiseEventAsync(id, "go", 1, TestHost.Patience);
        await host.EndOfAsync(id);

        Activity orchestration = Single("orchestration:Waits", ActivityKind.Server);
        Assert.Equal(orchestration.SpanId, Single("activity:Before", ActivityKind.Client).ParentSpanId);
        Assert.Equal(orchestration.SpanId, Single("activity:After", ActivityKind.Client).ParentSpanId);
    }

    [Fact]
    public async Task Failures_are_marked_with_their_reason()
    {
        await using TestHost host = await TestHost.StartAsync(new TestFunctions()
            .Activity<int, int>("Breaks", _ => throw new InvalidOperationException("the table is damaged"))
            .Orchestrator("Fails", context => context.CallActivityAsync<int>("Breaks", 1)));

        await host.FailAsync("Fails");

        Activity work = Single("activity:Breaks", ActivityKind.Server);
        Activity orchestration = Single("orchestration:Fails", ActivityKind.Server);
        Assert.Equal((ActivityStatusCode.Error, "the table is damaged"), (work.Status, work.StatusDescription));
        Assert.Equal(ActivityStatusCode.Error, orchestration.Status);
        Assert.Contains("the table is damaged", orchestration.StatusDescription, StringComparison.Ordinal);
    }

    [Fact]
    public void A_place_in_a_trace_survives_as_text_and_nonsense_is_none()
    {
        StoredTrace place = StoredTrace.Below(_request.Context);

        StoredTrace? read = StoredTrace.Decode(place.Encode());

        Assert.Equal((place.Own, _request.TraceId, _request.SpanId, "vendor=1"), (read!.Own, read.Parent.TraceId, read.Parent.SpanId, read.Parent.TraceState));
        Assert.Equal(ActivityTraceFlags.Recorded, read.Parent.TraceFlags);
        Assert.Null(StoredTrace.Decode(null));
        Assert.Null(StoredTrace.Decode("0123456789abcdef not-a-traceparent"));
    }

    [Fact]
    public async Task A_file_written_before_traces_were_stored_is_taken_over()
    {
        await using TestHost host = await TestHost.StartAsync(new TestFunctions()
            .Orchestrator("Waits", context => context.WaitForExternalEvent<int>("go")));
        string id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Waits", TestHost.Patience);
        string path = host.Engine.StatePath;
        await host.StopAsync();
        using (SqliteConnection connection = new($"Data Source={path};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "ALTER TABLE instance DROP COLUMN trace; PRAGMA user_version=1";
            command.ExecuteNonQuery();
        }

        await host.RestartAsync();
        await host.Client.RaiseEventAsync(id, "go", 7, TestHost.Patience);

        OrchestrationMetadata ended = await host.EndOfAsync(id);
        Assert.Equal(7, ended.ReadOutputAs<int>());
    }

    private Activity Single(string name, ActivityKind kind) => Assert.Single(Spans, span => span.OperationName == name && span.Kind == kind);
}
