using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Trace;
using RiskDurable.Execution.Storage;

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
