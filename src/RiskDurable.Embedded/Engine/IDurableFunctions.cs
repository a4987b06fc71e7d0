using RiskDurable.Embedded.DurableTask;
using RiskDurable.Embedded.Worker;

namespace RiskDurable.Embedded.Engine;

/// <summary>The functions the engine runs. Names are compared without regard to case.</summary>
internal interface IDurableFunctions
{
    bool HasOrchestrator(string name);

    bool HasActivity(string name);

    /// <summary>Whether there is an entity function; the name comes in lower case.</summary>
    bool HasEntity(string name);

    /// <summary>
    /// Runs orchestrator code on the calling thread's synchronization context: no <c>ConfigureAwait(false)</c>, no await of anything but the
    /// orchestrator's own task.
    /// </summary>
    Task<object?> RunOrchestratorAsync(string name, TaskOrchestrationContext context);

    /// <param name="name">Name of the activity function.</param>
    /// <param name="instanceId">Id of the orchestration that calls it.</param>
    /// <param name="serializedInput">Its input as JSON; null if there is none.</param>
    /// <param name="stopping">Cancelled when the host stops and waits no longer; the activity then runs again after the next start.</param>
    Task<object?> RunActivityAsync(string name, string instanceId, string? serializedInput, CancellationToken stopping);

    /// <summary>Runs a batch of operations: the entity function hands an entity to the dispatcher. Set <see cref="TaskEntityDispatcher.Services"/> first.</summary>
    Task RunEntityAsync(string name, TaskEntityDispatcher dispatcher, CancellationToken stopping);
}
