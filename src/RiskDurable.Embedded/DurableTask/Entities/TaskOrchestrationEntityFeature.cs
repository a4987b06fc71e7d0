namespace RiskDurable.Embedded.DurableTask.Entities;

/// <summary>Calls and signals from an orchestrator to entities. Operations one orchestration sends to one entity arrive in order.</summary>
public abstract class TaskOrchestrationEntityFeature
{
    /// <summary>Calls an operation and awaits its result.</summary>
    /// <inheritdoc cref="CallEntityAsync(EntityInstanceId, string, object?, CallEntityOptions?)"/>
    public abstract Task<TResult> CallEntityAsync<TResult>(EntityInstanceId id, string operationName, object? input = null, CallEntityOptions? options = null);

    /// <summary>Calls an operation without input and awaits its result.</summary>
    /// <inheritdoc cref="CallEntityAsync(EntityInstanceId, string, object?, CallEntityOptions?)"/>
    public virtual Task<TResult> CallEntityAsync<TResult>(EntityInstanceId id, string operationName, CallEntityOptions? options) =>
        CallEntityAsync<TResult>(id, operationName, null, options);

    /// <summary>Calls an operation and awaits its end.</summary>
    /// <param name="id">The entity; it comes into being if it does not exist.</param>
    /// <param name="operationName">The operation.</param>
    /// <param name="input">The operation's input.</param>
    /// <param name="options">Nothing to choose yet.</param>
    /// <exception cref="EntityOperationFailedException">Through the task: the operation threw.</exception>
    public abstract Task CallEntityAsync(EntityInstanceId id, string operationName, object? input = null, CallEntityOptions? options = null);

    /// <summary>Calls an operation without input and awaits its end.</summary>
    /// <inheritdoc cref="CallEntityAsync(EntityInstanceId, string, object?, CallEntityOptions?)"/>
    public virtual Task CallEntityAsync(EntityInstanceId id, string operationName, CallEntityOptions? options) => CallEntityAsync(id, operationName, null, options);

    /// <summary>Sends an operation without waiting for it.</summary>
    /// <param name="id">The entity; it comes into being if it does not exist.</param>
    /// <param name="operationName">The operation.</param>
    /// <param name="input">The operation's input.</param>
    /// <param name="options">When it is delivered.</param>
    public abstract Task SignalEntityAsync(EntityInstanceId id, string operationName, object? input = null, SignalEntityOptions? options = null);

    /// <summary>Sends an operation without input, and without waiting for it.</summary>
    /// <inheritdoc cref="SignalEntityAsync(EntityInstanceId, string, object?, SignalEntityOptions?)"/>
    public virtual Task SignalEntityAsync(EntityInstanceId id, string operationName, SignalEntityOptions? options) =>
        SignalEntityAsync(id, operationName, null, options);
}
