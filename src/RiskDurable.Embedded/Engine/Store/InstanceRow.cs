namespace RiskDurable.Embedded.Engine.Store;

/// <summary>An orchestration instance as it is stored. Times are ticks (UTC).</summary>
internal sealed record InstanceRow
{
    public required long Row { get; init; }

    public required string InstanceId { get; init; }

    public required string Name { get; init; }

    public required int Status { get; init; }

    public required int Execution { get; init; }

    public required long Created { get; init; }

    public required long Updated { get; init; }

    public long? StartAt { get; init; }

    public ParentCall? Parent { get; init; }

    public string? Tags { get; init; }

    public string? CustomStatus { get; init; }

    public string? Failure { get; init; }

    /// <summary>Its place in a trace, as <see cref="Tracing.StoredTrace"/> encodes it; null for none.</summary>
    public string? Trace { get; init; }

    public StoredText Input { get; init; }

    public StoredText Output { get; init; }
}

/// <summary>An entity as it is stored.</summary>
/// <param name="Row">Its number.</param>
/// <param name="EntityId">Its id, as <c>@name@key</c>.</param>
/// <param name="Modified">When it last ran operations, ticks (UTC).</param>
/// <param name="State">Its state as JSON; null if it was not asked for.</param>
internal sealed record EntityRow(long Row, string EntityId, long Modified, string? State);
