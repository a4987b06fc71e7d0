namespace RiskDurable.Embedded.DurableTask.Entities;

/// <summary>Anything that can run operations of an entity.</summary>
public interface ITaskEntity
{
    /// <summary>Runs one operation; a thrown exception undoes all it did.</summary>
    /// <param name="operation">The operation with the entity's state.</param>
    /// <returns>The operation's result, or null.</returns>
    ValueTask<object?> RunAsync(TaskEntityOperation operation);
}
