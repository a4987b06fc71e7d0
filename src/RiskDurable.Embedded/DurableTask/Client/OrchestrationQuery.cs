namespace RiskDurable.Embedded.DurableTask.Client;

/// <summary>Which orchestration instances to list. What is null does not matter.</summary>
/// <param name="CreatedFrom">Created at this time or later.</param>
/// <param name="CreatedTo">Created at this time or before.</param>
/// <param name="Statuses">In one of these states.</param>
/// <param name="TaskHubNames">In one of these hubs; this host has one.</param>
/// <param name="InstanceIdPrefix">With an id that starts so.</param>
/// <param name="PageSize">Most instances a page.</param>
/// <param name="FetchInputsAndOutputs">Whether to read inputs, outputs and custom statuses too.</param>
/// <param name="ContinuationToken">Where to go on, from an earlier page.</param>
public record OrchestrationQuery(
    DateTimeOffset? CreatedFrom = null,
    DateTimeOffset? CreatedTo = null,
    IEnumerable<OrchestrationRuntimeStatus>? Statuses = null,
    IEnumerable<string>? TaskHubNames = null,
    string? InstanceIdPrefix = null,
    int PageSize = OrchestrationQuery.DefaultPageSize,
    bool FetchInputsAndOutputs = false,
    string? ContinuationToken = null)
{
    /// <summary>Most instances a page, if nothing is said.</summary>
    public const int DefaultPageSize = 100;
}
