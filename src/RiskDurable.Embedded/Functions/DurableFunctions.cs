using System.Collections.Frozen;
using RiskDurable.Embedded.DurableTask;
using RiskDurable.Embedded.Engine;
using RiskDurable.Embedded.Worker;

namespace RiskDurable.Embedded.Functions;

/// <summary>The engine's way to the application's orchestrators, activities and entities.</summary>
internal sealed class DurableFunctions(IReadOnlyList<FunctionDescriptor> functions, Func<FunctionExecutor> executor) : IDurableFunctions
{
    private readonly FrozenDictionary<string, FunctionDescriptor> _orchestrators = OfKind(functions, TriggerKind.Orchestration);
    private readonly FrozenDictionary<string, FunctionDescriptor> _activities = OfKind(functions, TriggerKind.Activity);
    private readonly FrozenDictionary<string, FunctionDescriptor> _entities = OfKind(functions, TriggerKind.Entity);
    private readonly Lazy<FunctionExecutor> _executor = new(executor);

    public bool HasOrchestrator(string name) => _orchestrators.ContainsKey(name);

    public bool HasActivity(string name) => _activities.ContainsKey(name);

    public bool HasEntity(string name) => _entities.ContainsKey(name);

    public Task<object?> RunOrchestratorAsync(string name, TaskOrchestrationContext context) =>
        _executor.Value.ExecuteAsync(_orchestrators[name], context, context.InstanceId, CancellationToken.None);

    public Task<object?> RunActivityAsync(string name, string instanceId, string? serializedInput, CancellationToken stopping) =>
        _executor.Value.ExecuteAsync(_activities[name], new ActivityCall(instanceId, serializedInput), instanceId, stopping);

    public Task RunEntityAsync(string name, TaskEntityDispatcher dispatcher, CancellationToken stopping) =>
        _executor.Value.ExecuteAsync(_entities[name], dispatcher, instanceId: null, stopping);

    private static FrozenDictionary<string, FunctionDescriptor> OfKind(IReadOnlyList<FunctionDescriptor> functions, TriggerKind kind) =>
        functions.Where(function => function.Kind == kind)
            .ToFrozenDictionary(function => function.DurableName, StringComparer.OrdinalIgnoreCase);
}
