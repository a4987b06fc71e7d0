using RiskDurable.Execution.Storage;
using RiskDurable.Functions.Hosting;
using RiskDurable.Functions.Portfolios;
using RiskDurable.Functions.Runs;

namespace RiskDurable.Functions.Rollup;

/// <summary>The rollup: packs the portfolio where it is a folder, plans, looks up what is there, runs what is not, stage by stage.</summary>
public static class RiskRollup
{
    // Each round repairs what the one before found lost; a store that loses outputs faster than that is broken.
    private const int MostRounds = 20;

    /// <summary>Runs a rollup.</summary>
    /// <param name="context">The orchestration; its id is the run's id.</param>
    /// <returns>What it came to; a portfolio that was refused has problems and no plan.</returns>
    [Function(nameof(RiskRollup))]
    public static async Task<RollupStatus> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        RollupRequest request = context.GetInput<RollupRequest>()!;
        var account = new RunAccount(context, request.TraceParent);
        using IDisposable? scope = account.Begin(request.StartedBy);
        try
        {
            RollupStatus status = await RunAsync(context, request, account);
            account.End(status.Phase == RollupStatus.RefusedPhase ? RunStates.Refused : RunStates.Completed);
            return status;
        }
        catch (RunCancelledException)
        {
            account.End(RunStates.Cancelled);
            throw;
        }
        catch (Exception failure)
        {
            account.Fail(failure);
            throw;
        }
    }

    private static async Task<RollupStatus> RunAsync(TaskOrchestrationContext context, RollupRequest request, RunAccount account)
    {
        var status = new RollupStatus("packing", null, null, [], null, []);
        for (int round = 0; round < MostRounds; round++)
        {
            string? manifest = request.Manifest;
            if (manifest is null)
            {
                DateTime started = context.CurrentUtcDateTime;
                context.SetCustomStatus(status with { Phase = "packing" });
                IngestOutcome ingested = await context.CallSubOrchestratorAsync<IngestOutcome>(
                    nameof(IngestPortfolio), new IngestRequest(context.InstanceId, request.Folder!, request.BlockTrials, StartedBy: request.StartedBy));
                if (ingested.IsCancelled)
                {
                    throw new RunCancelledException();
                }

                if (ingested.Manifest is null)
                {
                    return status with { Phase = RollupStatus.RefusedPhase, Problems = ingested.Problems };
                }

                manifest = ingested.Manifest;
                status = status with { PackSeconds = (context.CurrentUtcDateTime - started).TotalSeconds };
            }

            (status, IReadOnlyList<string> lost) = await RunPlanAsync(context, status, new PlanReference(manifest, request.Settings), account);
            if (lost.Count == 0)
            {
                var completed = new CompletedRun(status.Portfolio!, context.InstanceId, status.Plan!, context.CurrentUtcDateTime, request.StartedBy);
                await context.TellAsync(PortfolioCatalogue.IdOf(completed.Portfolio), nameof(PortfolioCatalogue.Completed), completed);
                await context.CallActivityAsync(nameof(PublishedRuns.PublishRun), completed, Retrying.Options);
                return status;
            }

            // The cache has forgotten what is lost: the next round runs it again. A packed table comes back by packing the folder again.
            if (request.Folder is null && lost.FirstOrDefault(IsPackedInput) is { } input)
            {
                throw new InvalidOperationException($"The packed table {input} is missing or damaged: ingest the portfolio again, then start the rollup again.");
            }
        }

        throw new InvalidOperationException($"Objects were lost again and again, in {MostRounds} rounds: check the store.");
    }

    private static async Task<(RollupStatus Status, IReadOnlyList<string> Lost)> RunPlanAsync(
        TaskOrchestrationContext context, RollupStatus status, PlanReference reference, RunAccount account)
    {
        context.SetCustomStatus(status = status with { Phase = "planning", Plan = reference });
        PlannedRollup planned = await context.CallActivityAsync<PlannedRollup>(nameof(RollupActivities.PlanRollup), reference, Retrying.Options);
        reference = reference with { Execution = planned.Execution };
        ResolvedPlan plan = await context.CallActivityAsync<ResolvedPlan>(
            nameof(RollupActivities.ResolveCache), new ResolveRequest(context.InstanceId, reference, status.Decisions), Retrying.Options);
        account.Portfolio = planned.Portfolio;
        Dictionary<string, StageStatus> earlier = status.Stages.ToDictionary(stage => stage.Name);
        status = status with
        {
            Portfolio = planned.Portfolio,
            Plan = reference,
            Estimate = status.Estimate ?? plan.Estimate,
            Decisions = plan.Decisions,
            Stages = [.. plan.Stages.GroupBy(stage => stage.Name).Select(kind => StatusOf(kind, earlier.GetValueOrDefault(kind.Key)))],
        };
        try
        {
            return await RunStagesAsync(context, status, plan, account);
        }
        finally
        {
            // What a run that ends here still claims nobody else would compute until the lease is over. Also one that is through may claim something.
            if (plan.Stages.Any(stage => stage.Missing.Length > 0))
            {
                await ReleaseClaimsAsync(context, account);
            }
        }
    }

    private static async Task<(RollupStatus Status, IReadOnlyList<string> Lost)> RunStagesAsync(
        TaskOrchestrationContext context, RollupStatus status, ResolvedPlan plan, RunAccount account)
    {
        for (int stage = 0; stage < plan.Stages.Count; stage++)
        {
            ResolvedStage resolved = plan.Stages[stage];
            context.SetCustomStatus(status = status with { Phase = resolved.Name });
            if (resolved.Missing.Length == 0)
            {
                continue;
            }

            DateTime started = context.CurrentUtcDateTime;
            JobsOutcome outcome = await context.CallSubOrchestratorAsync<JobsOutcome>(
                nameof(RunStage), new StageRequest(context.InstanceId, status.Plan!, stage, resolved.Missing, TraceParent: account.TraceParent));
            TimeSpan time = context.CurrentUtcDateTime - started;
            status = status with { Stages = [.. status.Stages.Select(state => state.Name == resolved.Name ? state.Plus(outcome, time) : state)] };
            context.SetCustomStatus(status);
            account.EndStage(resolved.Name, time, outcome);
            if (outcome.IsCancelled)
            {
                throw new RunCancelledException();
            }

            if (outcome.Failed > 0)
            {
                throw new InvalidOperationException(
                    $"{outcome.Failed} jobs of stage '{resolved.Name}' failed. {string.Join(" | ", outcome.Failures)} Start the rollup again: only what is missing runs.");
            }

            if (outcome.Lost.Count > 0)
            {
                return (status, outcome.Lost);
            }
        }

        context.SetCustomStatus(status = status with { Phase = "done" });
        return (status, []);
    }

    private static async Task ReleaseClaimsAsync(TaskOrchestrationContext context, RunAccount account)
    {
        try
        {
            await context.CallActivityAsync(nameof(RollupActivities.ReleaseClaims), context.InstanceId, Retrying.Options);
        }
        catch (TaskFailedException failure)
        {
            // They end by themselves; what the run failed of must not be hidden by this.
            account.KeepClaims(failure);
        }
    }

    private static bool IsPackedInput(string name) =>
        ObjectKey.TryParse(name, out ObjectKey key) && ObjectKind.IsPackedTable(key.Kind);

    private static StageStatus StatusOf(IGrouping<string, ResolvedStage> kind, StageStatus? earlier)
    {
        int jobs = kind.Sum(stage => stage.Jobs);
        int missing = kind.Sum(stage => JobRanges.Count(stage.Missing));

        // In a later round what ran in an earlier one is there; it ran all the same.
        int run = Math.Min(earlier?.Run ?? 0, jobs - missing);
        return new StageStatus(kind.Key, jobs, jobs - missing - run, run, 0, earlier?.Hits ?? 0, earlier?.Seconds ?? 0);
    }
}
