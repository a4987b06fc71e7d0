namespace RiskDurable.Embedded.DurableTask;

/// <summary>The orchestration that started a sub-orchestration.</summary>
/// <param name="Name">Name of its function.</param>
/// <param name="InstanceId">Its instance id.</param>
public record ParentOrchestrationInstance(TaskName Name, string InstanceId);
