using RiskDurable.Embedded.Engine.Orchestrations;
using RiskDurable.Embedded.Engine.Store;

namespace RiskDurable.Embedded.Engine;

/// <summary>
/// Rebuilds what is ready to run from the file. What an orchestration waits for is told by its history: a call without an answer is called again, a timer
/// without a firing is set again. Only what comes from others is stored as a message.
/// </summary>
internal static class Recovery
{
    public static void Run(EngineRuntime engine)
    {
        List<InstanceRow> rows = engine.State.Reader.Read(read => read.LiveInstances());
        List<(OrchestrationActor Actor, InstanceRow Row, List<OrchestrationAction> Open)> found = new(rows.Count);
        foreach (InstanceRow row in rows)
        {
            HistoryStep[] steps = [.. engine.State.Reader.Read(read => read.Steps(row.Row)).Select(HistoryStep.Decode)];
            OrchestrationActor actor = new(engine, row, steps);
            engine.Orchestrations[row.InstanceId] = actor;
            found.Add((actor, row, Unanswered(steps)));
        }

        List<OutgoingMessage> messages = [.. engine.State.Reader.Read(read => read.Messages()).Select(OutgoingMessage.From)];
        HashSet<(long Row, int Task)> answered =
        [
            .. messages.Where(message => message.Event is { Row: not 0 }).Select(message => (message.Event!.Row, message.Event.TaskId)),
        ];
        messages.ForEach(engine.Deliver);
        foreach ((OrchestrationActor actor, InstanceRow row, List<OrchestrationAction> open) in found)
        {
            Resume(engine, actor, row, open, answered);
        }
    }

    private static void Resume(
        EngineRuntime engine, OrchestrationActor actor, InstanceRow row, List<OrchestrationAction> open, HashSet<(long Row, int Task)> answered)
    {
        Lazy<HashSet<int>> children = new(() =>
        [
            .. engine.State.Reader.Read(read => read.Children(row.Row)).Where(child => child.Parent!.Execution == row.Execution).Select(child => child.Parent!.Task),
        ]);
        foreach (OrchestrationAction action in open)
        {
            switch (action.Kind)
            {
                case ActionKind.CallActivity:
                    engine.Activities.Add(new ActivityCall(actor, row.Execution, action.Id, action.Name!, action.Input));
                    break;
                case ActionKind.CreateTimer:
                    actor.SetTimer(action, row.Execution);
                    break;
                case ActionKind.CallSubOrchestrator when !children.Value.Contains(action.Id) && !answered.Contains((row.Row, action.Id)):
                    actor.Post(actor.RefusedChild(action, row.Execution));
                    break;
            }
        }

        actor.Start();
    }

    private static List<OrchestrationAction> Unanswered(IReadOnlyList<HistoryStep> steps)
    {
        Dictionary<int, OrchestrationAction> open = [];
        foreach (HistoryStep step in steps)
        {
            foreach (OrchestrationEvent item in step.Events)
            {
                if (item.Kind is not (EventKind.EventRaised or EventKind.Suspended or EventKind.Resumed or EventKind.Terminated or EventKind.ResumedByOther))
                {
                    open.Remove(item.TaskId);
                }
            }

            foreach (OrchestrationAction action in step.Actions)
            {
                if (action.Kind == ActionKind.CancelTimer)
                {
                    open.Remove(action.Id);
                }
                else
                {
                    open.Add(action.Id, action);
                }
            }
        }

        return [.. open.Values];
    }
}
