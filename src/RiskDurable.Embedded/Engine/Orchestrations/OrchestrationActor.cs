using System.Diagnostics;
using Microsoft.Extensions.Logging;
using RiskDurable.Embedded.DurableTask;
using RiskDurable.Embedded.Engine.Store;
using RiskDurable.Embedded.Engine.Tracing;

namespace RiskDurable.Embedded.Engine.Orchestrations;

/// <summary>An orchestration that has not ended: takes what happens to it, and makes one step after the other.</summary>
internal sealed partial class OrchestrationActor : IStep
{
    // Rounds that end at once are computed ahead of the disk; more than this would only hold up the rest.
    private const int MostRoundsAhead = 32;

    private readonly EngineRuntime _engine;
    private readonly Lock _lock = new();
    private readonly Dictionary<int, DueTimer> _timers = [];
    private readonly List<long> _payloads = [];
    private readonly long _created;
    private readonly long? _startAt;
    private List<OrchestrationEvent> _inbox = [];
    private OrchestrationExecution? _execution;
    private StoredText _input;
    private string? _customStatus;

    // A round that starts ahead of the disk cannot read its input back yet.
    private string? _freshInput;
    private long _time;
    private long _stamp;
    private int _nextStep;
    private int _unstored;
    private bool _busy = true;
    private bool _mustStart;
    private bool _scheduled;
    private bool _ended;

    public OrchestrationActor(EngineRuntime engine, NewInstance instance)
    {
        (_engine, Row, InstanceId, Name, Parent, _input) = (engine, instance.Row, instance.InstanceId, instance.Name, instance.Parent, instance.Input);
        (_time, _created, _mustStart, _startAt) = (instance.Created, instance.Created, true, instance.StartAt);
        Trace = StoredTrace.Decode(instance.Trace);
        Own(instance.Input);
    }

    /// <summary>An orchestration as it was stored. Its code is rebuilt when something happens to it.</summary>
    public OrchestrationActor(EngineRuntime engine, InstanceRow row, IReadOnlyList<HistoryStep> steps)
    {
        (_engine, Row, InstanceId, Name, Parent, _input) = (engine, row.Row, row.InstanceId, row.Name, row.Parent, row.Input);
        (Execution, _customStatus, _time, _nextStep) = (row.Execution, row.CustomStatus, row.Updated, steps.Count);
        (_created, _mustStart, _startAt) = (row.Created, steps.Count == 0, row.StartAt);
        Trace = StoredTrace.Decode(row.Trace);
        _payloads.AddRange(steps.SelectMany(step => step.Payloads()));
        Own(row.Input);
    }

    public long Row { get; }

    public string InstanceId { get; }

    public string Name { get; }

    public ParentCall? Parent { get; }

    /// <summary>Its place in a trace; null where nobody listened when it was created.</summary>
    public StoredTrace? Trace { get; }

    /// <summary>Number of the round.</summary>
    public int Execution { get; private set; }

    /// <summary>Lets it run, once what it is made of is stored; at its start time if that is to come.</summary>
    public void Start()
    {
        if (_mustStart && _startAt is { } start && start > _engine.Now)
        {
            lock (_lock)
            {
                _scheduled = !_inbox.Exists(item => item.Kind == EventKind.Terminated);
            }

            if (_scheduled)
            {
                _engine.Timers.Add(start, StartAsScheduled);
                return;
            }
        }

        Release();
    }

    public void Post(OrchestrationEvent item)
    {
        bool ended;
        lock (_lock)
        {
            ended = _ended;
            if (!ended)
            {
                _inbox.Add(item);

                // One that waits for its start time hears only of its termination before.
                bool early = _scheduled && item.Kind == EventKind.Terminated;
                if (_busy && !early)
                {
                    return;
                }

                _busy = true;
                _scheduled = false;
            }
        }

        if (ended)
        {
            _engine.Forget(item);
        }
        else
        {
            _engine.Steps.Add(this);
        }
    }

    public ValueTask RunAsync()
    {
        try
        {
            Step();
        }
        catch (ObjectDisposedException) when (_engine.Stopping.IsCancellationRequested)
        {
            // The host has stopped without waiting: the step runs again after the next start.
        }
        catch (Exception cause)
        {
            _engine.Fault(cause);
        }

        return default;
    }

    /// <summary>Drops the code from memory if nothing has happened since it went idle.</summary>
    public void Evict(long stamp)
    {
        lock (_lock)
        {
            if (!_busy && _stamp == stamp)
            {
                _execution = null;
            }
        }
    }

    public void Committed(OrchestrationWrite write)
    {
        if (write.IsEnd)
        {
            End();
            EngineSpans.End(Trace, Name, InstanceId, _created, Parent is not null, write.Status, FailureText.Decode(write.Failure)?.ErrorMessage);
        }

        write.Messages.ForEach(_engine.Deliver);
        write.Children.ForEach(child => child.Actor.Start());
        write.Activities.ForEach(_engine.Activities.Add);
        write.Timers.ForEach(timer => SetTimer(timer, write.NextExecution));
        write.Refusals.ForEach(Post);
        if (write.IsFirst || write.IsEnd)
        {
            _engine.Changes.Notify(InstanceId);
        }

        Interlocked.Decrement(ref _unstored);
        if (!write.IsEnd && !write.IsReleased)
        {
            Release();
        }
    }

