using RiskDurable.Embedded.DurableTask;
using RiskDurable.Embedded.DurableTask.Entities;

namespace RiskDurable.Embedded.Engine.Entities;

/// <summary>What an operation does beside changing its state.</summary>
internal abstract record EntityEffect;

/// <summary>A signal to an entity; <paramref name="Due"/> in ticks (UTC), 0 for at once.</summary>
internal sealed record SignalEffect(string EntityId, string Operation, string? Input, long Due) : EntityEffect;

/// <summary>A new orchestration.</summary>
internal sealed record StartEffect(string Name, string InstanceId, string? Input, StartOrchestrationOptions? Options) : EntityEffect;

/// <summary>Collects the effects of a batch; those of an operation that throws are dropped.</summary>
internal sealed class OperationContext(EntityInstanceId id, DataConverter converter) : TaskEntityContext
{
    private readonly List<EntityEffect> _effects = [];
    private int _committed;

    public override EntityInstanceId Id => id;

    public IReadOnlyList<EntityEffect> Effects => _effects;

    public void Commit() => _committed = _effects.Count;

    public void Rollback() => _effects.RemoveRange(_committed, _effects.Count - _committed);

    public override void SignalEntity(EntityInstanceId id, string operationName, object? input = null, SignalEntityOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(operationName);
        if (id == default)
        {
            throw new ArgumentException("The entity's id must not be the default value.", nameof(id));
        }

        _effects.Add(new SignalEffect(id.ToString(), operationName, converter.Serialize(input), options?.SignalTime?.UtcTicks ?? 0));
    }

    public override string ScheduleNewOrchestration(TaskName name, object? input = null, StartOrchestrationOptions? options = null)
    {
        string instanceId = options?.InstanceId ?? Guid.NewGuid().ToString("N");
        InstanceIds.RefuseEntity(instanceId, nameof(options));
        _effects.Add(new StartEffect(name.Name, instanceId, converter.Serialize(input), options));
        return instanceId;
    }
}
