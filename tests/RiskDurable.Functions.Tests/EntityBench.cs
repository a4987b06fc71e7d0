using System.Text.Json;
using RiskDurable.Embedded.DurableTask;
using RiskDurable.Embedded.DurableTask.Converters;
using RiskDurable.Embedded.DurableTask.Entities;

namespace RiskDurable.Functions.Tests;

/// <summary>Runs operations of an entity without a host; state and inputs pass through JSON as they do there.</summary>
/// <param name="entity">The entity.</param>
internal sealed class EntityBench<TState>(ITaskEntity entity)
{
    private static readonly JsonDataConverter Json = JsonDataConverter.Default;

    private string? _state;

    /// <summary>Signals that operations sent, oldest first.</summary>
    public List<(EntityInstanceId Id, string Operation, DateTimeOffset? At)> Signals { get; } = [];

    /// <summary>The state as it is stored, characters.</summary>
    public int StateLength => _state?.Length ?? 0;

    public TState State => (TState)Json.Deserialize(_state, typeof(TState))!;

    public void Run(string operation, object? input = null)
    {
        Task<object?> run = entity.RunAsync(new Operation(this, operation, Json.Serialize(input))).AsTask();
        Assert.True(run.IsCompletedSuccessfully, $"{operation}: {run.Exception}");
    }

    private sealed class Operation(EntityBench<TState> bench, string name, string? input) : TaskEntityOperation
    {
        public override string Name => name;

        public override TaskEntityContext Context => new OperationContext(bench);

        public override TaskEntityState State => new StoredState(bench);

        public override bool HasInput => input is not null;

        public override object? GetInput(Type inputType) => Json.Deserialize(input, inputType);
    }

    private sealed class StoredState(EntityBench<TState> bench) : TaskEntityState
    {
        public override bool HasState => bench._state is not null;

        public override object? GetState(Type type) => Json.Deserialize(bench._state, type);

        public override void SetState(object? state) => bench._state = Json.Serialize(state);
    }

    private sealed class OperationContext(EntityBench<TState> bench) : TaskEntityContext
    {
        public override EntityInstanceId Id => new("bench", "x");

        public override void SignalEntity(EntityInstanceId id, string operationName, object? input = null, SignalEntityOptions? options = null) =>
            bench.Signals.Add((id, operationName, options?.SignalTime));

        public override string ScheduleNewOrchestration(TaskName name, object? input = null, StartOrchestrationOptions? options = null) =>
            throw new NotSupportedException(JsonSerializer.Serialize(name.Name));
    }
}