    /// <summary>Sets a timer of the round, or cancels it.</summary>
    public void SetTimer(OrchestrationAction action, int execution)
    {
        lock (_lock)
        {
            if (action.Kind == ActionKind.CancelTimer)
            {
                if (_timers.Remove(action.Id, out DueTimer? timer))
                {
                    timer.Cancel();
                }
            }
            else if (!_ended && execution == Execution)
            {
                OrchestrationEvent fired = new() { Kind = EventKind.TimerFired, TaskId = action.Id, Row = Row, Execution = execution };
                _timers[action.Id] = _engine.Timers.Add(action.Due, () => Post(fired));
            }
        }
    }

    /// <summary>Lets it go on: at once if something has happened meanwhile.</summary>
    private void Release()
    {
        long stamp;
        lock (_lock)
        {
            if (_ended)
            {
                return;
            }

            if (_mustStart || _inbox.Count > 0)
            {
                _busy = true;
                _engine.Steps.Add(this);
                return;
            }

            _busy = false;
            stamp = ++_stamp;
        }

        _engine.NoteIdle(this, stamp);
    }

    private void StartAsScheduled()
    {
        lock (_lock)
        {
            if (!_scheduled)
            {
                return;
            }

            _scheduled = false;
        }

        Release();
    }

    private void Step()
    {
        List<OrchestrationEvent> arrived;
        lock (_lock)
        {
            if (_ended)
            {
                return;
            }

            (arrived, _inbox) = (_inbox, []);
            foreach (OrchestrationEvent item in arrived)
            {
                if (item.Kind == EventKind.TimerFired)
                {
                    _timers.Remove(item.TaskId);
                }
            }
        }

        OrchestrationWrite write = new(this) { NextExecution = Execution };
        write.Consumed.AddRange(arrived.Where(item => item.MessageId != 0).Select(item => item.MessageId));
        List<OrchestrationEvent> events = [.. arrived.Where(item => item.Row == 0 || (item.Row == Row && item.Execution == Execution))];
        if (events.Count > 0 || _mustStart)
        {
            _time = Math.Max(_engine.Now, _time);
            Describe(Advance(events), events, write);
        }

        Interlocked.Increment(ref _unstored);
        _engine.State.Writer.Submit(write);
        if (write.IsReleased)
        {
            Release();
        }
    }

    private OrchestrationOutcome Advance(List<OrchestrationEvent> events)
    {
        using Activity? step = EngineSpans.Enter(Trace, Name);
        try
        {
            if (_execution is null && !_engine.Functions.HasOrchestrator(Name))
            {
                return OrchestrationOutcome.Fail(FailureText.MissingFunction(Name, "orchestrator"));
            }

            _execution ??= Rebuild();
            return _execution.Advance(_time, events);
        }
        catch (NonDeterministicOrchestrationException cause)
        {
            _engine.Log.LogError(cause, "Orchestration '{Name}' {InstanceId} failed: {Reason}", Name, InstanceId, cause.Message);
            return OrchestrationOutcome.Fail(cause);
        }
    }

    private OrchestrationExecution Rebuild()
    {
        string? input = _freshInput ?? _engine.Text(_input);
        _freshInput = null;
        OrchestrationIdentity identity = new(
            Name, InstanceId, Parent is null ? null : new ParentOrchestrationInstance(Parent.Name, Parent.InstanceId), input);
        (long row, int execution) = (Row, Execution);
        OrchestrationExecution rebuilt = new(_engine.Functions, identity, _engine.Converter, _engine.Loggers, () =>
            Post(new OrchestrationEvent { Kind = EventKind.ResumedByOther, Row = row, Execution = execution }));
        if (_nextStep > 0)
        {
            foreach (byte[] record in _engine.State.Reader.Read(read => read.Steps(Row)))
            {
                HistoryStep step = HistoryStep.Decode(record);
                rebuilt.Replay(step with { Events = [.. step.Events.Select(item => item with { Text = new StoredText(_engine.Text(item.Text), 0) })] });
            }
        }

        return rebuilt;
    }

    private void Own(StoredText text)
    {
        if (text.Payload != 0)
        {
            _payloads.Add(text.Payload);
        }
    }

    private void End()
    {
        List<OrchestrationEvent> late;
        _engine.Orchestrations.TryRemove(new KeyValuePair<string, OrchestrationActor>(InstanceId, this));
        lock (_lock)
        {
            _ended = true;
            (late, _inbox) = (_inbox, []);
            foreach (DueTimer timer in _timers.Values)
            {
                timer.Cancel();
            }

            _timers.Clear();
        }

        late.ForEach(_engine.Forget);
        _execution = null;
    }
}
