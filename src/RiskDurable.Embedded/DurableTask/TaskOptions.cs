namespace RiskDurable.Embedded.DurableTask;

/// <summary>How an activity or sub-orchestration is called.</summary>
public record TaskOptions
{
    /// <summary>Options with retries.</summary>
    /// <param name="retry">How failures are retried; not at all if null.</param>
    public TaskOptions(TaskRetryOptions? retry) => Retry = retry;

    /// <summary>How failures are retried; not at all if null.</summary>
    public TaskRetryOptions? Retry { get; init; }

    /// <summary>Options that retry by a policy.</summary>
    public static TaskOptions FromRetryPolicy(RetryPolicy policy) => new(policy);

    /// <summary>Options that retry as a handler decides.</summary>
    public static TaskOptions FromRetryHandler(AsyncRetryHandler handler) => new(handler);

    /// <summary>Options that retry as a handler decides.</summary>
    public static TaskOptions FromRetryHandler(RetryHandler handler) => new(handler);

    /// <summary>The same options, for a sub-orchestration with an id of its own choice.</summary>
    public SubOrchestrationOptions WithInstanceId(string instanceId) => new(this, instanceId);
}

/// <summary>How a sub-orchestration is called.</summary>
public record SubOrchestrationOptions : TaskOptions
{
    /// <summary>Options with retries and an id.</summary>
    /// <param name="retry">How failures are retried; not at all if null.</param>
    /// <param name="instanceId">The sub-orchestration's id; a deterministic new one if null.</param>
    public SubOrchestrationOptions(TaskRetryOptions? retry = null, string? instanceId = null)
        : base(retry) => InstanceId = instanceId;

    /// <summary>Options taken from others, with an id.</summary>
    /// <param name="options">The options to take over.</param>
    /// <param name="instanceId">The sub-orchestration's id; that of <paramref name="options"/> if null.</param>
    public SubOrchestrationOptions(TaskOptions options, string? instanceId = null)
        : base(options) => InstanceId = instanceId ?? (options as SubOrchestrationOptions)?.InstanceId;

    /// <summary>The sub-orchestration's id; a deterministic new one if null.</summary>
    public string? InstanceId { get; init; }
}
