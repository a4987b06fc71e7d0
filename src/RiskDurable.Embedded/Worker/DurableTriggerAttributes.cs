using RiskDurable.Embedded.Worker.Extensions.Abstractions;

namespace RiskDurable.Embedded.Worker;

/// <summary>
/// Makes a function an orchestrator. The parameter is a <c>TaskOrchestrationContext</c>; the first other parameter without a binding,
/// if there is one, receives the orchestration's input.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class OrchestrationTriggerAttribute : TriggerBindingAttribute
{
    /// <summary>The name of the orchestration; the function's name where null.</summary>
    public string? Orchestration { get; set; }
}

/// <summary>
/// Makes a function an activity. The parameter receives the activity's input, deserialized to the parameter's type.
/// A further <c>string instanceId</c> parameter receives the id of the calling orchestration.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ActivityTriggerAttribute : TriggerBindingAttribute
{
    /// <summary>The name of the activity; the function's name where null.</summary>
    public string? Activity { get; set; }
}

/// <summary>Makes a function an entity. The parameter is a <c>TaskEntityDispatcher</c>.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class EntityTriggerAttribute : TriggerBindingAttribute
{
    /// <summary>The name of the entity; the function's name where null.</summary>
    public string? EntityName { get; set; }
}

/// <summary>Binds a <c>DurableTaskClient</c> parameter to the host's task hub.</summary>
public sealed class DurableClientAttribute : InputBindingAttribute
{
    /// <summary>The task hub. The embedded host has one; another name than its own is a start-up error.</summary>
    public string? TaskHub { get; set; }

    /// <summary>The name of the connection setting. Read by the Azure host alone.</summary>
    public string? ConnectionName { get; set; }
}
