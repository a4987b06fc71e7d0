using RiskDurable.Embedded.DurableTask;
using RiskDurable.Embedded.DurableTask.Client;

namespace RiskDurable.Embedded.Engine.Orchestrations;

/// <summary>What came out of a step.</summary>
internal sealed record OrchestrationOutcome
{
    /// <summary>Running, an end, or ContinuedAsNew.</summary>
    public required OrchestrationRuntimeStatus Status { get; init; }

    /// <summary>Output, or input of the next round.</summary>
    public string? Text { get; init; }

    public TaskFailureDetails? Failure { get; init; }

    public IReadOnlyList<OrchestrationAction> Actions { get; init; } = [];

    /// <summary>Events for the next round.</summary>
    public IReadOnlyList<OrchestrationEvent> CarriedOver { get; init; } = [];

    public bool IsEnd => Status is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;

    public static OrchestrationOutcome GoOn(IReadOnlyList<OrchestrationAction> actions) => new() { Status = OrchestrationRuntimeStatus.Running, Actions = actions };

    public static OrchestrationOutcome End(OrchestrationRuntimeStatus status, string? output) => new() { Status = status, Text = output };

    public static OrchestrationOutcome Fail(Exception cause) => Fail(TaskFailureDetails.FromException(cause));

    public static OrchestrationOutcome Fail(TaskFailureDetails failure) => new() { Status = OrchestrationRuntimeStatus.Failed, Failure = failure };
}
