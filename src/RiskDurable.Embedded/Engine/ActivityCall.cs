using RiskDurable.Embedded.Engine.Orchestrations;
using RiskDurable.Embedded.Engine.Store;

namespace RiskDurable.Embedded.Engine;

/// <summary>A call of an activity that is stored and waits for a slot.</summary>
internal sealed record ActivityCall(OrchestrationActor Caller, int Execution, int TaskId, string Name, StoredText Input)
{
    /// <summary>When it was called, or after a restart called again.</summary>
    public DateTimeOffset AskedAt { get; } = DateTimeOffset.UtcNow;
}
