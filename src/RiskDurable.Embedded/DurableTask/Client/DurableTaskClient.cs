using RiskDurable.Embedded.DurableTask.Client.Entities;

namespace RiskDurable.Embedded.DurableTask.Client;

/// <summary>Starts, steers and reads orchestrations from outside. Every request is safely stored when its task completes.</summary>
public abstract class DurableTaskClient : IAsyncDisposable
{
    /// <summary>A client.</summary>
    /// <param name="name">Its name.</param>
    protected DurableTaskClient(string name) => Name = name;

    /// <summary>The client's name.</summary>
    public string Name { get; }

    /// <summary>The client for entities.</summary>
    public virtual DurableEntityClient Entities => throw new NotSupportedException($"{GetType()} does not support durable entities.");

    /// <summary>Starts an orchestration without input.</summary>
    /// <inheritdoc cref="ScheduleNewOrchestrationInstanceAsync(TaskName, object?, StartOrchestrationOptions?, CancellationToken)"/>
    public virtual Task<string> ScheduleNewOrchestrationInstanceAsync(TaskName orchestratorName, CancellationToken cancellation) =>
        ScheduleNewOrchestrationInstanceAsync(orchestratorName, null, null, cancellation);

    /// <summary>Starts an orchestration.</summary>
    /// <inheritdoc cref="ScheduleNewOrchestrationInstanceAsync(TaskName, object?, StartOrchestrationOptions?, CancellationToken)"/>
    public virtual Task<string> ScheduleNewOrchestrationInstanceAsync(TaskName orchestratorName, object? input, CancellationToken cancellation) =>
        ScheduleNewOrchestrationInstanceAsync(orchestratorName, input, null, cancellation);

