namespace RiskDurable.Embedded.Engine.Orchestrations;

/// <summary>The orchestrator's code did not decide as it did before, or awaited what the engine does not know.</summary>
internal sealed class NonDeterministicOrchestrationException(string message) : Exception("Non-deterministic orchestrator detected: " + message)
{
    public const string IllegalAwait =
        "the orchestrator awaited something other than a task of its context, or went on outside of the orchestration's thread. Orchestrator code may "
        + "await only tasks from its TaskOrchestrationContext and Task.WhenAll, WhenAny of them, without ConfigureAwait(false). Move I/O, Task.Run and Task.Delay "
        + "into activities and timers.";
}
