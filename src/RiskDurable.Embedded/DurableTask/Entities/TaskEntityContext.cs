namespace RiskDurable.Embedded.DurableTask.Entities;

/// <summary>What an entity operation may do beside changing its state. All of it happens only if the operation does not throw.</summary>
public abstract class TaskEntityContext
{
    /// <summary>Id of this entity.</summary>
    public abstract EntityInstanceId Id { get; }

    /// <summary>Signals another entity, without input.</summary>
    /// <inheritdoc cref="SignalEntity(EntityInstanceId, string, object?, SignalEntityOptions?)"/>
    public virtual void SignalEntity(EntityInstanceId id, string operationName, SignalEntityOptions options) => SignalEntity(id, operationName, null, options);

    /// <summary>Signals another entity.</summary>
    /// <param name="id">The entity.</param>
    /// <param name="operationName">The operation.</param>
    /// <param name="input">The operation's input.</param>
    /// <param name="options">When it is delivered.</param>
    public abstract void SignalEntity(EntityInstanceId id, string operationName, object? input = null, SignalEntityOptions? options = null);

    /// <summary>Starts an orchestration without input.</summary>
    /// <inheritdoc cref="ScheduleNewOrchestration(TaskName, object?, StartOrchestrationOptions?)"/>
    public virtual string ScheduleNewOrchestration(TaskName name, StartOrchestrationOptions options) => ScheduleNewOrchestration(name, null, options);

    /// <summary>Starts an orchestration.</summary>
    /// <param name="name">Name of the orchestrator function.</param>
    /// <param name="input">Its input.</param>
    /// <param name="options">Its id and start time.</param>
    /// <returns>The instance's id.</returns>
    public abstract string ScheduleNewOrchestration(TaskName name, object? input = null, StartOrchestrationOptions? options = null);
}
