using RiskDurable.Embedded.Engine.Store;

namespace RiskDurable.Embedded.Engine.Orchestrations;

/// <summary>One step of an orchestration: what had happened, and what the code decided.</summary>
/// <param name="Time">When it ran, ticks (UTC).</param>
/// <param name="Events">What had happened since the step before, in order of arrival.</param>
/// <param name="Actions">What the code decided, in the order of their numbers.</param>
internal sealed record HistoryStep(long Time, IReadOnlyList<OrchestrationEvent> Events, IReadOnlyList<OrchestrationAction> Actions)
{
    /// <param name="writer">Takes the record.</param>
    /// <param name="store">Puts a text where it belongs: in its place, or into a payload.</param>
    public void Encode(RecordWriter writer, Func<StoredText, StoredText> store)
    {
        writer.Fixed(Time);
        writer.Number(Events.Count);
        foreach (OrchestrationEvent item in Events)
        {
            item.Encode(writer, store(item.Text));
        }

        writer.Number(Actions.Count);
        foreach (OrchestrationAction action in Actions)
        {
            action.Encode(writer, action.Kind == ActionKind.CallActivity ? store(action.Input) : default);
        }
    }

    public static HistoryStep Decode(byte[] record)
    {
        RecordReader reader = new(record);
        long time = reader.Fixed();
        OrchestrationEvent[] events = new OrchestrationEvent[reader.Int()];
        for (int i = 0; i < events.Length; i++)
        {
            events[i] = OrchestrationEvent.Decode(ref reader);
        }

        OrchestrationAction[] actions = new OrchestrationAction[reader.Int()];
        for (int i = 0; i < actions.Length; i++)
        {
            actions[i] = OrchestrationAction.Decode(ref reader);
        }

        return new HistoryStep(time, events, actions);
    }

    /// <summary>Numbers of the payloads the step refers to.</summary>
    public IEnumerable<long> Payloads() =>
        Events.Select(item => item.Text.Payload).Concat(Actions.Select(action => action.Input.Payload)).Where(payload => payload != 0);
}
