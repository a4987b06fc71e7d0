using RiskDurable.Embedded.DurableTask.Client;
using RiskDurable.Embedded.Engine.Store;

namespace RiskDurable.Embedded.Engine.Orchestrations;

/// <summary>A step of an orchestration as one change of the store, with what happens once it is stored.</summary>
internal sealed class OrchestrationWrite(OrchestrationActor actor) : StoreWrite
{
    public OrchestrationRuntimeStatus Status { get; set; } = OrchestrationRuntimeStatus.Running;

    public long Time { get; set; }

    public int Number { get; set; }

    /// <summary>The encoded step; null if there was nothing to do or the next round starts.</summary>
    public byte[]? Step { get; set; }

    public string? CustomStatus { get; set; }

    /// <summary>Output at the end, input of the next round.</summary>
    public StoredText Text { get; set; }

    public string? Failure { get; set; }

    /// <summary>Number of the round that starts.</summary>
    public int NextExecution { get; set; }

    /// <summary>Whether the actor goes on before the step is stored.</summary>
    public bool IsReleased { get; set; }

    public bool IsFirst { get; set; }

    public List<long> Consumed { get; } = [];

    public List<Payload> Payloads { get; } = [];

    public IReadOnlyList<long> FreedPayloads { get; set; } = [];

    public List<OutgoingMessage> Messages { get; } = [];

    /// <summary>Stored like messages, but already where they belong.</summary>
    public List<OutgoingMessage> CarriedOver { get; } = [];

    public List<(NewInstance Row, OrchestrationActor Actor)> Children { get; } = [];

    public List<ActivityCall> Activities { get; } = [];

    public List<OrchestrationAction> Timers { get; } = [];

    /// <summary>Answers to calls that could not be made.</summary>
    public List<OrchestrationEvent> Refusals { get; } = [];

    public bool IsEnd => Status is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;

    /// <summary>Keeps a text in its place, or as a payload of an instance if it is large.</summary>
    public StoredText Store(StoredText text, long owner, EngineRuntime engine)
    {
        if (text.Inline is null || text.Inline.Length <= engine.Options.LargePayloadLength)
        {
            return text;
        }

        Payload payload = new(engine.Numbers.NextPayload(), owner, text.Inline);
        Payloads.Add(payload);
        return new StoredText(null, payload.Id);
    }

    public override void Apply(WriteStatements statements)
    {
        Consumed.ForEach(statements.DeleteMessage);
        foreach (long payload in FreedPayloads)
        {
            statements.DeletePayload(payload);
        }

        foreach (Payload payload in Payloads)
        {
            statements.Add(payload);
        }

        if (Status == OrchestrationRuntimeStatus.ContinuedAsNew)
        {
            statements.Renew(actor.Row, (int)OrchestrationRuntimeStatus.Running, Time, CustomStatus, Text, NextExecution);
        }
        else if (Step is not null)
        {
            statements.AppendStep(actor.Row, Number, Step);
            if (IsEnd)
            {
                statements.End(actor.Row, (int)Status, Time, CustomStatus, Text, Failure);
            }
            else
            {
                statements.Update(actor.Row, (int)Status, Time, CustomStatus);
            }
        }

        Children.ForEach(child => statements.Create(child.Row));
        Messages.ForEach(message => statements.Add(message.Stored));
        CarriedOver.ForEach(message => statements.Add(message.Stored));
    }

    public override void Committed() => actor.Committed(this);
}