    /// <summary>Starts an orchestration without input.</summary>
    /// <inheritdoc cref="ScheduleNewOrchestrationInstanceAsync(TaskName, object?, StartOrchestrationOptions?, CancellationToken)"/>
    public virtual Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, StartOrchestrationOptions options, CancellationToken cancellation = default) =>
        ScheduleNewOrchestrationInstanceAsync(orchestratorName, null, options, cancellation);

    /// <summary>Starts an orchestration. An ended instance of the same id is replaced.</summary>
    /// <param name="orchestratorName">Name of the orchestrator function.</param>
    /// <param name="input">Its input.</param>
    /// <param name="options">Its id, start time and labels.</param>
    /// <param name="cancellation">Gives up waiting for the store.</param>
    /// <returns>The instance's id.</returns>
    /// <exception cref="ArgumentException">There is no such orchestrator, or the id is that of an entity.</exception>
    /// <exception cref="InvalidOperationException">An instance of the same id has not ended.</exception>
    public abstract Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default);

    /// <summary>Sends an event without payload.</summary>
    /// <inheritdoc cref="RaiseEventAsync(string, string, object?, CancellationToken)"/>
    public virtual Task RaiseEventAsync(string instanceId, string eventName, CancellationToken cancellation) =>
        RaiseEventAsync(instanceId, eventName, null, cancellation);

    /// <summary>Sends an external event to an orchestration.</summary>
    /// <param name="instanceId">The instance's id.</param>
    /// <param name="eventName">The event's name.</param>
    /// <param name="eventPayload">What it carries.</param>
    /// <param name="cancellation">Gives up waiting for the store.</param>
    /// <exception cref="ArgumentException">There is no such instance.</exception>
    /// <exception cref="InvalidOperationException">The instance has ended.</exception>
    public abstract Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default);

    /// <summary>Waits until an instance has left the state Pending.</summary>
    /// <inheritdoc cref="WaitForInstanceStartAsync(string, bool, CancellationToken)"/>
    public virtual Task<OrchestrationMetadata> WaitForInstanceStartAsync(string instanceId, CancellationToken cancellation) =>
        WaitForInstanceStartAsync(instanceId, getInputsAndOutputs: false, cancellation);

    /// <summary>Waits until an instance has left the state Pending, also for one that does not exist yet.</summary>
    /// <param name="instanceId">The instance's id.</param>
    /// <param name="getInputsAndOutputs">Whether to read its input, output and custom status.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public abstract Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default);

    /// <summary>Waits until an instance has ended.</summary>
    /// <inheritdoc cref="WaitForInstanceCompletionAsync(string, bool, CancellationToken)"/>
    public virtual Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(string instanceId, CancellationToken cancellation) =>
        WaitForInstanceCompletionAsync(instanceId, getInputsAndOutputs: false, cancellation);

    /// <summary>Waits until an instance has ended, also for one that does not exist yet.</summary>
    /// <param name="instanceId">The instance's id.</param>
    /// <param name="getInputsAndOutputs">Whether to read its input, output and custom status.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public abstract Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default);

    /// <summary>Terminates an instance.</summary>
    /// <inheritdoc cref="TerminateInstanceAsync(string, TerminateInstanceOptions?, CancellationToken)"/>
    public virtual Task TerminateInstanceAsync(string instanceId, CancellationToken cancellation) =>
        TerminateInstanceAsync(instanceId, (TerminateInstanceOptions?)null, cancellation);

    /// <summary>Terminates an instance with an output.</summary>
    /// <inheritdoc cref="TerminateInstanceAsync(string, TerminateInstanceOptions?, CancellationToken)"/>
    public virtual Task TerminateInstanceAsync(string instanceId, object? output, CancellationToken cancellation = default) =>
        TerminateInstanceAsync(instanceId, output as TerminateInstanceOptions ?? new TerminateInstanceOptions(output), cancellation);

    /// <summary>Terminates an instance. Activities that run or wait are not stopped; their results are dropped.</summary>
    /// <param name="instanceId">The instance's id.</param>
    /// <param name="options">What it leaves as its output, and whether its sub-orchestrations end too.</param>
    /// <param name="cancellation">Gives up waiting for the store.</param>
    /// <exception cref="ArgumentException">There is no such instance.</exception>
    /// <exception cref="InvalidOperationException">The instance has ended.</exception>
    public virtual Task TerminateInstanceAsync(string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default) =>
        throw new NotSupportedException($"{GetType()} does not support terminating orchestrations.");

    /// <summary>Suspends an instance.</summary>
    /// <inheritdoc cref="SuspendInstanceAsync(string, string?, CancellationToken)"/>
    public virtual Task SuspendInstanceAsync(string instanceId, CancellationToken cancellation) => SuspendInstanceAsync(instanceId, null, cancellation);

    /// <summary>Suspends an instance: what arrives for it waits until it is resumed.</summary>
    /// <param name="instanceId">The instance's id.</param>
    /// <param name="reason">Why; for the log.</param>
    /// <param name="cancellation">Gives up waiting for the store.</param>
    /// <exception cref="ArgumentException">There is no such instance.</exception>
    /// <exception cref="InvalidOperationException">The instance has ended.</exception>
    public abstract Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default);

    /// <summary>Resumes a suspended instance.</summary>
    /// <inheritdoc cref="ResumeInstanceAsync(string, string?, CancellationToken)"/>
    public virtual Task ResumeInstanceAsync(string instanceId, CancellationToken cancellation) => ResumeInstanceAsync(instanceId, null, cancellation);

    /// <summary>Resumes a suspended instance.</summary>
    /// <param name="instanceId">The instance's id.</param>
    /// <param name="reason">Why; for the log.</param>
    /// <param name="cancellation">Gives up waiting for the store.</param>
    /// <exception cref="ArgumentException">There is no such instance.</exception>
    /// <exception cref="InvalidOperationException">The instance has ended.</exception>
    public abstract Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default);

    /// <summary>Reads an instance, without input and output.</summary>
    /// <inheritdoc cref="GetInstanceAsync(string, bool, CancellationToken)"/>
    public virtual Task<OrchestrationMetadata?> GetInstanceAsync(string instanceId, CancellationToken cancellation) =>
        GetInstanceAsync(instanceId, getInputsAndOutputs: false, cancellation);

    /// <summary>Reads an instance.</summary>
    /// <param name="instanceId">The instance's id.</param>
    /// <param name="getInputsAndOutputs">Whether to read its input, output and custom status.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Null if there is no such instance.</returns>
    public virtual Task<OrchestrationMetadata?> GetInstanceAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        GetInstancesAsync(instanceId, getInputsAndOutputs, cancellation);

    /// <summary>Reads an instance.</summary>
    /// <inheritdoc cref="GetInstanceAsync(string, bool, CancellationToken)"/>
    public abstract Task<OrchestrationMetadata?> GetInstancesAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default);

    /// <summary>Lists instances, oldest first.</summary>
    /// <param name="filter">Which; all if null.</param>
    public abstract AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null);

    /// <summary>Deletes an ended instance.</summary>
    /// <inheritdoc cref="PurgeInstanceAsync(string, PurgeInstanceOptions?, CancellationToken)"/>
    public virtual Task<PurgeResult> PurgeInstanceAsync(string instanceId, CancellationToken cancellation) => PurgeInstanceAsync(instanceId, null, cancellation);

    /// <summary>Deletes all there is of an ended instance. One that does not exist or has not ended is left alone.</summary>
    /// <param name="instanceId">The instance's id.</param>
    /// <param name="options">Whether its sub-orchestrations go too.</param>
    /// <param name="cancellation">Gives up waiting for the store.</param>
    public virtual Task<PurgeResult> PurgeInstanceAsync(string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default) =>
        throw new NotSupportedException($"{GetType()} does not support purging of orchestration instances.");

    /// <summary>Deletes ended instances.</summary>
    /// <inheritdoc cref="PurgeAllInstancesAsync(PurgeInstancesFilter, PurgeInstanceOptions?, CancellationToken)"/>
    public virtual Task<PurgeResult> PurgeAllInstancesAsync(PurgeInstancesFilter filter, CancellationToken cancellation) =>
        PurgeAllInstancesAsync(filter, null, cancellation);

    /// <summary>Deletes all ended instances that meet a filter.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="options">Whether their sub-orchestrations go too.</param>
    /// <param name="cancellation">Gives up between two portions.</param>
    public virtual Task<PurgeResult> PurgeAllInstancesAsync(
        PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default) =>
        throw new NotSupportedException($"{GetType()} does not support purging of orchestration instances.");

    /// <summary>Starts an ended instance again with the same orchestrator and input.</summary>
    /// <param name="instanceId">The instance's id.</param>
    /// <param name="restartWithNewInstanceId">Whether the new run gets an id of its own; otherwise it replaces the old one.</param>
    /// <param name="cancellation">Gives up waiting for the store.</param>
    /// <returns>Id of the new run.</returns>
    /// <exception cref="ArgumentException">There is no such instance.</exception>
    /// <exception cref="InvalidOperationException">The instance has not ended and would be replaced.</exception>
    public virtual Task<string> RestartAsync(string instanceId, bool restartWithNewInstanceId = false, CancellationToken cancellation = default) =>
        throw new NotSupportedException($"{GetType()} does not support orchestration restart.");

    /// <summary>Frees what the client holds.</summary>
    public abstract ValueTask DisposeAsync();
}
