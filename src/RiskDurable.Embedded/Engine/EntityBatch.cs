using RiskDurable.Embedded.DurableTask.Entities;

namespace RiskDurable.Embedded.Engine;

/// <summary>Operations on one entity that run one after the other and are stored together.</summary>
internal abstract class EntityBatch
{
    public abstract Task RunAsync(ITaskEntity entity);
}
