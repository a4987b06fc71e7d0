namespace RiskDurable.Embedded.DurableTask.Entities;

/// <summary>The state of an entity during an operation.</summary>
public abstract class TaskEntityState
{
    /// <summary>Whether there is a state.</summary>
    public abstract bool HasState { get; }

    /// <summary>The state, or a default if there is none.</summary>
    /// <typeparam name="T">Type to read it as.</typeparam>
    public virtual T? GetState<T>(T? defaultValue = default) => GetState(typeof(T)) is { } state ? (T)state : defaultValue;

    /// <summary>The state, or null if there is none.</summary>
    /// <param name="type">Type to read it as.</param>
    public abstract object? GetState(Type type);

    /// <summary>Replaces the state; null deletes the entity.</summary>
    public abstract void SetState(object? state);
}
