using RiskDurable.Embedded.Engine.Entities;
using RiskDurable.Embedded.Engine.Orchestrations;
using RiskDurable.Embedded.Engine.Store;

namespace RiskDurable.Embedded.Engine;

/// <summary>A message as it is stored, with what it says: an event for an orchestration, or a request for an entity.</summary>
internal sealed record OutgoingMessage(StoredMessage Stored, OrchestrationEvent? Event, EntityRequest? Request)
{
    public static OutgoingMessage To(string instanceId, OrchestrationEvent content, long id) =>
        new(new StoredMessage(id, instanceId, null, content.ToMessage()), content with { MessageId = id }, null);

    /// <param name="entityId">The entity.</param>
    /// <param name="content">The operation.</param>
    /// <param name="due">Ticks (UTC); 0 for at once.</param>
    public static OutgoingMessage To(string entityId, EntityRequest content, long due) =>
        new(new StoredMessage(content.MessageId, entityId, due == 0 ? null : due, content.ToMessage()), null, content);

    public static OutgoingMessage From(StoredMessage stored) => InstanceIds.IsEntity(stored.Target)
        ? new(stored, null, EntityRequest.FromMessage(stored))
        : new(stored, OrchestrationEvent.FromMessage(stored), null);
}
