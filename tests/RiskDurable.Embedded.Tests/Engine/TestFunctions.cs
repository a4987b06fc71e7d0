using RiskDurable.Embedded.DurableTask;
using RiskDurable.Embedded.DurableTask.Converters;
using RiskDurable.Embedded.DurableTask.Entities;
using RiskDurable.Embedded.Engine;
using RiskDurable.Embedded.Worker;

namespace RiskDurable.Embedded.Tests.Engine;

/// <summary>Functions given as delegates.</summary>
internal sealed class TestFunctions : IDurableFunctions
{
    private readonly Dictionary<string, Func<TaskOrchestrationContext, Task<object?>>> _orchestrators = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Func<string?, CancellationToken, Task<object?>>> _activities = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Func<ITaskEntity>> _entities = new(StringComparer.OrdinalIgnoreCase);

    public TestFunctions Orchestrator<T>(string name, Func<TaskOrchestrationContext, Task<T>> run)
    {
        _orchestrators[name] = async context => await run(context);
        return this;
    }

    public TestFunctions Orchestrator(string name, Func<TaskOrchestrationContext, Task> run)
    {
        _orchestrators[name] = async context =>
        {
            await run(context);
            return null;
        };
        return this;
    }

    public TestFunctions Activity<TIn, TOut>(string name, Func<TIn, TOut> run) => Activity<TIn, TOut>(name, (input, _) => Task.FromResult(run(input)));

    public TestFunctions Activity<TIn, TOut>(string name, Func<TIn, CancellationToken, Task<TOut>> run)
    {
        _activities[name] = async (input, stopping) => await run(JsonDataConverter.Default.Deserialize<TIn>(input)!, stopping);
        return this;
    }

    public TestFunctions Entity<T>(string name)
        where T : ITaskEntity, new() => Entity(name, () => new T());

    public TestFunctions Entity(string name, Func<ITaskEntity> make)
    {
        _entities[name] = make;
        return this;
    }

    public bool HasOrchestrator(string name) => _orchestrators.ContainsKey(name);

    public bool HasActivity(string name) => _activities.ContainsKey(name);

    public bool HasEntity(string name) => _entities.ContainsKey(name);

    public Task<object?> RunOrchestratorAsync(string name, TaskOrchestrationContext context) => _orchestrators[name](context);

    public Task<object?> RunActivityAsync(string name, string instanceId, string? serializedInput, CancellationToken stopping) =>
        _activities[name](serializedInput, stopping);

    public Task RunEntityAsync(string name, TaskEntityDispatcher dispatcher, CancellationToken stopping) => dispatcher.DispatchAsync(_entities[name]());
}
