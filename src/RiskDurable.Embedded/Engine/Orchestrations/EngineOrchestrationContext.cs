using Microsoft.Extensions.Logging;
using RiskDurable.Embedded.DurableTask;
using RiskDurable.Embedded.DurableTask.Entities;
using RiskDurable.Embedded.Engine.Store;

namespace RiskDurable.Embedded.Engine.Orchestrations;

/// <summary>What an orchestrator sees of its round.</summary>
internal sealed class EngineOrchestrationContext(OrchestrationExecution execution, OrchestrationIdentity identity, DataConverter converter, ILoggerFactory loggers)
    : TaskOrchestrationContext
{
    private EntityFeature? _entities;
    private int _guids;

    public override TaskName Name => identity.Name;

    public override string InstanceId => identity.InstanceId;

    public override ParentOrchestrationInstance? Parent => identity.Parent;

    public override DateTime CurrentUtcDateTime => execution.Time;

    public override bool IsReplaying => execution.IsReplaying;

    public override TaskOrchestrationEntityFeature Entities => _entities ??= new EntityFeature(execution, converter);

    protected override ILoggerFactory LoggerFactory => loggers;

    public override T? GetInput<T>()
        where T : default => converter.Deserialize<T>(identity.Input);

    public override Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        execution.EnsureOwnThread();
        if (input is TaskOptions && options is null)
        {
            throw new ArgumentException(
                $"A {nameof(TaskOptions)} value was provided for the activity input but no value was provided for {nameof(options)}. "
                + $"Did you actually mean to provide a {nameof(TaskOptions)} value for the {nameof(options)} parameter?",
                nameof(input));
        }

        string? serialized = converter.Serialize(input);
        return Call(options, () => execution.Open<TResult>(
            new OrchestrationAction { Kind = ActionKind.CallActivity, Id = execution.NextId(), Name = name.Name, Input = new StoredText(serialized, 0) },
            name.Name));
    }

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null)
    {
        execution.EnsureOwnThread();
        string instanceId = (options as SubOrchestrationOptions)?.InstanceId ?? NewGuid().ToString("N");
        InstanceIds.RefuseEntity(instanceId, nameof(options));
        string? serialized = converter.Serialize(input);
        return Call(options, () => execution.Open<TResult>(
            new OrchestrationAction
            {
                Kind = ActionKind.CallSubOrchestrator,
                Id = execution.NextId(),
                Name = orchestratorName.Name,
                Target = instanceId,
                Input = new StoredText(serialized, 0),
            },
            orchestratorName.Name));
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        execution.EnsureOwnThread();
        return execution.OpenTimer(fireAt.ToUniversalTime().Ticks, cancellationToken);
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        execution.EnsureOwnThread();
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        return execution.Events.WaitAsync<T>(eventName, cancellationToken);
    }

    public override void SendEvent(string instanceId, string eventName, object payload)
    {
        execution.EnsureOwnThread();
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        InstanceIds.RefuseEntity(instanceId, nameof(instanceId));
        execution.Decide(new OrchestrationAction
        {
            Kind = ActionKind.SendEvent,
            Id = execution.NextId(),
            Name = eventName,
            Target = instanceId,
            Input = new StoredText(converter.Serialize(payload), 0),
        });
    }

    public override void SetCustomStatus(object? customStatus)
    {
        execution.EnsureOwnThread();
        execution.CustomStatus = new StoredText(converter.Serialize(customStatus), 0);
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true)
    {
        execution.EnsureOwnThread();
        execution.ContinueAsNew(converter.Serialize(newInput), preserveUnprocessedEvents);
    }

    public override Guid NewGuid()
    {
        execution.EnsureOwnThread();
        return DeterministicGuid.Create(InstanceId, CurrentUtcDateTime, _guids++);
    }

    private Task<T> Call<T>(TaskOptions? options, Func<Task<T>> call) => options?.Retry switch
    {
        { Policy: { } policy } => RetryLoop.ByPolicy(this, policy, call),
        { Handler: { } handler } => RetryLoop.ByHandler(this, handler, call),
        _ => call(),
    };
}

/// <summary>What an orchestration is: fixed for a round.</summary>
internal sealed record OrchestrationIdentity(string Name, string InstanceId, ParentOrchestrationInstance? Parent, string? Input);
