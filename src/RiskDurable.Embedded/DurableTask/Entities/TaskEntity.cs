namespace RiskDurable.Embedded.DurableTask.Entities;

/// <summary>
/// An entity whose operations are the public methods of a class: an operation runs the method of its name, in any case, with its input and,
/// where asked for, the <see cref="TaskEntityContext"/>. An operation <c>delete</c> without such a method deletes the entity.
/// </summary>
/// <typeparam name="TState">Type of the state, kept as JSON.</typeparam>
public abstract class TaskEntity<TState> : ITaskEntity
{
    /// <summary>Whether operations may also run methods of the state object itself.</summary>
    protected virtual bool AllowStateDispatch => false;

    /// <summary>The entity's state. It is saved when the operation returns.</summary>
    protected TState State { get; set; } = default!;

    /// <summary>What the running operation may do.</summary>
    protected TaskEntityContext Context { get; private set; } = null!;

    /// <inheritdoc/>
    public ValueTask<object?> RunAsync(TaskEntityOperation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        Context = operation.Context;
        State = operation.State.GetState(typeof(TState)) is { } state ? (TState)state : InitializeState(operation);
        if (EntityDispatch.TryInvoke(operation, this, out object? result, out Type returnType) || TryInvokeState(operation, out result, out returnType))
        {
            return EntityDispatch.UnwrapAsync(operation.State, () => State, result, returnType);
        }

        if (string.Equals(operation.Name, "delete", StringComparison.OrdinalIgnoreCase))
        {
            operation.State.SetState(null);
            return default;
        }

        throw new NotSupportedException($"No suitable method found for entity operation '{operation}'.");
    }

    /// <summary>The state an operation starts from when there is none; by default what the parameterless constructor makes.</summary>
    /// <param name="entityOperation">The operation about to run.</param>
    protected virtual TState InitializeState(TaskEntityOperation entityOperation) => Nullable.GetUnderlyingType(typeof(TState)) is { } underlying
        ? (TState)Activator.CreateInstance(underlying)!
        : Activator.CreateInstance<TState>();

    private bool TryInvokeState(TaskEntityOperation operation, out object? result, out Type returnType)
    {
        (result, returnType) = (null, typeof(void));
        if (!AllowStateDispatch)
        {
            return false;
        }

        return State is null
            ? throw new InvalidOperationException("Attempting to dispatch to entity state, but entity state is null.")
            : EntityDispatch.TryInvoke(operation, State, out result, out returnType);
    }
}
