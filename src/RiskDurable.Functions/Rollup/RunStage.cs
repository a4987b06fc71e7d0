using RiskDurable.Execution.Telemetry;

namespace RiskDurable.Functions.Rollup;

/// <summary>Orchestrations that run the jobs of a stage: claim, fan out over sub-orchestrations of at most 100 activities, wait for other runs.</summary>
public static class RunStage
{
    private const int BatchesAnOrchestration = 100;

    private static TaskOptions Retries { get; } = TaskOptions.FromRetryPolicy(new RetryPolicy(3, TimeSpan.FromSeconds(1), backoffCoefficient: 2));

    /// <summary>Runs the jobs of a stage; returns when all have run, here or elsewhere, or failed, or an input was lost, or the run was cancelled.</summary>
    /// <param name="context">The orchestration.</param>
    [Function(nameof(RunStage))]
    public static async Task<JobsOutcome> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        StageRequest request = context.GetInput<StageRequest>()!;
        JobsOutcome outcome = JobsOutcome.Nothing;
        while (true)
        {
            ClaimedJobs claimed = await context.CallActivityAsync<ClaimedJobs>(nameof(RollupActivities.ClaimJobs), request, Retries);
            outcome = outcome with { Cached = outcome.Cached + claimed.There, IsCancelled = claimed.IsCancelled };
            JobsOutcome[] parts = await Task.WhenAll(claimed.Batches.Chunk(BatchesAnOrchestration).Select(batches =>
                context.CallSubOrchestratorAsync<JobsOutcome>(
                    nameof(RunBatches), new BatchesRequest(request.RunId, request.Plan, request.Stage, batches))));
            outcome = parts.Aggregate(outcome, (sum, part) => sum.Plus(part));
            if (claimed.Others.Length == 0 || outcome.IsCancelled || outcome.Failed > 0 || outcome.Lost.Count > 0)
            {
                return outcome;
            }

            request = request with { Jobs = claimed.Others };
            DateTime waits = context.CurrentUtcDateTime;
            await context.CreateTimer(claimed.LookAgainAfter, CancellationToken.None);
            if (!context.IsReplaying)
            {
                RollupMetrics.RecordClaimWait(context.CurrentUtcDateTime - waits);
            }
        }
    }

    /// <summary>Runs batches side by side.</summary>
    /// <param name="context">The orchestration.</param>
    [Function(nameof(RunBatches))]
    public static async Task<JobsOutcome> RunBatches([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        BatchesRequest request = context.GetInput<BatchesRequest>()!;
        JobsOutcome[] parts = await Task.WhenAll(request.Batches.Select(batch => RunBatchAsync(context, request, batch)));
        return parts.Aggregate(JobsOutcome.Nothing, (sum, part) => sum.Plus(part));
    }

    private static async Task<JobsOutcome> RunBatchAsync(TaskOrchestrationContext context, BatchesRequest request, string batch)
    {
        try
        {
            return await context.CallActivityAsync<JobsOutcome>(
                nameof(RollupActivities.RunJobs), new StageRequest(request.RunId, request.Plan, request.Stage, batch, context.CurrentUtcDateTime), Retries);
        }
        catch (TaskFailedException failed)
        {
            return JobsOutcome.Nothing with
            {
                Failed = JobRanges.Count(batch),
                Failures = [Cut($"jobs {batch}: {failed.FailureDetails.ErrorType}: {failed.FailureDetails.ErrorMessage}")],
            };
        }
    }

    // History is read again at every replay: no long texts in it.
    private static string Cut(string text) => text.Length <= 1000 ? text : text[..1000] + "...";
}
