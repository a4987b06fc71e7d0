using RiskDurable.Embedded.Engine.Store;

namespace RiskDurable.Embedded.Engine.Entities;

/// <summary>The call of an orchestration that an operation answers.</summary>
internal sealed record EntityCaller(string InstanceId, long Row, int Execution, int TaskId);

/// <summary>An operation on its way to an entity.</summary>
/// <param name="Operation">Its name.</param>
/// <param name="Input">Its input as JSON; null if there is none.</param>
/// <param name="Caller">Who waits for the result; null for a signal.</param>
/// <param name="MessageId">Number of the stored message.</param>
internal sealed record EntityRequest(string Operation, string? Input, EntityCaller? Caller, long MessageId)
{
    public byte[] ToMessage()
    {
        RecordWriter writer = new();
        writer.Text(Operation);
        writer.Text(Input);
        writer.Text(Caller?.InstanceId);
        if (Caller is not null)
        {
            writer.Number(Caller.Row);
            writer.Number(Caller.Execution);
            writer.Number(Caller.TaskId);
        }

        return writer.Written.ToArray();
    }

    public static EntityRequest FromMessage(StoredMessage message)
    {
        RecordReader reader = new(message.Body);
        string operation = reader.Text()!;
        string? input = reader.Text();
        string? caller = reader.Text();
        return new EntityRequest(
            operation, input, caller is null ? null : new EntityCaller(caller, reader.Number(), reader.Int(), reader.Int()), message.Id);
    }
}
