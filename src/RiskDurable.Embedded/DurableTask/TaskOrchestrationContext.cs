using Microsoft.Extensions.Logging;
using RiskDurable.Embedded.DurableTask.Entities;

namespace RiskDurable.Embedded.DurableTask;

/// <summary>
/// What an orchestrator may do. An orchestrator awaits only tasks from this context, and takes the time, new ids and loggers from it:
/// its code runs again from the start whenever its state has to be rebuilt, and must then decide the same.
/// </summary>
public abstract class TaskOrchestrationContext
{
    private ILoggerFactory? _replaySafeLoggerFactory;

    /// <summary>Name of the orchestrator function.</summary>
    public abstract TaskName Name { get; }

    /// <summary>Id of this instance.</summary>
    public abstract string InstanceId { get; }

    /// <summary>The orchestration that called this one; null if a client or an entity started it.</summary>
    public abstract ParentOrchestrationInstance? Parent { get; }

    /// <summary>Time (UTC) of the current step; the same again on replay.</summary>
    public abstract DateTime CurrentUtcDateTime { get; }

    /// <summary>Whether the code is running again what it has done before.</summary>
    public abstract bool IsReplaying { get; }

    /// <summary>Calls and signals to entities.</summary>
    public virtual TaskOrchestrationEntityFeature Entities =>
        throw new NotSupportedException($"Durable entities are not supported by {GetType()}.");

    /// <summary>Makes loggers that are silent during replay.</summary>
    public virtual ILoggerFactory ReplaySafeLoggerFactory => _replaySafeLoggerFactory ??= new ReplaySafeLoggers(this, () => LoggerFactory);

    /// <summary>Makes the loggers behind the replay-safe ones.</summary>
    protected abstract ILoggerFactory LoggerFactory { get; }

    /// <summary>The orchestration's input.</summary>
    /// <typeparam name="T">Type to read it as.</typeparam>
    public abstract T? GetInput<T>();

    /// <summary>Calls an activity.</summary>
    /// <param name="name">Name of the activity function.</param>
    /// <param name="input">Its input.</param>
    /// <param name="options">How it is retried.</param>
    /// <exception cref="TaskFailedException">Through the task: the activity threw, or there is none of this name.</exception>
    public virtual Task CallActivityAsync(TaskName name, object? input = null, TaskOptions? options = null) =>
        CallActivityAsync<object>(name, input, options);

    /// <summary>Calls an activity without input.</summary>
    /// <inheritdoc cref="CallActivityAsync(TaskName, object?, TaskOptions?)"/>
    public virtual Task CallActivityAsync(TaskName name, TaskOptions options) => CallActivityAsync(name, null, options);

    /// <summary>Calls an activity without input and awaits its result.</summary>
    /// <inheritdoc cref="CallActivityAsync(TaskName, object?, TaskOptions?)"/>
    public virtual Task<TResult> CallActivityAsync<TResult>(TaskName name, TaskOptions options) => CallActivityAsync<TResult>(name, null, options);

