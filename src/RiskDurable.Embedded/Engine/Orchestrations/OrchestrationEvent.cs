using RiskDurable.Embedded.DurableTask;
using RiskDurable.Embedded.Engine.Store;

namespace RiskDurable.Embedded.Engine.Orchestrations;

/// <summary>What can happen to an orchestration. The numbers are stored.</summary>
internal enum EventKind : byte
{
    ActivityCompleted = 1,
    ActivityFailed = 2,
    SubOrchestrationCompleted = 3,
    SubOrchestrationFailed = 4,
    TimerFired = 5,
    EntityCompleted = 6,
    EntityFailed = 7,
    EventRaised = 8,
    Suspended = 9,
    Resumed = 10,
    Terminated = 11,

    /// <summary>The code went on without the engine: it had awaited something that is not durable.</summary>
    ResumedByOther = 12,
}

/// <summary>Something that has happened to an orchestration.</summary>
internal sealed record OrchestrationEvent
{
    public required EventKind Kind { get; init; }

    /// <summary>The call it answers.</summary>
    public int TaskId { get; init; }

    /// <summary>An external event's name.</summary>
    public string? Name { get; init; }

    /// <summary>Result, payload, output or reason.</summary>
    public StoredText Text { get; init; }

    public TaskFailureDetails? Failure { get; init; }

    /// <summary>The instance it is for, if it answers a call; 0 for any.</summary>
    public long Row { get; init; }

    /// <summary>The round it is for, if it answers a call.</summary>
    public int Execution { get; init; }

    /// <summary>Number of the stored message it came with; 0 if it can be told from the history that it is still to come.</summary>
    public long MessageId { get; init; }

    public void Encode(RecordWriter writer, StoredText text)
    {
        writer.Byte((byte)Kind);
        writer.Number(TaskId);
        writer.Text(Name);
        writer.Stored(text);
        writer.Text(FailureText.Encode(Failure));
    }

    public static OrchestrationEvent Decode(ref RecordReader reader) => new()
    {
        Kind = (EventKind)reader.Byte(),
        TaskId = reader.Int(),
        Name = reader.Text(),
        Text = reader.Stored(),
        Failure = FailureText.Decode(reader.Text()),
    };

    /// <summary>The event as the body of a stored message.</summary>
    public byte[] ToMessage()
    {
        RecordWriter writer = new();
        writer.Number(Row);
        writer.Number(Execution);
        Encode(writer, Text);
        return writer.Written.ToArray();
    }

    public static OrchestrationEvent FromMessage(StoredMessage message)
    {
        RecordReader reader = new(message.Body);
        long row = reader.Number();
        int execution = reader.Int();
        return Decode(ref reader) with { Row = row, Execution = execution, MessageId = message.Id };
    }
}
