using RiskDurable.Functions.Hosting;
using RiskDurable.Functions.Http;
using RiskDurable.Functions.Rollup;

namespace RiskDurable.Functions.Runs;

/// <summary>Reads runs from the host: the orchestration, its flag and its progress.</summary>
/// <param name="client">Reads.</param>
/// <param name="links">Addresses for what is shown.</param>
internal sealed class RunReader(DurableTaskClient client, ApiLinks links)
{
    /// <summary>The orchestration of a run; null where there is none.</summary>
    public static async Task<OrchestrationMetadata?> FindAsync(DurableTaskClient client, string runId, CancellationToken cancellationToken)
    {
        // An id of another form is none of a run, but may be one that the host would not look up.
        if (!runId.StartsWith(RunIds.RollupPrefix, StringComparison.Ordinal))
        {
            return null;
        }

        OrchestrationMetadata? run = await client.GetInstanceAsync(runId, getInputsAndOutputs: true, cancellationToken).ConfigureAwait(false);
        return run?.Name == nameof(RiskRollup) ? run : null;
    }

    /// <summary>What a run tells of itself; null before it starts.</summary>
    public static RollupStatus? StatusOf(OrchestrationMetadata run) =>
        run.RuntimeStatus == OrchestrationRuntimeStatus.Completed ? run.ReadOutputAs<RollupStatus>() : run.ReadCustomStatusAs<RollupStatus>();

    /// <summary>The state of a run.</summary>
    public async Task<string> StateOfAsync(OrchestrationMetadata run, RollupStatus? status, CancellationToken cancellationToken)
    {
        bool mayBeCancelled = run.RuntimeStatus is not (OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Terminated);
        return RunStates.Of(run, status, mayBeCancelled && await RunFlag.IsCancelledAsync(client, run.InstanceId, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>A run in a list.</summary>
    public async Task<RunSummary> SummarizeAsync(OrchestrationMetadata run, CancellationToken cancellationToken)
    {
        RollupStatus? status = StatusOf(run);
        return new RunSummary(
            run.InstanceId,
            await StateOfAsync(run, status, cancellationToken).ConfigureAwait(false),
            status?.Phase,
            status?.Portfolio,
            run.ReadInputAs<RollupRequest>()?.StartedBy,
            run.CreatedAt,
            run.LastUpdatedAt,
            links.Run(run.InstanceId));
    }

    /// <summary>A run with all there is to tell.</summary>
    public async Task<RunView> DescribeAsync(OrchestrationMetadata run, RiskOptions options, DateTimeOffset now, CancellationToken cancellationToken)
    {
        RollupStatus? status = StatusOf(run);
        RollupRequest request = run.ReadInputAs<RollupRequest>()!;
        string state = await StateOfAsync(run, status, cancellationToken).ConfigureAwait(false);
        EntityMetadata<RunProgressState>? entity = await client.Entities
            .GetEntityAsync<RunProgressState>(RunProgress.IdOf(run.InstanceId), includeState: true, cancellationToken).ConfigureAwait(false);
        RunProgressState? progress = entity is { IncludesState: true } ? entity.State : null;
        RunPulse pulse = RunPulse.Of(run, status, entity?.LastModifiedTime, options.Cores, now);
        return new RunView(
            run.InstanceId,
            state,
            status?.Phase,
            status?.Portfolio,
            status?.Plan?.Manifest,
            request.StartedBy,
            status?.Plan is null ? null : Again(request, status),
            PackingOf(progress),
            [.. (status?.Stages ?? []).Select(stage => StageOf(stage, progress))],
            status?.Estimate,
            new RunTiming(
                run.CreatedAt,
                run.LastUpdatedAt,
                run.IsCompleted ? run.LastUpdatedAt : null,
                (run.LastUpdatedAt - run.CreatedAt).TotalSeconds,
                status?.PackSeconds ?? 0),
            new RunHealth(pulse.Verdict(run.IsCompleted, options), pulse.Idle.TotalSeconds, pulse.Expected?.TotalSeconds, pulse.Lateness?.TotalSeconds),
            state == RunStates.Refused ? status!.Problems : null,
            state == RunStates.Failed ? run.FailureDetails?.ErrorMessage : null,
            state is RunStates.Failed or RunStates.Cancelled ? RedriveOf(request, status) : null,
            LinksOf(run, status, state));
    }

    // Of steps that run side by side the one that is not through.
    private static PackingView? PackingOf(RunProgressState? progress) =>
        (progress?.Packing.LastOrDefault(step => step.Fraction() < 1) ?? progress?.Packing.LastOrDefault()) is { } step
            ? new PackingView(step.Name, step.Fraction())
            : null;

    // The status moves stage by stage, the progress job by job.
    private static StageView StageOf(StageStatus stage, RunProgressState? progress)
    {
        StageBits[] levels = [.. (progress?.Stages ?? []).Where(bits => bits.Name == stage.Name)];
        int run = Math.Min(Math.Max(stage.Run, levels.Sum(bits => bits.Count())), stage.Jobs - stage.Cached - stage.Failed);
        return new StageView(
            stage.Name,
            stage.Jobs,
            stage.Cached,
            run,
            stage.Failed,
            stage.Jobs == 0 ? 1 : (double)(run + stage.Cached) / stage.Jobs,
            Math.Max(stage.Hits, levels.Sum(bits => bits.Hits)),
            stage.Seconds);
    }

    private RedriveView RedriveOf(RollupRequest request, RollupStatus? status) => new(
        "Start the rollup again: only what is missing runs.",
        "POST",
        links.Rollups,
        Again(request, status));

    private static RollupBody Again(RollupRequest request, RollupStatus? status) =>
        RollupBody.Of(status?.Plan is { } plan ? request with { Folder = null, BlockTrials = null, Manifest = plan.Manifest } : request);

    private RunLinks LinksOf(OrchestrationMetadata run, RollupStatus? status, string state) => new(
        links.Run(run.InstanceId),
        client.CreateHttpManagementPayload(run.InstanceId).StatusQueryGetUri,
        state == RunStates.Completed ? links.Node(run.InstanceId, Portfolio.NodePath.Root) : null,
        run.IsCompleted ? null : links.Run(run.InstanceId),
        status?.Decisions is null ? null : links.Decisions(run.InstanceId));
}
