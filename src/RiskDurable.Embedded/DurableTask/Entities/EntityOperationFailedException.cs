namespace RiskDurable.Embedded.DurableTask.Entities;

/// <summary>Thrown into an orchestrator when an entity operation it called has failed.</summary>
public sealed class EntityOperationFailedException : Exception
{
    /// <summary>A failed operation.</summary>
    /// <param name="entityId">The entity.</param>
    /// <param name="operationName">The operation.</param>
    /// <param name="failureDetails">How it failed.</param>
    public EntityOperationFailedException(EntityInstanceId entityId, string operationName, TaskFailureDetails failureDetails)
        : base($"Operation '{operationName}' of entity '{entityId}' failed: {failureDetails?.ErrorMessage}")
    {
        ArgumentNullException.ThrowIfNull(failureDetails);
        EntityId = entityId;
        OperationName = operationName;
        FailureDetails = failureDetails;
    }

    /// <summary>The entity.</summary>
    public EntityInstanceId EntityId { get; }

    /// <summary>The operation.</summary>
    public string OperationName { get; }

    /// <summary>How it failed.</summary>
    public TaskFailureDetails FailureDetails { get; }
}
