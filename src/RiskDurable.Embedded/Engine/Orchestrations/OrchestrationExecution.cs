using Microsoft.Extensions.Logging;
using RiskDurable.Embedded.DurableTask;
using RiskDurable.Embedded.DurableTask.Client;
using RiskDurable.Embedded.Engine.Store;

namespace RiskDurable.Embedded.Engine.Orchestrations;

/// <summary>
/// The code of one round of an orchestration, kept between steps. Given the same events at the same times it decides the same, so it can be
/// thrown away and rebuilt from the history.
/// </summary>
internal sealed class OrchestrationExecution
{
    private readonly Dictionary<int, OpenTask> _open = [];
    private readonly Queue<OrchestrationEvent> _whileSuspended = [];
    private readonly SortedDictionary<int, OrchestrationAction> _decided = [];
    private readonly List<int> _cancelledTimers = [];
    private readonly List<OrchestrationEvent> _carriedOver = [];
    private readonly OrchestrationThread _thread;
    private readonly DataConverter _converter;
    private readonly Func<Task<object?>> _start;
    private Task<object?>? _main;
    private int _nextId;
    private int _keepingOpen;
    private (string? Input, bool PreserveEvents)? _continuation;
    private OrchestrationOutcome? _end;
    private volatile bool _resumedByOther;

    public OrchestrationExecution(
        IDurableFunctions functions, OrchestrationIdentity identity, DataConverter converter, ILoggerFactory loggers, Action resumedByOther)
    {
        _converter = converter;
        Events = new ExternalEvents(converter);
        _thread = new OrchestrationThread(() =>
        {
            _resumedByOther = true;
            resumedByOther();
        });
        EngineOrchestrationContext context = new(this, identity, converter, loggers);
        _start = () => functions.RunOrchestratorAsync(identity.Name, context);
    }

    public ExternalEvents Events { get; }

    public DateTime Time { get; private set; }

    public bool IsReplaying { get; private set; }

    public bool IsSuspended { get; private set; }

    /// <summary>The status set in this round; null if none has been set.</summary>
    public StoredText? CustomStatus { get; set; }

    /// <exception cref="NonDeterministicOrchestrationException">The code runs on another thread.</exception>
    public void EnsureOwnThread()
    {
        if (!_thread.IsCurrent)
        {
            _thread.Post(static _ => { }, null);
            throw new NonDeterministicOrchestrationException(NonDeterministicOrchestrationException.IllegalAwait);
        }
    }

    public int NextId() => _nextId++;

    public void Decide(OrchestrationAction action) => _decided.Add(action.Id, action);

    public void Open(OrchestrationAction action, OpenTask task)
    {
        Decide(action);
        _open.Add(action.Id, task);
        _keepingOpen += task.KeepsOpen ? 1 : 0;
    }

    public Task<T> Open<T>(OrchestrationAction action, string taskName)
    {
        OpenTask<T> task = new(_converter, failure => new TaskFailedException(taskName, action.Id, failure)) { KeepsOpen = true };
        Open(action, task);
        return task.Task;
    }

