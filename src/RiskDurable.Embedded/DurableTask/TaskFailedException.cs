namespace RiskDurable.Embedded.DurableTask;

/// <summary>Thrown into an orchestrator when an activity or sub-orchestration it called has failed.</summary>
public sealed class TaskFailedException : Exception
{
    /// <summary>A task's failure from its details.</summary>
    /// <param name="taskName">Name of the function that failed.</param>
    /// <param name="taskId">Number of the call within the orchestration.</param>
    /// <param name="failureDetails">How it failed.</param>
    public TaskFailedException(string taskName, int taskId, TaskFailureDetails failureDetails)
        : base(Describe(taskName, taskId, failureDetails?.ErrorMessage))
    {
        ArgumentNullException.ThrowIfNull(failureDetails);
        TaskName = taskName;
        TaskId = taskId;
        FailureDetails = failureDetails;
    }

    /// <summary>A task's failure from the exception behind it.</summary>
    /// <param name="taskName">Name of the function that failed.</param>
    /// <param name="taskId">Number of the call within the orchestration.</param>
    /// <param name="innerException">What it threw.</param>
    public TaskFailedException(string taskName, int taskId, Exception innerException)
        : base(Describe(taskName, taskId, innerException?.Message), innerException)
    {
        ArgumentNullException.ThrowIfNull(innerException);
        TaskName = taskName;
        TaskId = taskId;
        FailureDetails = TaskFailureDetails.FromException(innerException);
    }

    /// <summary>Name of the function that failed.</summary>
    public string TaskName { get; }

    /// <summary>Number of the call within the orchestration.</summary>
    public int TaskId { get; }

    /// <summary>How it failed.</summary>
    public TaskFailureDetails FailureDetails { get; }

    private static string Describe(string taskName, int taskId, string? message) => message is null
        ? $"Task '{taskName}' (#{taskId}) failed with an unhandled exception."
        : $"Task '{taskName}' (#{taskId}) failed with an unhandled exception: {message}";
}
