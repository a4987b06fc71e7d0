namespace RiskDurable.Embedded.Engine.Store;

/// <summary>The call an orchestration answers to as a sub-orchestration.</summary>
/// <param name="Row">Number of the caller.</param>
/// <param name="Execution">The caller's round.</param>
/// <param name="Task">Number of the call within it.</param>
/// <param name="InstanceId">Id of the caller.</param>
/// <param name="Name">Name of the caller's function.</param>
internal sealed record ParentCall(long Row, int Execution, int Task, string InstanceId, string Name);

/// <summary>An orchestration instance as it is created.</summary>
internal sealed record NewInstance
{
    public required long Row { get; init; }

    public required string InstanceId { get; init; }

    public required string Name { get; init; }

    public required long Created { get; init; }

    public long? StartAt { get; init; }

    public ParentCall? Parent { get; init; }

    public string? Tags { get; init; }

    /// <summary>Its place in a trace, as <see cref="Tracing.StoredTrace"/> encodes it; null for none.</summary>
    public string? Trace { get; init; }

    public StoredText Input { get; init; }
}

/// <summary>A message on its way to an orchestration or an entity.</summary>
/// <param name="Id">Its number; messages to one target arrive in this order.</param>
/// <param name="Target">Id of the orchestration or entity.</param>
/// <param name="Due">When it is delivered, in ticks; at once if null.</param>
/// <param name="Body">The encoded event or operation.</param>
internal sealed record StoredMessage(long Id, string Target, long? Due, byte[] Body);