    /// <summary>Calls an activity and awaits its result.</summary>
    /// <inheritdoc cref="CallActivityAsync(TaskName, object?, TaskOptions?)"/>
    public abstract Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null);

    /// <summary>A durable timer.</summary>
    /// <param name="delay">Time from <see cref="CurrentUtcDateTime"/>.</param>
    /// <param name="cancellationToken">Cancels the timer. An orchestration ends only when its timers have fired or are cancelled.</param>
    public virtual Task CreateTimer(TimeSpan delay, CancellationToken cancellationToken) => CreateTimer(CurrentUtcDateTime.Add(delay), cancellationToken);

    /// <summary>A durable timer.</summary>
    /// <param name="fireAt">When it fires.</param>
    /// <param name="cancellationToken">Cancels the timer. An orchestration ends only when its timers have fired or are cancelled.</param>
    public abstract Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken);

    /// <summary>Waits for an external event; one that arrived before is taken at once. The latest to wait gets the next event.</summary>
    /// <typeparam name="T">Type to read the event's payload as.</typeparam>
    /// <param name="eventName">The event's name, in any case.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public abstract Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default);

    /// <summary>Waits for an external event for at most a time.</summary>
    /// <typeparam name="T">Type to read the event's payload as.</typeparam>
    /// <param name="eventName">The event's name, in any case.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <exception cref="OperationCanceledException">Through the task: the time is over.</exception>
    public Task<T> WaitForExternalEvent<T>(string eventName, TimeSpan timeout) => WaitForExternalEvent<T>(eventName, timeout, CancellationToken.None);

    /// <summary>Waits for an external event for at most a time.</summary>
    /// <typeparam name="T">Type to read the event's payload as.</typeparam>
    /// <param name="eventName">The event's name, in any case.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="OperationCanceledException">Through the task: the time is over, or the token was cancelled.</exception>
    public async Task<T> WaitForExternalEvent<T>(string eventName, TimeSpan timeout, CancellationToken cancellationToken)
    {
        // No ConfigureAwait(false) here: this runs as orchestrator code and must come back to the orchestration's own scheduler.
        using CancellationTokenSource timer = new();
        using CancellationTokenSource wait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task time = CreateTimer(timeout, timer.Token);
        Task<T> arrival = WaitForExternalEvent<T>(eventName, wait.Token);
#pragma warning disable CA2007, CA1849
        if (await Task.WhenAny(time, arrival) == arrival)
        {
            timer.Cancel();
        }
        else
        {
            wait.Cancel();
        }

        return await arrival;
#pragma warning restore CA2007, CA1849
    }

    /// <summary>Sends an external event to another orchestration; dropped if that is not running.</summary>
    /// <param name="instanceId">Id of the receiver.</param>
    /// <param name="eventName">The event's name.</param>
    /// <param name="payload">What it carries.</param>
    public abstract void SendEvent(string instanceId, string eventName, object payload);

    /// <summary>Sets a status that clients can read while the orchestration runs.</summary>
    /// <param name="customStatus">A small value, kept as JSON.</param>
    public abstract void SetCustomStatus(object? customStatus);

    /// <summary>Calls an orchestrator as a sub-orchestration and awaits its result.</summary>
    /// <inheritdoc cref="CallSubOrchestratorAsync(TaskName, object?, TaskOptions?)"/>
    public abstract Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null);

    /// <summary>Calls an orchestrator without input as a sub-orchestration and awaits its result.</summary>
    /// <inheritdoc cref="CallSubOrchestratorAsync(TaskName, object?, TaskOptions?)"/>
    public virtual Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, TaskOptions options) =>
        CallSubOrchestratorAsync<TResult>(orchestratorName, null, options);

    /// <summary>Calls an orchestrator without input as a sub-orchestration.</summary>
    /// <inheritdoc cref="CallSubOrchestratorAsync(TaskName, object?, TaskOptions?)"/>
    public virtual Task CallSubOrchestratorAsync(TaskName orchestratorName, TaskOptions options) =>
        CallSubOrchestratorAsync(orchestratorName, null, options);

    /// <summary>Calls an orchestrator as a sub-orchestration.</summary>
    /// <param name="orchestratorName">Name of the orchestrator function.</param>
    /// <param name="input">Its input.</param>
    /// <param name="options">How it is retried, and with <see cref="SubOrchestrationOptions"/> its id.</param>
    /// <exception cref="TaskFailedException">Through the task: the sub-orchestration failed or was terminated.</exception>
    public virtual Task CallSubOrchestratorAsync(TaskName orchestratorName, object? input = null, TaskOptions? options = null) =>
        CallSubOrchestratorAsync<object>(orchestratorName, input, options);

    /// <summary>Ends this round when the orchestrator returns, and starts the next with a new input and an empty history.</summary>
    /// <param name="newInput">Input of the next round.</param>
    /// <param name="preserveUnprocessedEvents">Whether events that no one has waited for yet reach the next round.</param>
    public abstract void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true);

    /// <summary>Ends this round when the orchestrator returns, and starts the next with a new input and an empty history.</summary>
    /// <param name="options">Input of the next round, and what becomes of waiting events.</param>
    public virtual void ContinueAsNew(ContinueAsNewOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ContinueAsNew(options.NewInput, options.PreserveUnprocessedEvents);
    }

    /// <summary>A new id, the same again on replay.</summary>
    public abstract Guid NewGuid();

    /// <summary>A logger that is silent during replay.</summary>
    public virtual ILogger CreateReplaySafeLogger(string categoryName) => new ReplaySafeLogger(this, LoggerFactory.CreateLogger(categoryName));

    /// <summary>A logger that is silent during replay, named after a type.</summary>
    public virtual ILogger CreateReplaySafeLogger(Type type) => new ReplaySafeLogger(this, LoggerFactory.CreateLogger(type));

    /// <summary>A logger that is silent during replay, named after a type.</summary>
    /// <typeparam name="T">The type.</typeparam>
    public virtual ILogger CreateReplaySafeLogger<T>() => new ReplaySafeLogger(this, LoggerFactory.CreateLogger<T>());
}
