using RiskDurable.Functions.Rollup;

namespace RiskDurable.Functions.Runs;

/// <summary>Where a run stands, in the API's words.</summary>
internal static class RunStates
{
    public const string Pending = "pending";
    public const string Running = "running";
    public const string Suspended = "suspended";
    public const string Cancelling = "cancelling";
    public const string Completed = "completed";
    public const string Refused = "refused";
    public const string Failed = "failed";
    public const string Cancelled = "cancelled";

    public static IReadOnlyList<string> All { get; } = [Pending, Running, Suspended, Cancelling, Completed, Refused, Failed, Cancelled];

    /// <summary>The state of a run.</summary>
    /// <param name="run">The orchestration.</param>
    /// <param name="status">What it tells of itself.</param>
    /// <param name="isCancelled">Whether its flag is raised.</param>
    public static string Of(OrchestrationMetadata run, RollupStatus? status, bool isCancelled) => run.RuntimeStatus switch
    {
        OrchestrationRuntimeStatus.Completed => status?.Phase == RollupStatus.RefusedPhase ? Refused : Completed,
        OrchestrationRuntimeStatus.Failed => isCancelled ? Cancelled : Failed,
        OrchestrationRuntimeStatus.Terminated => Cancelled,
        _ when isCancelled => Cancelling,
        OrchestrationRuntimeStatus.Pending => Pending,
        OrchestrationRuntimeStatus.Suspended => Suspended,
        _ => Running,
    };
}
