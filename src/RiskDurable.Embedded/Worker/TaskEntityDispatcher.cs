using Microsoft.Extensions.DependencyInjection;
using RiskDurable.Embedded.DurableTask.Entities;
using RiskDurable.Embedded.Engine;

namespace RiskDurable.Embedded.Worker;

/// <summary>Given to an entity function: runs the operations that wait for the entity.</summary>
public sealed class TaskEntityDispatcher
{
    private readonly EntityBatch _batch;

    internal TaskEntityDispatcher(EntityBatch batch) => _batch = batch;

    /// <summary>Where <see cref="DispatchAsync{T}"/> gets entities from, and what they need.</summary>
    internal IServiceProvider? Services { get; set; }

    /// <summary>Runs the operations on an entity object.</summary>
    /// <param name="entity">The object; it serves all operations of this call.</param>
    public Task DispatchAsync(ITaskEntity entity)
    {
        ArgumentNullException.ThrowIfNull(entity);
        return _batch.RunAsync(entity);
    }

    /// <summary>Runs the operations on an entity made by dependency injection or, if <typeparamref name="T"/> is no entity, on a state of that type.</summary>
    /// <typeparam name="T">An <see cref="ITaskEntity"/>, or a state whose public methods are the operations.</typeparam>
    public Task DispatchAsync<T>()
    {
        if (!typeof(ITaskEntity).IsAssignableFrom(typeof(T)))
        {
            return DispatchAsync(new StateEntity<T>());
        }

        object entity = (Services is null ? Activator.CreateInstance<T>() : ActivatorUtilities.GetServiceOrCreateInstance<T>(Services))!;
        return DispatchAsync((ITaskEntity)entity);
    }

    /// <summary>Runs the operations on a function.</summary>
    /// <param name="handler">Runs one operation.</param>
    public Task DispatchAsync(Func<TaskEntityOperation, ValueTask<object?>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return DispatchAsync(new HandlerEntity(handler));
    }

    private sealed class StateEntity<T> : TaskEntity<T>
    {
        protected override bool AllowStateDispatch => true;
    }

    private sealed class HandlerEntity(Func<TaskEntityOperation, ValueTask<object?>> handler) : ITaskEntity
    {
        public ValueTask<object?> RunAsync(TaskEntityOperation operation) => handler(operation);
    }
}
