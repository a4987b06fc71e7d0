using System.Globalization;
using System.Text.Json.Nodes;
using RiskDurable.Embedded.DurableTask;
using RiskDurable.Embedded.DurableTask.Client;
using RiskDurable.Embedded.Engine;
using RiskDurable.Embedded.Engine.Orchestrations;
using RiskDurable.Embedded.Engine.Store;

namespace RiskDurable.Embedded.Http;

/// <summary>
/// An instance's history in the form of the real status query: a call that has ended stands as one event with its scheduled time, starts
/// and ends of steps are left out.
/// </summary>
internal sealed class InstanceHistory(EngineRuntime runtime, bool showInput, bool showOutput)
{
    private readonly List<(int? Open, JsonObject Event)> _events = [];
    private readonly Dictionary<int, (OrchestrationAction Action, long Time)> _scheduled = [];

    public JsonArray Read(OrchestrationMetadata instance)
    {
        List<byte[]> steps = runtime.State.Reader.Read(read => read.Instance(instance.InstanceId, data: false) is { } row ? read.Steps(row.Row) : []);
        JsonObject started = Add("ExecutionStarted", instance.CreatedAt.UtcTicks);
        if (showInput)
        {
            started["Input"] = ManagementResult.Parse(instance.SerializedInput);
        }

        started["FunctionName"] = instance.Name;
        foreach (HistoryStep step in steps.Select(HistoryStep.Decode))
        {
            foreach (OrchestrationEvent happened in step.Events)
            {
                AddHappened(happened, step.Time);
            }

            foreach (OrchestrationAction decided in step.Actions)
            {
                AddDecided(decided, step.Time);
            }
        }

        if (instance.IsCompleted)
        {
            AddEnd(instance);
        }

        return [.. _events.Select(entry => (JsonNode)entry.Event)];
    }

    private void AddHappened(OrchestrationEvent happened, long time)
    {
        switch (happened.Kind)
        {
            case EventKind.ActivityCompleted:
                AddAnswer("TaskCompleted", happened, time);
                break;
            case EventKind.ActivityFailed:
                AddAnswer("TaskFailed", happened, time);
                break;
            case EventKind.SubOrchestrationCompleted:
                AddAnswer("SubOrchestrationInstanceCompleted", happened, time);
                break;
            case EventKind.SubOrchestrationFailed:
                AddAnswer("SubOrchestrationInstanceFailed", happened, time);
                break;
            case EventKind.TimerFired:
                long due = _scheduled.TryGetValue(happened.TaskId, out var timer) ? timer.Action.Due : time;
                Add("TimerFired", time)["FireAt"] = Format(due);
                break;
            case EventKind.EventRaised or EventKind.EntityCompleted or EventKind.EntityFailed:
                JsonObject raised = Add("EventRaised", time);
                raised["Name"] = happened.Name;
                if (showInput)
                {
                    raised["Input"] = Text(happened.Text);
                }

                break;
            case EventKind.Suspended:
                Add("ExecutionSuspended", time)["Reason"] = Text(happened.Text);
                break;
            case EventKind.Resumed:
                Add("ExecutionResumed", time)["Reason"] = Text(happened.Text);
                break;
            case EventKind.Terminated:
                Add("ExecutionTerminated", time)["Input"] = Text(happened.Text);
                break;
        }
    }

    private void AddDecided(OrchestrationAction decided, long time)
    {
        _scheduled[decided.Id] = (decided, time);
        switch (decided.Kind)
        {
            case ActionKind.CallActivity or ActionKind.CallSubOrchestrator:
                JsonObject scheduled = Add(decided.Kind == ActionKind.CallActivity ? "TaskScheduled" : "SubOrchestrationInstanceCreated", time, decided.Id);
                scheduled["Name"] = decided.Name;
                break;
            case ActionKind.CreateTimer:
                Add("TimerCreated", time)["FireAt"] = Format(decided.Due);
                break;
            case ActionKind.SendEvent or ActionKind.CallEntity or ActionKind.SignalEntity:
                JsonObject sent = Add("EventSent", time);
                sent["InstanceId"] = decided.Target;
                sent["Name"] = decided.Name;
                break;
        }
    }

    private void AddAnswer(string type, OrchestrationEvent happened, long time)
    {
        _events.RemoveAll(entry => entry.Open == happened.TaskId);
        JsonObject answer = Add(type, time);
        if (happened.Failure is { } failure)
        {
            answer["Reason"] = failure.ErrorMessage;
            answer["FailureDetails"] = Failure(failure);
        }
        else if (showOutput)
        {
            answer["Result"] = Text(happened.Text);
        }

        if (_scheduled.TryGetValue(happened.TaskId, out var call))
        {
            answer["ScheduledTime"] = Format(call.Time);
            answer["FunctionName"] = call.Action.Name;
            if (showInput)
            {
                answer["Input"] = Text(call.Action.Input);
            }
        }
    }

    private void AddEnd(OrchestrationMetadata instance)
    {
        JsonObject completed = Add("ExecutionCompleted", instance.LastUpdatedAt.UtcTicks);
        completed["OrchestrationStatus"] = instance.RuntimeStatus.ToString();
        if (showOutput)
        {
            completed["Result"] = ManagementResult.Parse(instance.SerializedOutput);
        }

        if (instance.FailureDetails is { } failure)
        {
            completed["FailureDetails"] = Failure(failure);
        }
    }

    private JsonObject Add(string type, long time, int? open = null)
    {
        var added = new JsonObject { ["EventType"] = type, ["Timestamp"] = Format(time) };
        _events.Add((open, added));
        return added;
    }

    private JsonNode? Text(StoredText text) => ManagementResult.Parse(runtime.Text(text));

    private static JsonObject Failure(TaskFailureDetails failure) => new()
    {
        ["ErrorType"] = failure.ErrorType,
        ["ErrorMessage"] = failure.ErrorMessage,
        ["StackTrace"] = failure.StackTrace,
        ["InnerFailure"] = failure.InnerFailure is { } inner ? Failure(inner) : null,
    };

    private static string Format(long ticks) => new DateTime(ticks, DateTimeKind.Utc).ToString("O", CultureInfo.InvariantCulture);
}
