using RiskDurable.Embedded.Engine.Orchestrations;
using RiskDurable.Embedded.Engine.Store;

namespace RiskDurable.Embedded.Engine.Entities;

/// <summary>A batch of operations as one change of the store.</summary>
internal sealed class EntityWrite(EntityActor actor, long now, string? state, bool saves) : StoreWrite
{
    public List<long> Consumed { get; } = [];

    public List<OutgoingMessage> Messages { get; } = [];

    public List<(NewInstance Row, OrchestrationActor Actor)> Started { get; } = [];

    public List<Payload> Payloads { get; } = [];

    public override void Apply(WriteStatements statements)
    {
        Consumed.ForEach(statements.DeleteMessage);
        if (saves)
        {
            statements.SaveEntity(actor.Id, now, state);
        }

        Started.ForEach(start => statements.Create(start.Row));
        foreach (Payload payload in Payloads)
        {
            statements.Add(payload);
        }

        Messages.ForEach(message => statements.Add(message.Stored));
    }

    public override void Committed() => actor.Committed(this);
}
