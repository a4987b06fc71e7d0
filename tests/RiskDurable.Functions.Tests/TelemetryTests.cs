using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Trace;
using RiskDurable.Embedded.DurableTask.Client;
using RiskDurable.Embedded.Hosting;
using RiskDurable.Execution.Analytics;
using RiskDurable.Execution.Packing;
using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Storage;
using RiskDurable.Execution.Telemetry;
using RiskDurable.Functions.DealAnalytics;
using RiskDurable.Functions.Rollup;

namespace RiskDurable.Functions.Tests;

public sealed class TelemetryTests
{
    private const string Secret = "k3y-that-nobody-may-read";
    private const string AccountKey = "YWNjb3VudC1rZXktdGhhdC1ub2JvZHktbWF5LXJlYWQ=";

    [Fact]
    public async Task A_rollup_is_sent_to_a_collector_as_spans_measures_and_logs()
    {
        await using Collector collector = await Collector.StartAsync();
        await using (RiskHost host = await RiskHost.StartAsync(new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        }))
        {
            host.WriteSample("book", deals: 4, trials: 200);
            await host.RollupAsync(new { folder = "book" });
        }

        // The host sends what is left when it stops.
        string spans = collector.Of("traces");
        Assert.All(
            ["create_orchestration:RiskRollup", "orchestration:RiskRollup", "orchestration:RunStage", "activity:RunJobs", "job map", "job reduce", "job report"],
            name => Assert.Contains(name, spans, StringComparison.Ordinal));
        string metrics = collector.Of("metrics");
        Assert.All(
            ["riskdurable.jobs.planned", "riskdurable.job.duration", "riskdurable.stage.duration", "riskdurable.run.duration", "riskdurable.kernel.hits",
                "riskdurable.cache.lookups", "riskdurable.queue.wait", "riskdurable.pack.duration"],
            name => Assert.Contains(name, metrics, StringComparison.Ordinal));
        string logs = collector.Of("logs");
        Assert.All(["RunPlanned", "RunEnded", "RunId", "Portfolio"], name => Assert.Contains(name, logs, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_request_and_the_kernels_jobs_are_one_trace()
    {
        var ended = new ConcurrentQueue<Activity>();
        using var processor = new Recorder(ended);
        string run;
        await using Collector collector = await Collector.StartAsync();
        await using (RiskHost host = await RiskHost.StartAsync(
            new Dictionary<string, string?> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address, ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf" },
            configure: builder => builder.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddProcessor(processor))))
        {
            host.WriteSample("book", deals: 4, trials: 200);
            run = await host.RollupAsync(new { folder = "book" });
        }

        // Hosts of other tests end spans beside this one.
        ActivityTraceId trace = ended.First(span => Equals(span.GetTagItem("durabletask.task.instance_id"), run)).TraceId;
        Activity job = ended.First(span => span.OperationName == "job map" && span.TraceId == trace);
        var path = new List<string>();
        for (Activity? span = job; span is not null; span = ended.FirstOrDefault(other => other.TraceId == job.TraceId && other.SpanId == span.ParentSpanId))
        {
            path.Add(span.Kind == ActivityKind.Client ? $"{span.OperationName} (asked)" : span.DisplayName);
        }

        Assert.Equal(
            [
                "job map", "activity:RunJobs", "activity:RunJobs (asked)", "orchestration:RunBatches", "orchestration:RunBatches (asked)",
                "orchestration:RunStage", "orchestration:RunStage (asked)", "orchestration:RiskRollup", "create_orchestration:RiskRollup",
            ],
            path[..9]);
        Assert.StartsWith("POST ", path[9], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(RiskRollup), "job map", "job reduce", "job report")]
    [InlineData("DealAnalytics", "deals analyze")]
    public async Task Jobs_belong_to_the_trace_of_the_request_also_where_the_hosts_own_spans_do_not(string orchestrator, params string[] jobs)
    {
        var ended = new ConcurrentQueue<Activity>();
        using ActivityListener listener = Listen(ended.Enqueue);
        await using RiskHost host = await RiskHost.StartAsync();
        string folder = host.WriteSample("book", deals: 4, trials: 200);
        var request = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);
        string parent = $"00-{request.TraceId}-{request.SpanId}-01";
        object input = new RollupRequest(folder, null, RollupSettings.Default, TraceParent: parent);
        if (orchestrator != nameof(RiskRollup))
        {
            string run = await host.RollupAsync(new { folder = "book" });
            PlanReference plan = (await host.EndAsync(run)).ReadOutputAs<RollupStatus>()!.Plan!;
            byte[] order = Encoding.UTF8.GetBytes($$"""{ "portfolio": "{{run}}", "dealIds": ["{{await FirstDealAsync(host, plan)}}"] }""");
            string document = await host.Services.GetRequiredService<AnalysisDocuments>().WriteRequestAsync(order, RiskHost.Stop);
            input = new AnalysisOrder(new AnalysisBase(run, plan), document, TraceParent: parent);
        }

        // As a host does whose own spans begin a trace of their own.
        Activity.Current = null;
        string id = await host.Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input, RiskHost.Stop);
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await host.EndAsync(id)).RuntimeStatus);

        Assert.NotEqual(request.TraceId, ended.First(span => Equals(span.GetTagItem("durabletask.task.instance_id"), id)).TraceId);
        Activity[] spans = [.. ended.Where(span => span.TraceId == request.TraceId)];
        Assert.Equal(jobs.Order(), spans.Select(span => span.OperationName).Distinct().Order());
        Assert.All(spans, span => Assert.Equal(request.SpanId, span.ParentSpanId));
        Assert.All(spans, span => Assert.NotEqual(request.TraceId, Assert.Single(span.Links).Context.TraceId));
    }

    [Fact]
    public async Task What_a_request_starts_knows_its_trace_and_what_is_asked_does_not_depend_on_it()
    {
        using ActivityListener listener = Listen(static _ => { });
        await using RiskHost host = await RiskHost.StartAsync();
        host.WriteSample("book", deals: 4, trials: 200);
        ActivityTraceId[] traces = [ActivityTraceId.CreateRandom(), ActivityTraceId.CreateRandom()];
        foreach (ActivityTraceId trace in traces)
        {
            using HttpResponseMessage response = await host.PostAsync(
                "api/rollups", new { folder = "book" }, ("Idempotency-Key", "one"), ("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01"));
            Assert.Equal(202, (int)response.StatusCode);
        }

        RollupRequest started = (await host.EndAsync("rollup-one")).ReadInputAs<RollupRequest>()!;
        Assert.StartsWith($"00-{traces[0]}-", started.TraceParent, StringComparison.Ordinal);
        var jobs = new List<string?>();
        await foreach (OrchestrationMetadata stage in host.Client.GetAllInstancesAsync(new OrchestrationQuery(FetchInputsAndOutputs: true)).WithCancellation(RiskHost.Stop))
        {
            if (stage.Name == nameof(RunStage))
            {
                jobs.Add(stage.ReadInputAs<StageRequest>()!.TraceParent);
            }
        }

        Assert.NotEmpty(jobs);
        Assert.All(jobs, parent => Assert.Equal(started.TraceParent, parent));
    }

    [Fact]
    public void Requests_that_an_earlier_version_wrote_have_no_trace()
    {
        const string Plan = """{ "manifest": "m", "settings": null }""";
        JsonSerializerOptions web = JsonSerializerOptions.Web;
        Assert.Null(JsonSerializer.Deserialize<RollupRequest>("""{ "folder": "f", "settings": null }""", web)!.TraceParent);
        Assert.Null(JsonSerializer.Deserialize<StageRequest>($$"""{ "runId": "r", "plan": {{Plan}}, "stage": 1, "jobs": "0" }""", web)!.TraceParent);
        Assert.Null(JsonSerializer.Deserialize<BatchesRequest>($$"""{ "runId": "r", "plan": {{Plan}}, "stage": 1, "batches": "b", "page": 0 }""", web)!.TraceParent);
        Assert.Null(JsonSerializer.Deserialize<AnalysisOrder>($$"""{ "base": { "plan": {{Plan}} }, "request": "q" }""", web)!.TraceParent);
    }

    [Fact]
    public async Task No_key_and_no_connection_string_is_in_any_log()
    {
        using var log = new Recording();
        await using RiskHost host = await RiskHost.StartAsync(
            new Dictionary<string, string?>
            {
                ["AzureWebJobsStorage"] = $"DefaultEndpointsProtocol=https;AccountName=books;AccountKey={AccountKey};EndpointSuffix=core.windows.net",
                ["APPLICATIONINSIGHTS_CONNECTION_STRING"] = $"InstrumentationKey={Secret}",
                ["Logging:LogLevel:Default"] = "Trace",
            },
            key: Secret,
            configure: builder => builder.Logging.AddProvider(log));
        host.Http.DefaultRequestHeaders.Add("x-functions-key", Secret);
        host.WriteSample("book", deals: 2, trials: 200);
        string run = await host.RollupAsync(new { folder = "book" });
        using HttpResponseMessage viaQuery = await host.GetAsync($"api/runs/{run}?code={Secret}");
        using HttpResponseMessage wrong = await host.SendAsync(HttpMethod.Get, "api/runs", null, ("x-functions-key", Secret + "x"));
        using HttpResponseMessage refused = await host.PostAsync("api/rollups", new { folder = "../" + Secret[..3] });

        Assert.Contains(log.Lines, line => line.Contains(run, StringComparison.Ordinal));
        Assert.DoesNotContain(log.Lines, line => line.Contains(Secret, StringComparison.Ordinal) || line.Contains(AccountKey, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_run_that_fails_is_one_event_with_its_run_portfolio_and_reason()
    {
        using var data = new TemporaryFolder();
        using var log = new Recording();
        var store = new TestStore(data.Path) { Break = ObjectKind.Reduce };
        await using RiskHost host = await RiskHost.StartAsync(configure: builder =>
        {
            builder.Services.AddSingleton<IObjectStore>(store);
            builder.Logging.AddProvider(log);
        });
        host.WriteSample("book", deals: 2, trials: 200);
        string run = await host.RollupAsync(new { folder = "book", level = "tags" });

        (LogLevel level, _, IReadOnlyDictionary<string, object?> fields) = Assert.Single(log.Events, logged => logged.Name == "RunFailed");
        Assert.Equal((LogLevel.Error, run, "sample-2-1"), (level, fields["RunId"], fields["Portfolio"]));
        Assert.Contains("The disk is full.", Assert.IsType<string>(fields["Reason"]), StringComparison.Ordinal);
        Assert.True(Assert.IsType<double>(fields["Seconds"]) > 0);
        Assert.DoesNotContain(log.Events, logged => logged.Name == "RunEnded");
    }

    private static ActivityListener Listen(Action<Activity> ended)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is RiskTelemetry.Name or EmbeddedTelemetry.SourceName or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private static async Task<string> FirstDealAsync(RiskHost host, PlanReference plan)
    {
        var store = host.Services.GetRequiredService<IObjectStore>();
        PortfolioManifest manifest = await PortfolioManifest.ReadAsync(store, plan.Manifest, RiskHost.Stop);
        return (await manifest.ReadDealsAsync(store, RiskHost.Stop))[0].Id;
    }

    private sealed class Recorder(ConcurrentQueue<Activity> ended) : OpenTelemetry.BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data) => ended.Enqueue(data);
    }

    private sealed class Recording : ILoggerProvider
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ConcurrentQueue<(LogLevel Level, string? Name, IReadOnlyDictionary<string, object?> Fields)> Events { get; } = [];

        public ILogger CreateLogger(string categoryName) => new Line(this, categoryName);

        public void Dispose()
        {
        }

        private sealed class Line(Recording owner, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull
            {
                owner.Lines.Enqueue($"{category} scope {state}");
                return null;
            }

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                owner.Lines.Enqueue($"{category} {formatter(state, exception)} {exception}");
                if (state is IEnumerable<KeyValuePair<string, object?>> fields)
                {
                    owner.Events.Enqueue((logLevel, eventId.Name, fields.ToDictionary()));
                }
            }
        }
    }
}
