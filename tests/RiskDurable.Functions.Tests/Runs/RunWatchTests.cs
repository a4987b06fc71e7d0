using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using RiskDurable.Embedded.DurableTask;
using RiskDurable.Embedded.DurableTask.Client;
using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Storage;
using RiskDurable.Execution.Telemetry;
using RiskDurable.Functions.Hosting;
using RiskDurable.Functions.Rollup;
using RiskDurable.Functions.Runs;

namespace RiskDurable.Functions.Tests.Runs;

public sealed class RunWatchTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 2, 0, 0, TimeSpan.Zero);

    private readonly RiskOptions _options = new() { Cores = 4, StuckAfter = TimeSpan.FromMinutes(20), LateAfter = TimeSpan.FromMinutes(30) };

    [Fact]
    public void A_run_moves_while_its_jobs_report_and_is_stuck_when_they_have_not_for_long()
    {
        // The orchestration itself made its last step 40 minutes ago; a job reported 5 minutes ago.
        OrchestrationMetadata run = Run(updated: Start.AddMinutes(20));
        RunPulse moving = RunPulse.Of(run, null, Start.AddMinutes(55), _options.Cores, Start.AddMinutes(60));
        RunPulse stuck = RunPulse.Of(run, null, null, _options.Cores, Start.AddMinutes(60));

        Assert.Equal((TimeSpan.FromMinutes(60), TimeSpan.FromMinutes(5)), (moving.Age, moving.Idle));
        Assert.Equal(TimeSpan.FromMinutes(40), stuck.Idle);
        Assert.Equal((RunPulse.Moving, RunPulse.Stuck), (moving.Verdict(false, _options), stuck.Verdict(false, _options)));
    }

    [Fact]
    public void Lateness_is_what_goes_beyond_packing_and_the_estimate_on_the_cores_there_are()
    {
        // 2,400 core-seconds on 4 cores are 10 minutes; packing took 5.
        var status = new RollupStatus("map", "book", null, [], new RollupEstimate(10, 0, 2400), [], PackSeconds: 300);
        OrchestrationMetadata run = Run(updated: Start.AddMinutes(44));

        RunPulse inTime = RunPulse.Of(run, status, null, _options.Cores, Start.AddMinutes(44));
        RunPulse late = RunPulse.Of(run, status, null, _options.Cores, Start.AddMinutes(45));

        Assert.Equal((TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(29)), (inTime.Expected, inTime.Lateness));
        Assert.Equal((RunPulse.Moving, RunPulse.Late), (inTime.Verdict(false, _options), late.Verdict(false, _options)));
    }

    [Fact]
    public async Task The_watch_measures_open_runs_and_none_that_have_ended()
    {
        await using RiskHost host = await RiskHost.StartAsync();
        host.WriteSample("book", deals: 2, trials: 200);
        string ended = await host.RollupAsync(new { folder = "book" });
        await host.Client.ScheduleNewOrchestrationInstanceAsync(
            nameof(RiskRollup),
            new RollupRequest("never", null, RollupSettings.Default),
            new StartOrchestrationOptions("rollup-to-come", DateTimeOffset.UtcNow.AddDays(1)),
            RiskHost.Stop);
        var seen = new List<(string Name, double Value, string? Run)>();
        using MeterListener listener = Listen((name, value, tags) =>
        {
            lock (seen)
            {
                seen.Add((name, value, tags.GetValueOrDefault("run")));
            }
        });

        await ActivatorUtilities.CreateInstance<RunWatch>(host.Services).LookAsync(host.Client, RiskHost.Stop);

        lock (seen)
        {
            Assert.Contains(seen, measure => measure is { Name: "riskdurable.runs.open", Value: >= 1 });
            Assert.Contains(seen, measure => measure is { Name: "riskdurable.run.idle", Run: "rollup-to-come" });
            Assert.Contains(seen, measure => measure is { Name: "riskdurable.run.age", Run: "rollup-to-come" });
            Assert.DoesNotContain(seen, measure => measure.Name == "riskdurable.run.age" && measure.Run == ended);
        }
    }

    [Fact]
    public async Task Reasons_are_told_for_every_job_before_and_after_a_change()
    {
        await using RiskHost host = await RiskHost.StartAsync();
        host.WriteSample("book", deals: 6, trials: 200);
        string first = await host.RollupAsync(new { folder = "book" });
        string again = await host.RollupAsync(new { folder = "book" });

        JsonNode unseen = await host.GetJsonAsync($"api/runs/{first}/decisions");
        JsonNode cached = await host.GetJsonAsync($"api/runs/{again}/decisions?deal=D00001");

        Assert.All(Reasons(unseen), reason => Assert.Equal("unseen", reason["reason"]!.GetValue<string>()));
        Assert.Equal(
            (await host.GetJsonAsync($"api/runs/{first}"))["stages"]!.AsArray().Sum(stage => stage!["jobs"]!.GetValue<int>()),
            unseen["stages"]!.AsArray().Sum(stage => stage!["jobs"]!.GetValue<int>()));
        Assert.NotEmpty(Reasons(cached));
        Assert.All(Reasons(cached), reason => Assert.Equal("cached", reason["reason"]!.GetValue<string>()));
        using HttpResponseMessage unknown = await host.GetAsync($"api/runs/{again}/decisions?deal=none");
        Assert.Equal(400, (int)unknown.StatusCode);
    }

    [Fact]
    public async Task An_output_that_the_store_lost_is_the_reason_why_its_job_runs_again()
    {
        await using RiskHost host = await RiskHost.StartAsync();
        host.WriteSample("book", deals: 4, trials: 200);
        await host.RollupAsync(new { folder = "book", level = "tags" });
        var store = host.Services.GetRequiredService<IObjectStore>();
        await foreach (StoredObject found in store.ListAsync(RiskHost.Stop))
        {
            if (found.Key.Kind == ObjectKind.Reduce)
            {
                await store.DeleteAsync(found.Key, RiskHost.Stop);
            }
        }

        // Other return periods: new reports, which read what is gone.
        string run = await host.RollupAsync(new { folder = "book", level = "tags", returnPeriods = new[] { 10 } });
        Assert.Equal("completed", (await host.GetJsonAsync($"api/runs/{run}"))["status"]!.GetValue<string>());
        JsonArray stages = (await host.GetJsonAsync($"api/runs/{run}/decisions"))["stages"]!.AsArray();
        JsonNode ReasonOf(string stage) => Assert.Single(stages.Where(other => other!["name"]!.GetValue<string>() == stage).SelectMany(other => other!["reasons"]!.AsArray()))!;
        Assert.Equal(
            ("cached", "lost", "unseen"),
            (ReasonOf("map")["reason"]!.GetValue<string>(), ReasonOf("reduce")["reason"]!.GetValue<string>(), ReasonOf("report")["reason"]!.GetValue<string>()));
        Assert.Contains("the store had lost it", ReasonOf("reduce")["meaning"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    private static IEnumerable<JsonNode> Reasons(JsonNode decisions) =>
        decisions["stages"]!.AsArray().SelectMany(stage => stage!["reasons"]!.AsArray()).OfType<JsonNode>();

    private static OrchestrationMetadata Run(DateTimeOffset updated) => new(nameof(RiskRollup), "rollup-x")
    {
        RuntimeStatus = OrchestrationRuntimeStatus.Running,
        CreatedAt = Start,
        LastUpdatedAt = updated,
    };

    private static MeterListener Listen(Action<string, double, Dictionary<string, string?>> measured)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == RiskTelemetry.Name)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => measured(instrument.Name, value, Read(tags)));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => measured(instrument.Name, value, Read(tags)));
        listener.Start();
        return listener;

        static Dictionary<string, string?> Read(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var read = new Dictionary<string, string?>();
            foreach ((string name, object? value) in tags)
            {
                read[name] = value?.ToString();
            }

            return read;
        }
    }
}
