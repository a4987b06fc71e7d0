using RiskDurable.Embedded.DurableTask;
using RiskDurable.Embedded.DurableTask.Client;
using RiskDurable.Embedded.Engine.Entities;
using RiskDurable.Embedded.Engine.Store;
using RiskDurable.Embedded.Engine.Tracing;

namespace RiskDurable.Embedded.Engine.Orchestrations;

/// <content>Turns what the code has decided into a change of the store.</content>
internal sealed partial class OrchestrationActor
{
    private void Describe(OrchestrationOutcome outcome, List<OrchestrationEvent> events, OrchestrationWrite write)
    {
        write.Time = _time;
        write.IsFirst = _mustStart;
        _mustStart = false;
        _customStatus = _execution?.CustomStatus is { } set ? set.Inline : _customStatus;
        write.CustomStatus = _customStatus;
        foreach (OrchestrationAction action in outcome.Actions)
        {
            Carry(action, write, outcome.IsEnd);
        }

        if (outcome.Status == OrchestrationRuntimeStatus.ContinuedAsNew)
        {
            StartNextRound(outcome, write);
            return;
        }

        StoredText Store(StoredText text)
        {
            StoredText stored = write.Store(text, Row, _engine);
            Own(stored);
            return stored;
        }

        write.Number = _nextStep++;
        RecordWriter record = new();
        new HistoryStep(_time, events, outcome.Actions).Encode(record, Store);
        write.Step = record.Written.ToArray();
        write.Status = outcome.IsEnd ? outcome.Status
            : _execution!.IsSuspended ? OrchestrationRuntimeStatus.Suspended : OrchestrationRuntimeStatus.Running;
        if (outcome.IsEnd)
        {
            write.Text = Store(new StoredText(outcome.Text, 0));
            write.Failure = FailureText.Encode(outcome.Failure);
            TellParent(outcome, write);
        }
    }

    private void Carry(OrchestrationAction action, OrchestrationWrite write, bool atEnd)
    {
        switch (action.Kind)
        {
            case ActionKind.CallEntity:
                EntityCaller caller = new(InstanceId, Row, Execution, action.Id);
                write.Messages.Add(OutgoingMessage.To(
                    action.Target!, new EntityRequest(action.Name!, action.Input.Inline, caller, _engine.Numbers.NextMessage()), due: 0));
                break;
            case ActionKind.SignalEntity:
                write.Messages.Add(OutgoingMessage.To(
                    action.Target!, new EntityRequest(action.Name!, action.Input.Inline, null, _engine.Numbers.NextMessage()), action.Due));
                break;
            case ActionKind.SendEvent:
                write.Messages.Add(OutgoingMessage.To(
                    action.Target!,
                    new OrchestrationEvent { Kind = EventKind.EventRaised, Name = action.Name, Text = action.Input },
                    _engine.Numbers.NextMessage()));
                break;
            case ActionKind.CreateTimer or ActionKind.CancelTimer when !atEnd:
                write.Timers.Add(action);
                break;
            case ActionKind.CallActivity when !atEnd:
                write.Activities.Add(new ActivityCall(this, Execution, action.Id, action.Name!, action.Input));
                break;
            case ActionKind.CallSubOrchestrator when !atEnd:
                CreateChild(action, write);
                break;
        }
    }

    private void CreateChild(OrchestrationAction action, OrchestrationWrite write)
    {
        long row = _engine.Numbers.NextInstance();
        NewInstance child = new()
        {
            Row = row,
            InstanceId = action.Target!,
            Name = action.Name!,
            Created = _time,
            Parent = new ParentCall(Row, Execution, action.Id, InstanceId, Name),
            Trace = Trace is null ? null : StoredTrace.Below(Trace.Context).Encode(),
            Input = write.Store(action.Input, row, _engine),
        };
        OrchestrationActor actor = new(_engine, child);
        if (_engine.Orchestrations.TryAdd(child.InstanceId, actor))
        {
            write.Children.Add((child, actor));
        }
        else
        {
            write.Refusals.Add(RefusedChild(action, Execution));
        }
    }

    /// <summary>The answer to a call of a sub-orchestration under an id that is taken.</summary>
    public OrchestrationEvent RefusedChild(OrchestrationAction action, int execution) => new()
    {
        Kind = EventKind.SubOrchestrationFailed,
        TaskId = action.Id,
        Row = Row,
        Execution = execution,
        Failure = new TaskFailureDetails(
            typeof(InvalidOperationException).FullName!,
            $"An orchestration instance with ID '{action.Target}' is already running.", null, null, null),
    };

    private void StartNextRound(OrchestrationOutcome outcome, OrchestrationWrite write)
    {
        write.Status = OrchestrationRuntimeStatus.ContinuedAsNew;
        write.FreedPayloads = [.. _payloads];
        _payloads.Clear();
        write.Text = _input = write.Store(new StoredText(outcome.Text, 0), Row, _engine);
        Own(_input);
        _freshInput = outcome.Text;
        write.CarriedOver.AddRange(outcome.CarriedOver.Select(item =>
            OutgoingMessage.To(InstanceId, item with { Row = 0, Execution = 0 }, _engine.Numbers.NextMessage())));
        write.NextExecution = Execution + 1;
        lock (_lock)
        {
            Execution++;
            (_execution, _nextStep, _mustStart) = (null, 0, true);
            _inbox.InsertRange(0, write.CarriedOver.Select(message => message.Event!));
        }

        write.IsReleased = Volatile.Read(ref _unstored) < MostRoundsAhead;
    }

    private void TellParent(OrchestrationOutcome outcome, OrchestrationWrite write)
    {
        if (Parent is null)
        {
            return;
        }

        OrchestrationEvent answer = new()
        {
            Kind = outcome.Status == OrchestrationRuntimeStatus.Completed ? EventKind.SubOrchestrationCompleted : EventKind.SubOrchestrationFailed,
            TaskId = Parent.Task,
            Row = Parent.Row,
            Execution = Parent.Execution,
            Text = new StoredText(outcome.Status == OrchestrationRuntimeStatus.Completed ? outcome.Text : null, 0),
            Failure = outcome.Status == OrchestrationRuntimeStatus.Terminated
                ? new TaskFailureDetails("OrchestrationTerminated", $"The sub-orchestration '{InstanceId}' was terminated.", null, null, null)
                : outcome.Failure,
        };
        write.Messages.Add(OutgoingMessage.To(Parent.InstanceId, answer, _engine.Numbers.NextMessage()));
    }
}
