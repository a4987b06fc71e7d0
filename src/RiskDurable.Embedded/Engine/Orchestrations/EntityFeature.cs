using RiskDurable.Embedded.DurableTask;
using RiskDurable.Embedded.DurableTask.Entities;
using RiskDurable.Embedded.Engine.Store;

namespace RiskDurable.Embedded.Engine.Orchestrations;

/// <summary>Calls and signals of an orchestration to entities.</summary>
internal sealed class EntityFeature(OrchestrationExecution execution, DataConverter converter) : TaskOrchestrationEntityFeature
{
    public override Task<TResult> CallEntityAsync<TResult>(
        EntityInstanceId id, string operationName, object? input = null, CallEntityOptions? options = null)
    {
        execution.EnsureOwnThread();
        OrchestrationAction call = Operation(ActionKind.CallEntity, id, operationName, input, due: 0);

        // As in the real model, an orchestration may end while a call it does not await is on its way.
        OpenTask<TResult> task = new(converter, failure => new EntityOperationFailedException(id, operationName, failure)) { KeepsOpen = false };
        execution.Open(call, task);
        return task.Task;
    }

    public override Task CallEntityAsync(EntityInstanceId id, string operationName, object? input = null, CallEntityOptions? options = null) =>
        CallEntityAsync<object>(id, operationName, input, options);

    public override Task SignalEntityAsync(EntityInstanceId id, string operationName, object? input = null, SignalEntityOptions? options = null)
    {
        execution.EnsureOwnThread();
        execution.Decide(Operation(ActionKind.SignalEntity, id, operationName, input, options?.SignalTime?.UtcTicks ?? 0));
        return Task.CompletedTask;
    }

    private OrchestrationAction Operation(ActionKind kind, EntityInstanceId id, string operation, object? input, long due)
    {
        if (id == default)
        {
            throw new ArgumentException("The entity's id must not be the default value.", nameof(id));
        }

        ArgumentException.ThrowIfNullOrEmpty(operation);
        return new OrchestrationAction
        {
            Kind = kind,
            Id = execution.NextId(),
            Name = operation,
            Target = id.ToString(),
            Input = new StoredText(converter.Serialize(input), 0),
            Due = due,
        };
    }
}