    public Task OpenTimer(long due, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellation);
        }

        int id = NextId();
        OpenTask<object> task = new(_converter, failure => new TaskFailedException("timer", id, failure)) { KeepsOpen = true };
        Open(new OrchestrationAction { Kind = ActionKind.CreateTimer, Id = id, Due = due }, task);
        cancellation.Register(() =>
        {
            if (Close(id) is not null)
            {
                _cancelledTimers.Add(id);
                task.TryCancel(cancellation);
            }
        });
        return task.Task;
    }

    public void ContinueAsNew(string? input, bool preserveEvents) => _continuation = (input, preserveEvents);

    /// <summary>Repeats a step of the history.</summary>
    /// <exception cref="NonDeterministicOrchestrationException">The code decides otherwise than it did.</exception>
    public void Replay(HistoryStep step)
    {
        IsReplaying = true;
        Process(step.Time, step.Events);
        _cancelledTimers.Clear();
        foreach (OrchestrationAction recorded in step.Actions)
        {
            if (recorded.Kind != ActionKind.CancelTimer)
            {
                Match(recorded);
            }
        }

        IsReplaying = false;
    }

    /// <summary>Makes a step with what has happened since the last one.</summary>
    public OrchestrationOutcome Advance(long time, IReadOnlyList<OrchestrationEvent> events)
    {
        IsReplaying = false;
        if (_main is null && events.FirstOrDefault(item => item.Kind == EventKind.Terminated) is { } terminated)
        {
            return OrchestrationOutcome.End(OrchestrationRuntimeStatus.Terminated, terminated.Text.Inline);
        }

        Process(time, events);
        return Outcome();
    }

    private void Process(long time, IReadOnlyList<OrchestrationEvent> events)
    {
        Time = new DateTime(time, DateTimeKind.Utc);
        _thread.Run(() =>
        {
            _main ??= Start();
            _thread.Drain();
            foreach (OrchestrationEvent item in events)
            {
                Handle(item);
                _thread.Drain();
            }
        });
    }

    private Task<object?> Start()
    {
        try
        {
            Task<object?> main = _start();
            if (!main.IsCompleted)
            {
                // Ending on another thread, after ConfigureAwait(false), is an illegal await too, but posts nothing.
                main.ContinueWith(
                    _ => _thread.Post(static _ => { }, null), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }

            return main;
        }
        catch (Exception cause)
        {
            return Task.FromException<object?>(cause);
        }
    }

    private void Handle(OrchestrationEvent item)
    {
        if (IsSuspended && item.Kind is not (EventKind.Resumed or EventKind.Terminated or EventKind.ResumedByOther))
        {
            if (item.Kind != EventKind.Suspended)
            {
                _whileSuspended.Enqueue(item);
            }

            return;
        }

        switch (item.Kind)
        {
            case EventKind.EventRaised when _continuation is not null:
                _carriedOver.Add(item);
                break;
            case EventKind.EventRaised:
                Events.Raise(item.Name!, item.Text.Inline);
                break;
            case EventKind.Suspended:
                IsSuspended = true;
                break;
            case EventKind.Resumed:
                IsSuspended = false;
                while (!IsSuspended && _whileSuspended.TryDequeue(out OrchestrationEvent? waiting))
                {
                    Handle(waiting);
                    _thread.Drain();
                }

                break;
            case EventKind.Terminated:
                _end ??= OrchestrationOutcome.End(OrchestrationRuntimeStatus.Terminated, item.Text.Inline);
                break;
            case EventKind.ResumedByOther:
                _resumedByOther = true;
                break;
            case EventKind.ActivityFailed or EventKind.SubOrchestrationFailed or EventKind.EntityFailed:
                Close(item.TaskId)?.Fail(item.Failure!);
                break;
            default:
                Close(item.TaskId)?.Complete(item.Text.Inline);
                break;
        }
    }

    private OpenTask? Close(int id)
    {
        if (!_open.Remove(id, out OpenTask? task))
        {
            return null;
        }

        _keepingOpen -= task.KeepsOpen ? 1 : 0;
        return task;
    }

    private OrchestrationOutcome Outcome()
    {
        if (_end is not null)
        {
            return _end;
        }

        if (_resumedByOther || (!_main!.IsCompleted && _open.Count == 0 && !Events.AnyWaiting && !IsSuspended))
        {
            return OrchestrationOutcome.Fail(new NonDeterministicOrchestrationException(NonDeterministicOrchestrationException.IllegalAwait));
        }

        if (!_main.IsCompleted || _keepingOpen > 0)
        {
            // A suspended orchestration keeps its decisions to itself until it is resumed.
            return OrchestrationOutcome.GoOn(IsSuspended ? [] : TakeDecisions());
        }

        if (!_main.IsCompletedSuccessfully)
        {
            return OrchestrationOutcome.Fail(_main.Exception?.InnerException ?? new TaskCanceledException(_main)) with { Actions = TakeDecisions() };
        }

        if (_continuation is { } next)
        {
            IReadOnlyList<(string Name, string? Payload)> kept = next.PreserveEvents ? Events.TakeKept() : [];
            return new OrchestrationOutcome
            {
                Status = OrchestrationRuntimeStatus.ContinuedAsNew,
                Text = next.Input,
                Actions = TakeDecisions(),
                CarriedOver =
                [
                    .. kept.Select(item => new OrchestrationEvent { Kind = EventKind.EventRaised, Name = item.Name, Text = new(item.Payload, 0) }),
                    .. _carriedOver,
                ],
            };
        }

        return Complete(_main.Result);
    }

    private OrchestrationOutcome Complete(object? output)
    {
        try
        {
            return OrchestrationOutcome.End(OrchestrationRuntimeStatus.Completed, _converter.Serialize(output)) with { Actions = TakeDecisions() };
        }
        catch (Exception cause)
        {
            return OrchestrationOutcome.Fail(cause);
        }
    }

    private List<OrchestrationAction> TakeDecisions()
    {
        List<OrchestrationAction> decisions = [.. _decided.Values];
        decisions.AddRange(_cancelledTimers.Select(id => new OrchestrationAction { Kind = ActionKind.CancelTimer, Id = id }));
        _decided.Clear();
        _cancelledTimers.Clear();
        return decisions;
    }

    private void Match(OrchestrationAction recorded)
    {
        if (!_decided.Remove(recorded.Id, out OrchestrationAction? decided))
        {
            throw new NonDeterministicOrchestrationException(
                $"a previous execution decided on {recorded.Describe()} as number {recorded.Id}, but the current replay has not (yet?). "
                + "Was the orchestrator's code changed after this instance had started?");
        }

        if (decided.Kind != recorded.Kind || !string.Equals(decided.Name, recorded.Name ?? decided.Name, StringComparison.OrdinalIgnoreCase))
        {
            throw new NonDeterministicOrchestrationException(
                $"a previous execution decided on {recorded.Describe()} as number {recorded.Id}, but the current replay decided on {decided.Describe()}. "
                + "Was the orchestrator's code changed after this instance had started?");
        }
    }
}
