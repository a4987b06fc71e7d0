using RiskDurable.Execution.Telemetry;
using RiskDurable.Functions.Hosting;

namespace RiskDurable.Functions.Rollup;

/// <summary>Orchestrations that run the jobs of a stage: claim, fan out over sub-orchestrations of at most 100 activities, wait for other runs.</summary>
public static class RunStage
{
    /// <summary>Runs the jobs of a stage; returns when all have run, here or elsewhere, or failed, or an input was lost, or the run was cancelled.</summary>
    /// <param name="context">The orchestration.</param>
    [Function(nameof(RunStage))]
    public static async Task<JobsOutcome> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        StageRequest request = context.GetInput<StageRequest>()!;
        ClaimedJobs claimed = await context.CallActivityAsync<ClaimedJobs>(nameof(RollupActivities.ClaimJobs), request, Retrying.Options);
        JobsOutcome outcome = request.Before ?? JobsOutcome.Nothing;
        outcome = outcome with { Cached = outcome.Cached + claimed.There, IsCancelled = claimed.IsCancelled };
        if (claimed.Batches is { } batches)
        {
            JobsOutcome[] parts = await Task.WhenAll(Enumerable.Range(0, JobBatches.Pages(claimed.BatchCount)).Select(page =>
                context.CallSubOrchestratorAsync<JobsOutcome>(nameof(RunBatches), new BatchesRequest(request.RunId, request.Plan, request.Stage, batches, page, request.TraceParent))));
            outcome = parts.Aggregate(outcome, (sum, part) => sum.Plus(part));
        }

        if (claimed.Others.Length == 0 || outcome.IsCancelled || outcome.Failed > 0 || outcome.Lost.Count > 0)
        {
            return outcome;
        }

        DateTime waits = context.CurrentUtcDateTime;
        await context.CreateTimer(claimed.LookAgainAfter, CancellationToken.None);
        if (!context.IsReplaying)
        {
            RollupMetrics.RecordClaimWait(context.CurrentUtcDateTime - waits);
        }

        // Another run may take hours: a history that grew with each look would be replayed with each look.
        context.ContinueAsNew(request with { Jobs = claimed.Others, Before = outcome });
        return outcome;
    }

    /// <summary>Runs a page of batches side by side.</summary>
    /// <param name="context">The orchestration.</param>
    [Function(nameof(RunBatches))]
    public static async Task<JobsOutcome> RunBatches([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        BatchesRequest request = context.GetInput<BatchesRequest>()!;
        IReadOnlyList<string> batches = await context.CallActivityAsync<IReadOnlyList<string>>(nameof(RollupActivities.ReadBatches), request, Retrying.Options);
        JobsOutcome[] parts = await Task.WhenAll(batches.Select(batch => RunBatchAsync(context, request, batch)));
        return parts.Aggregate(JobsOutcome.Nothing, (sum, part) => sum.Plus(part));
    }

    private static async Task<JobsOutcome> RunBatchAsync(TaskOrchestrationContext context, BatchesRequest request, string jobs)
    {
        // A job that fails is tried again, alone, as often and with the same pauses as an activity that fails.
        JobsOutcome outcome = JobsOutcome.Nothing;
        TimeSpan pause = Retrying.FirstPause;
        for (int tries = 1; ; tries++)
        {
            BatchOutcome batch;
            try
            {
                batch = await context.CallActivityAsync<BatchOutcome>(
                    nameof(RollupActivities.RunJobs),
                    new StageRequest(request.RunId, request.Plan, request.Stage, jobs, context.CurrentUtcDateTime, TraceParent: request.TraceParent),
                    Retrying.Options);
            }
            catch (TaskFailedException failed)
            {
                batch = new BatchOutcome(
                    JobsOutcome.Nothing, jobs, [BatchRun.Cut($"jobs {jobs}: {failed.FailureDetails.ErrorType}: {failed.FailureDetails.ErrorMessage}")]);
                tries = Retrying.MostTries;
            }

            outcome = outcome.Plus(batch.Done);
            if (batch.Failed.Length == 0 || outcome.IsCancelled)
            {
                return outcome;
            }

            if (tries == Retrying.MostTries)
            {
                return outcome.Plus(JobsOutcome.Nothing with { Failed = JobRanges.Count(batch.Failed), Failures = batch.Failures });
            }

            await context.CreateTimer(pause, CancellationToken.None);
            pause *= 2;
            jobs = batch.Failed;
        }
    }
}
