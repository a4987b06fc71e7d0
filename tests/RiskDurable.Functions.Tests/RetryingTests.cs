using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RiskDurable.Embedded.DurableTask;
using RiskDurable.Embedded.DurableTask.Client;
using RiskDurable.Embedded.DurableTask.Entities;
using RiskDurable.Embedded.Hosting;
using RiskDurable.Embedded.Worker;
using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Storage;
using RiskDurable.Functions.Hosting;
using RiskDurable.Functions.Rollup;

namespace RiskDurable.Functions.Tests;

/// <summary>What is tried again, and what is not.</summary>
public sealed class RetryingTests
{
    [Fact]
    public async Task What_is_missing_is_said_at_once()
    {
        await using RiskHost host = await RiskHost.StartAsync();
        var request = new RollupRequest(null, new string('a', 64), RollupSettings.Default);
        (OrchestrationMetadata run, int tries) = await RunAsync(host, request);
        Assert.Equal(1, tries);
        Assert.Contains("cannot be read", run.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_store_could_not_write_is_tried_three_times()
    {
        using var data = new TemporaryFolder();
        var store = new TestStore(data.Path) { Break = ObjectKind.Plan };
        await using RiskHost host = await RiskHost.StartAsync(configure: builder => builder.Services.AddSingleton<IObjectStore>(store));
        (OrchestrationMetadata run, int tries) = await RunAsync(host, new RollupRequest(host.WriteSample("book"), null, RollupSettings.Default));
        Assert.Equal(3, tries);
        Assert.Contains("The disk is full.", run.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_entity_did_not_take_in_it_is_told_again()
    {
        using var data = new TemporaryFolder();
        await using EmbeddedHost host = await EmbeddedHost.StartAsync(
            new EmbeddedHostOptions { StateFolder = data.Path, Port = 0, FunctionAssemblies = [typeof(RetryingTests).Assembly] },
            builder => builder.Logging.ClearProviders(),
            RiskHost.Stop);
        string id = await host.Client.ScheduleNewOrchestrationInstanceAsync(nameof(Forgetful.TellForgetful), cancellation: RiskHost.Stop);
        OrchestrationMetadata ended = await host.Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, RiskHost.Stop);
        Assert.Equal(OrchestrationRuntimeStatus.Completed, ended.RuntimeStatus);
        var entity = await host.Client.Entities.GetEntityAsync<int>(Forgetful.Id, RiskHost.Stop);
        Assert.Equal(7, entity!.State);
    }

    private static async Task<(OrchestrationMetadata Run, int Tries)> RunAsync(RiskHost host, RollupRequest request)
    {
        string id = await host.Client.ScheduleNewOrchestrationInstanceAsync(nameof(RiskRollup), request, RiskHost.Stop);
        OrchestrationMetadata run = await host.EndAsync(id);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, run.RuntimeStatus);
        JsonNode history = await host.GetJsonAsync($"runtime/webhooks/durabletask/instances/{id}?showHistory=true");
        return (run, history["historyEvents"]!.AsArray().Count(entry =>
            entry!["EventType"]!.GetValue<string>() == "TaskFailed" && entry["FunctionName"]?.GetValue<string>() == nameof(RollupActivities.PlanRollup)));
    }
}

/// <summary>An entity that fails its first operation.</summary>
public sealed class Forgetful : TaskEntity<int>
{
    private static int _asked;

    public static EntityInstanceId Id => new(nameof(Forgetful), "x");

    [Function(nameof(Forgetful))]
    public static Task DispatchAsync([EntityTrigger] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync<Forgetful>();

    [Function(nameof(TellForgetful))]
    public static Task TellForgetful([OrchestrationTrigger] TaskOrchestrationContext context) => context.TellAsync(Id, nameof(Take), 7);

    public void Take(int news) => State = Interlocked.Increment(ref _asked) == 1 ? throw new IOException("The worker died.") : news;
}
