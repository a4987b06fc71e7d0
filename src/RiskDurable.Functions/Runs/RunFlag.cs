namespace RiskDurable.Functions.Runs;

/// <summary>Whether a run was cancelled: an entity a run. Every job asks when it starts, as terminating an orchestration recalls no job.</summary>
public sealed class RunFlag : TaskEntity<RunFlagState>
{
    /// <summary>The entity of a run.</summary>
    /// <param name="runId">The run.</param>
    public static EntityInstanceId IdOf(string runId) => new(nameof(RunFlag), runId);

    /// <summary>Runs the entity's operations.</summary>
    /// <param name="dispatcher">Hands over the operations.</param>
    [Function(nameof(RunFlag))]
    public static Task DispatchAsync([EntityTrigger] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync<RunFlag>();

    /// <summary>Whether a run was cancelled.</summary>
    /// <param name="client">Reads the flag.</param>
    /// <param name="runId">The run.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task<bool> IsCancelledAsync(DurableTaskClient client, string runId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        EntityMetadata<RunFlagState>? entity = await client.Entities
            .GetEntityAsync<RunFlagState>(IdOf(runId), includeState: true, cancellationToken).ConfigureAwait(false);
        return entity is { IncludesState: true, State.IsCancelled: true };
    }

    /// <summary>The run is cancelled.</summary>
    /// <param name="by">By whom.</param>
    public void Cancel(string by)
    {
        State.IsCancelled = true;
        State.CancelledBy ??= by;
    }
}

/// <summary>State of a run's flag.</summary>
public sealed class RunFlagState
{
    /// <summary>Whether the run was cancelled.</summary>
    public bool IsCancelled { get; set; }

    /// <summary>Who was first to cancel it.</summary>
    public string? CancelledBy { get; set; }
}
