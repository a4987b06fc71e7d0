using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using RiskDurable.Embedded.DurableTask;
using RiskDurable.Embedded.DurableTask.Converters;
using RiskDurable.Embedded.Engine.Entities;
using RiskDurable.Embedded.Engine.Orchestrations;
using RiskDurable.Embedded.Engine.Store;
using RiskDurable.Embedded.Engine.Tracing;

namespace RiskDurable.Embedded.Engine;

/// <summary>What works together between start and stop. All that is ready to run is in memory; the file is read only to rebuild or to answer clients.</summary>
internal sealed class EngineRuntime : IAsyncDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _faulted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<(OrchestrationActor Actor, long Stamp)> _idle = new();

    public EngineRuntime(EngineOptions options, IDurableFunctions functions, ILoggerFactory loggers)
    {
        (Options, Functions, Loggers) = (options, functions, loggers);
        Log = loggers.CreateLogger("RiskDurable.Embedded.Engine");
        Converter = options.Json is null ? JsonDataConverter.Default : new JsonDataConverter(options.Json);
        Steps = new WorkQueue(options.MaxConcurrentOrchestrations);
        EntitySteps = new WorkQueue(options.MaxConcurrentOrchestrations);
        Activities = new ActivityDispatcher(options, RunActivityAsync);
        State = StateFile.Open(options, Log);
        Timers = new TimerQueue(options.Time);
        Numbers = new Numbers(State.Reader.Read(read => read.HighestNumbers()));
        State.Writer.Faulted.ContinueWith(fault => _faulted.TrySetException(fault.Exception!.InnerExceptions), TaskScheduler.Default);
    }

    public EngineOptions Options { get; }

    public IDurableFunctions Functions { get; }

    public ILoggerFactory Loggers { get; }

    public ILogger Log { get; }

    public DataConverter Converter { get; }

    public StateFile State { get; }

    public Numbers Numbers { get; }

    public TimerQueue Timers { get; }

    public WorkQueue Steps { get; }

    public WorkQueue EntitySteps { get; }

    public ActivityDispatcher Activities { get; }

    public InstanceChanges Changes { get; } = new();

    /// <summary>All orchestrations that have not ended, by id.</summary>
    public ConcurrentDictionary<string, OrchestrationActor> Orchestrations { get; } = new(StringComparer.Ordinal);

    /// <summary>Entities that have operations waiting or running, by id.</summary>
    public ConcurrentDictionary<string, EntityActor> Entities { get; } = new(StringComparer.Ordinal);

    public CancellationToken Stopping => _stopping.Token;

    public Task Faulted => _faulted.Task;

    public long Now => Options.Time.GetUtcNow().UtcTicks;

    public string? Text(StoredText text) => text.Payload == 0 ? text.Inline : State.Reader.Read(read => read.Text(text));

    /// <summary>Ends the engine's life: something is wrong that no restart of a step would mend.</summary>
    public void Fault(Exception cause)
    {
        Log.LogCritical(cause, "The engine has failed: {Reason}. The host must be restarted; nothing that was acknowledged is lost.", cause.Message);
        _faulted.TrySetException(cause);
    }

    /// <summary>Brings a stored message to its receiver, when it is due.</summary>
    public void Deliver(OutgoingMessage message)
    {
        if (message.Stored.Due is { } due && due > Now)
        {
            Timers.Add(due, () => DeliverNow(message));
        }
        else
        {
            DeliverNow(message);
        }
    }

    /// <summary>Deletes a message for which there is no receiver any more.</summary>
    public void Forget(OrchestrationEvent item)
    {
        if (item.MessageId != 0)
        {
            State.Writer.TrySubmit(new AwaitedWrite<bool>(statements =>
            {
                statements.DeleteMessage(item.MessageId);
                return true;
            }));
        }
    }

    /// <summary>Notes that an orchestration waits; the one that has waited longest leaves memory if there are too many.</summary>
    public void NoteIdle(OrchestrationActor actor, long stamp)
    {
        _idle.Enqueue((actor, stamp));
        if (_idle.Count > Options.MaxCachedOrchestrations && _idle.TryDequeue(out (OrchestrationActor Actor, long Stamp) oldest))
        {
            oldest.Actor.Evict(oldest.Stamp);
        }
    }

    public NewInstance Describe(string name, string instanceId, string? input, StartOrchestrationOptions? options, List<Payload> payloads)
    {
        long row = Numbers.NextInstance();
        StoredText stored = new(input, 0);
        if (input?.Length > Options.LargePayloadLength)
        {
            stored = new StoredText(null, Numbers.NextPayload());
            payloads.Add(new Payload(stored.Payload, row, input));
        }

        return new NewInstance
        {
            Row = row,
            InstanceId = instanceId,
            Name = name,
            Created = Now,
            StartAt = options?.StartAt?.UtcTicks,
            Tags = options is { Tags.Count: > 0 } ? JsonSerializer.Serialize(options.Tags) : null,
            Input = stored,
        };
    }

    /// <summary>Starts nothing new and waits for what runs; what is still running when <paramref name="cancellation"/> comes is cut short.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        Timers.Stop();
        Activities.Stop();
        EntitySteps.Stop();
        using CancellationTokenRegistration cut = cancellation.Register(_stopping.Cancel);
        await UntilAsync(() => Activities.Running == 0, cancellation).ConfigureAwait(false);

        // The last steps record what the activities have done. An orchestration that goes round and round by itself is stopped in between.
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        enough.CancelAfter(Grace);
        await UntilAsync(() => Steps.IsIdle && State.Writer.IsIdle && Steps.IsIdle, enough.Token).ConfigureAwait(false);
        Steps.Stop();
        await UntilAsync(() => Steps.IsIdle && EntitySteps.IsIdle, cancellation).ConfigureAwait(false);
        await _stopping.CancelAsync().ConfigureAwait(false);
    }

    public ValueTask DisposeAsync()
    {
        Timers.Dispose();
        State.Dispose();
        _stopping.Dispose();
        return default;
    }

    /// <summary>Waits until something holds, or for a moment after the token was cancelled.</summary>
    private async Task UntilAsync(Func<bool> holds, CancellationToken cancellation)
    {
        TimeSpan grace = Grace;
        while (!holds() && !Faulted.IsCompleted && grace > TimeSpan.Zero)
        {
            await Task.Delay(Pause, CancellationToken.None).ConfigureAwait(false);
            grace -= cancellation.IsCancellationRequested ? Pause : TimeSpan.Zero;
        }
    }

    private void DeliverNow(OutgoingMessage message)
    {
        if (message.Request is { } request)
        {
            while (!Entities.GetOrAdd(message.Stored.Target, static (id, engine) => new EntityActor(engine, id), this).TryPost(request))
            {
                Thread.Yield();
            }
        }
        else if (Orchestrations.TryGetValue(message.Stored.Target, out OrchestrationActor? receiver))
        {
            receiver.Post(message.Event!);
        }
        else
        {
            Forget(message.Event!);
        }
    }

    private async Task RunActivityAsync(ActivityCall call)
    {
        using Activity? asked = EngineSpans.StartCall(call);
        using Activity? run = EngineSpans.StartRun(call, asked);
        OrchestrationEvent answer = new() { Kind = EventKind.ActivityFailed, TaskId = call.TaskId, Row = call.Caller.Row, Execution = call.Execution };
        try
        {
            if (Functions.HasActivity(call.Name))
            {
                object? result = await Functions.RunActivityAsync(call.Name, call.Caller.InstanceId, Text(call.Input), Stopping).ConfigureAwait(false);
                answer = answer with { Kind = EventKind.ActivityCompleted, Text = new StoredText(Converter.Serialize(result), 0) };
            }
            else
            {
                answer = answer with { Failure = FailureText.MissingFunction(call.Name, "activity") };
            }
        }
        catch (OperationCanceledException) when (Stopping.IsCancellationRequested)
        {
            // It runs again after the next start.
            return;
        }
        catch (Exception cause)
        {
            Log.LogError(cause, "Activity '{Name}' of orchestration {InstanceId} failed: {Reason}", call.Name, call.Caller.InstanceId, cause.Message);
            answer = answer with { Failure = DurableTask.TaskFailureDetails.FromException(cause) };
            asked?.SetStatus(ActivityStatusCode.Error, cause.Message);
            run?.SetStatus(ActivityStatusCode.Error, cause.Message);
        }

        call.Caller.Post(answer);
    }
}
