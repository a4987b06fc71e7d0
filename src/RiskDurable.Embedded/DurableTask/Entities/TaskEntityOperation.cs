namespace RiskDurable.Embedded.DurableTask.Entities;

/// <summary>One operation on an entity.</summary>
public abstract class TaskEntityOperation
{
    /// <summary>Name of the operation.</summary>
    public abstract string Name { get; }

    /// <summary>What the operation may do.</summary>
    public abstract TaskEntityContext Context { get; }

    /// <summary>The entity's state.</summary>
    public abstract TaskEntityState State { get; }

    /// <summary>Whether the caller gave an input.</summary>
    public abstract bool HasInput { get; }

    /// <summary>The operation's input.</summary>
    /// <typeparam name="T">Type to read it as.</typeparam>
    public virtual T? GetInput<T>() => (T?)GetInput(typeof(T));

    /// <summary>The operation's input.</summary>
    /// <param name="inputType">Type to read it as.</param>
    public abstract object? GetInput(Type inputType);

    /// <inheritdoc/>
    public override string ToString() => $"{Context.Id}/{Name}";
}
