using RiskDurable.Embedded.Engine.Store;

namespace RiskDurable.Embedded.Engine.Orchestrations;

/// <summary>What an orchestrator can decide. The numbers are stored.</summary>
internal enum ActionKind : byte
{
    CallActivity = 1,
    CallSubOrchestrator = 2,
    CreateTimer = 3,
    CancelTimer = 4,
    SendEvent = 5,
    CallEntity = 6,
    SignalEntity = 7,
}

/// <summary>A decision of an orchestrator.</summary>
internal sealed record OrchestrationAction
{
    public required ActionKind Kind { get; init; }

    /// <summary>Its number within the round; a cancelled timer's own.</summary>
    public required int Id { get; init; }

    /// <summary>Name of the function, event or operation.</summary>
    public string? Name { get; init; }

    /// <summary>Id of the instance or entity it is for.</summary>
    public string? Target { get; init; }

    public StoredText Input { get; init; }

    /// <summary>When a timer fires or a signal is delivered, in ticks (UTC).</summary>
    public long Due { get; init; }

    public string Describe() => Kind switch
    {
        ActionKind.CallActivity => $"a call of activity '{Name}'",
        ActionKind.CallSubOrchestrator => $"a call of sub-orchestration '{Name}'",
        ActionKind.SendEvent => $"an event '{Name}'",
        ActionKind.CallEntity => $"a call of entity operation '{Name}'",
        ActionKind.SignalEntity => $"a signal of entity operation '{Name}'",
        _ => "a timer",
    };

    /// <summary>Writes what replay and recovery need; what is on its way as a message or an instance is not written again.</summary>
    public void Encode(RecordWriter writer, StoredText input)
    {
        writer.Byte((byte)Kind);
        writer.Number(Id);
        switch (Kind)
        {
            case ActionKind.CallActivity:
                writer.Text(Name);
                writer.Stored(input);
                break;
            case ActionKind.CallSubOrchestrator or ActionKind.SendEvent or ActionKind.CallEntity or ActionKind.SignalEntity:
                writer.Text(Name);
                writer.Text(Target);
                break;
            case ActionKind.CreateTimer:
                writer.Fixed(Due);
                break;
        }
    }

    public static OrchestrationAction Decode(ref RecordReader reader)
    {
        OrchestrationAction action = new() { Kind = (ActionKind)reader.Byte(), Id = reader.Int() };
        return action.Kind switch
        {
            ActionKind.CallActivity => action with { Name = reader.Text(), Input = reader.Stored() },
            ActionKind.CreateTimer => action with { Due = reader.Fixed() },
            ActionKind.CancelTimer => action,
            _ => action with { Name = reader.Text(), Target = reader.Text() },
        };
    }
}
