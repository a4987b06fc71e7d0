using RiskDurable.Embedded.DurableTask.Entities;

namespace RiskDurable.Embedded.DurableTask.Client.Entities;

/// <summary>Signals and reads entities from outside of orchestrations.</summary>
public abstract class DurableEntityClient
{
    /// <summary>A client.</summary>
    /// <param name="name">Its name.</param>
    protected DurableEntityClient(string name) => Name = name;

    /// <summary>The client's name.</summary>
    public string Name { get; }

    /// <summary>Sends an operation; returns when the signal is safely stored, not when it has run.</summary>
    /// <param name="id">The entity; it comes into being if it does not exist.</param>
    /// <param name="operationName">The operation.</param>
    /// <param name="input">The operation's input.</param>
    /// <param name="options">When it is delivered.</param>
    /// <param name="cancellation">Gives up waiting for the store.</param>
    public abstract Task SignalEntityAsync(
        EntityInstanceId id, string operationName, object? input = null, SignalEntityOptions? options = null, CancellationToken cancellation = default);

    /// <summary>Sends an operation without input.</summary>
    /// <inheritdoc cref="SignalEntityAsync(EntityInstanceId, string, object?, SignalEntityOptions?, CancellationToken)"/>
    public virtual Task SignalEntityAsync(EntityInstanceId id, string operationName, SignalEntityOptions options, CancellationToken cancellation = default) =>
        SignalEntityAsync(id, operationName, null, options, cancellation);

    /// <summary>Sends an operation without input.</summary>
    /// <inheritdoc cref="SignalEntityAsync(EntityInstanceId, string, object?, SignalEntityOptions?, CancellationToken)"/>
    public virtual Task SignalEntityAsync(EntityInstanceId id, string operationName, CancellationToken cancellation) =>
        SignalEntityAsync(id, operationName, null, null, cancellation);

    /// <summary>Reads an entity without queuing behind its operations.</summary>
    /// <param name="id">The entity.</param>
    /// <param name="includeState">Whether to read its state too.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Null if it has no state.</returns>
    public abstract Task<EntityMetadata?> GetEntityAsync(EntityInstanceId id, bool includeState = true, CancellationToken cancellation = default);

    /// <summary>Reads an entity with its state.</summary>
    /// <inheritdoc cref="GetEntityAsync(EntityInstanceId, bool, CancellationToken)"/>
    public virtual Task<EntityMetadata?> GetEntityAsync(EntityInstanceId id, CancellationToken cancellation) => GetEntityAsync(id, includeState: true, cancellation);

    /// <summary>Reads an entity with a state of a known type.</summary>
    /// <inheritdoc cref="GetEntityAsync(EntityInstanceId, bool, CancellationToken)"/>
    public abstract Task<EntityMetadata<T>?> GetEntityAsync<T>(EntityInstanceId id, bool includeState = true, CancellationToken cancellation = default);

    /// <summary>Reads an entity with its state of a known type.</summary>
    /// <inheritdoc cref="GetEntityAsync(EntityInstanceId, bool, CancellationToken)"/>
    public virtual Task<EntityMetadata<T>?> GetEntityAsync<T>(EntityInstanceId id, CancellationToken cancellation) =>
        GetEntityAsync<T>(id, includeState: true, cancellation);

    /// <summary>Lists entities.</summary>
    /// <param name="filter">Which; all if null.</param>
    public abstract AsyncPageable<EntityMetadata> GetAllEntitiesAsync(EntityQuery? filter = null);

    /// <summary>Lists entities with states of a known type.</summary>
    /// <typeparam name="T">Type of the states.</typeparam>
    /// <param name="filter">Which; all if null.</param>
    public abstract AsyncPageable<EntityMetadata<T>> GetAllEntitiesAsync<T>(EntityQuery? filter = null);
}
