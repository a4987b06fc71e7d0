using Microsoft.Extensions.Options;
using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Running;
using RiskDurable.Execution.Storage;
using RiskDurable.Execution.Telemetry;
using RiskDurable.Functions.Cache;
using RiskDurable.Functions.Hosting;
using RiskDurable.Functions.Runs;

namespace RiskDurable.Functions.Rollup;

/// <summary>The activities of a rollup.</summary>
/// <param name="store">Where execution plans and batches go.</param>
/// <param name="library">Plans in memory.</param>
/// <param name="cache">The output cache.</param>
/// <param name="lostOutputs">Sees to outputs that are gone.</param>
/// <param name="options">How long to wait for other runs, and how large a batch is.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told of what a run does.</param>
public sealed class RollupActivities(
    IObjectStore store,
    PlanLibrary library, OutputCache cache, LostOutputs lostOutputs, IOptions<RiskOptions> options, TimeProvider time, ILogger<RollupActivities> logger)
{
    private const int MostJobsABatch = 64;

    // A host that shuts down does not wait for long.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);

    /// <summary>Works out the jobs, their keys and their expected cost, and stores them for all who deal with jobs.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="cancellationToken">Stops.</param>
    [Function(nameof(PlanRollup))]
    public async Task<PlannedRollup> PlanRollup([ActivityTrigger] PlanReference plan, CancellationToken cancellationToken)
    {
        ExecutionPlan execution = ExecutionPlan.Of((await library.RunnerOfAsync(plan).ConfigureAwait(false)).Plan);
        return new PlannedRollup(execution.Portfolio, await execution.StoreAsync(store, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Asks the cache which outputs of a plan it has; what it has lives on.</summary>
    /// <param name="request">The plan.</param>
    /// <param name="client">Reads the cache.</param>
    /// <param name="cancellationToken">Stops.</param>
    [Function(nameof(ResolveCache))]
    public async Task<ResolvedPlan> ResolveCache(
        [ActivityTrigger] ResolveRequest request, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        ExecutionPlan plan = await library.ExecutionOfAsync(request.Plan).ConfigureAwait(false);
        IReadOnlyDictionary<ObjectKey, CacheAnswer> answers = await cache.LookUpAsync(
            client, plan.Stages.SelectMany(stage => Enumerable.Range(0, stage.Jobs).SelectMany(job => plan.OutputsOf(stage, job))), cancellationToken).ConfigureAwait(false);
        await cache.TouchAsync(client, answers.Where(answer => answer.Value == CacheAnswer.There).Select(answer => answer.Key), cancellationToken).ConfigureAwait(false);
        JobDecisions? earlier = request.Earlier is { } hash ? await JobDecisions.ReadAsync(store, hash, cancellationToken).ConfigureAwait(false) : null;
        JobDecisions decisions = JobDecisions.Of(plan, answers, earlier);
        var stages = new List<ResolvedStage>();
        int cached = 0;
        double seconds = 0;
        foreach (PlanStage stage in plan.Stages)
        {
            int[] missing = [.. decisions.Stages[stage.Index].Missing()];
            stages.Add(new ResolvedStage(stage.Kind.Name(), stage.Jobs, JobRanges.Format(missing)));
            RollupMetrics.RecordPlan(stage.Kind.Name(), stage.Jobs, stage.Jobs - missing.Length);
            cached += stage.Jobs - missing.Length;
            seconds += missing.Sum(job => plan.Seconds(stage, job));
        }

        var estimate = new RollupEstimate(plan.Stages.Sum(stage => stage.Jobs), cached, seconds);
        logger.RunPlanned(request.RunId, estimate.Jobs, estimate.CachedJobs, estimate.CoreSeconds);
        return new ResolvedPlan(stages, estimate, await decisions.StoreAsync(store, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Claims jobs for a run, so that no other one computes the same meanwhile, and deals them into batches.</summary>
    /// <param name="request">The jobs.</param>
    /// <param name="client">Reads and signals the cache.</param>
    /// <param name="cancellationToken">Stops.</param>
    [Function(nameof(ClaimJobs))]
    public async Task<ClaimedJobs> ClaimJobs(
        [ActivityTrigger] StageRequest request, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        ExecutionPlan plan = await library.ExecutionOfAsync(request.Plan).ConfigureAwait(false);
        PlanStage stage = plan.Stages[request.Stage];
        int[] jobs = [.. JobRanges.Parse(request.Jobs)];
        ILookup<int, ObjectKey> outputs = jobs.SelectMany(job => plan.OutputsOf(stage, job).Select(key => (job, key))).ToLookup(pair => pair.job, pair => pair.key);
        (IReadOnlySet<ObjectKey> there, IReadOnlySet<ObjectKey> others) = await cache.ClaimAsync(
            client, request.RunId, [.. outputs.SelectMany(job => job)], cancellationToken).ConfigureAwait(false);

        // After claiming: whoever cancels raises the flag first and releases claims then.
        if (await RunFlag.IsCancelledAsync(client, request.RunId, cancellationToken).ConfigureAwait(false))
        {
            await cache.ReleaseAsync(client, request.RunId, cancellationToken).ConfigureAwait(false);
            return new ClaimedJobs(null, 0, "", 0, TimeSpan.Zero, IsCancelled: true);
        }

        int[] waiting = [.. jobs.Where(job => outputs[job].Any(others.Contains))];
        int[] done = [.. jobs.Except(waiting).Where(job => outputs[job].All(there.Contains))];
        string[] batches = [.. Batches(plan, stage, jobs.Except(waiting).Except(done))];
        return new ClaimedJobs(
            batches.Length == 0 ? null : await JobBatches.StoreAsync(store, batches, cancellationToken).ConfigureAwait(false),
            batches.Length,
            JobRanges.Format(waiting),
            done.Length,
            options.Value.ClaimPoll);
    }

    /// <summary>Reads a page of what was dealt out.</summary>
    /// <param name="request">Which.</param>
    /// <param name="cancellationToken">Stops.</param>
    [Function(nameof(ReadBatches))]
    public async Task<IReadOnlyList<string>> ReadBatches([ActivityTrigger] BatchesRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return await JobBatches.ReadAsync(store, request.Batches, request.Page, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Runs jobs unless the run was cancelled, tells the cache and whoever watches. A job that fails keeps no other one from running, and where the whole
    /// comes to a sudden end the cache knows what was done by then.
    /// </summary>
    /// <param name="request">One batch.</param>
    /// <param name="client">Signals.</param>
    /// <param name="cancellationToken">Stops between two jobs.</param>
    [Function(nameof(RunJobs))]
    public async Task<BatchOutcome> RunJobs(
        [ActivityTrigger] StageRequest request, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (request.AskedAt is { } asked)
        {
            RollupMetrics.RecordQueueWait(nameof(RunJobs), time.GetUtcNow().UtcDateTime - asked);
        }

        JobRunner runner = await library.RunnerOfAsync(request.Plan).ConfigureAwait(false);
        PlanStage stage = runner.Plan.Stages[request.Stage];
        using IDisposable? scope = logger.BeginJobs(request.RunId, stage.Kind.Name(), request.Jobs);
        var batch = new BatchRun();
        try
        {
            await RunAsync(client, runner, stage, request, batch, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await TellAtTheEndAsync(client, request.RunId, stage, batch).ConfigureAwait(false);
            throw;
        }

        await TellAsync(client, request.RunId, stage, batch, cancellationToken).ConfigureAwait(false);
        if (batch.Lost.Count > 0)
        {
            await lostOutputs.ForgetAsync(client, runner, batch.Lost, cancellationToken).ConfigureAwait(false);
        }

        return batch.Outcome();
    }

    private async Task RunAsync(
        DurableTaskClient client, JobRunner runner, PlanStage stage, StageRequest request, BatchRun batch, CancellationToken cancellationToken)
    {
        var flag = new RunFlagReader(client, request.RunId, time);
        foreach (int job in JobRanges.Parse(request.Jobs))
        {
            if (batch.IsCancelled = await flag.IsCancelledAsync(cancellationToken).ConfigureAwait(false))
            {
                return;
            }

            try
            {
                // There already where the batch runs again after a crash.
                JobOutcome outcome = await runner.HasOutputAsync(stage, job, cancellationToken).ConfigureAwait(false)
                    ? default
                    : await runner.RunAsync(stage, job, request.TraceParent, cancellationToken).ConfigureAwait(false);
                batch.Add(job, runner.Plan.OutputsOf(stage, job), outcome);
            }
            catch (UnreadableObjectException unreadable)
            {
                logger.InputsLost(unreadable, request.RunId, runner.Plan.NameOf(stage, job));
                batch.Lost.UnionWith(unreadable.Keys);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                logger.JobFailed(failure, request.RunId, runner.Plan.NameOf(stage, job));
                batch.Fail(job, failure);
            }
        }
    }

    private async Task TellAsync(DurableTaskClient client, string runId, PlanStage stage, BatchRun batch, CancellationToken cancellationToken)
    {
        await cache.AddAsync(client, batch.Written, cancellationToken).ConfigureAwait(false);
        await client.Entities.SignalEntityAsync(
            RunProgress.IdOf(runId),
            nameof(RunProgress.Report),
            new ProgressReport(stage.Kind.Name(), stage.Index, stage.Jobs, JobRanges.Format(batch.Ran), batch.Hits),
            cancellation: cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Tells what was done although the activity was told to stop, as far as there is somebody to tell.</summary>
    private async Task TellAtTheEndAsync(DurableTaskClient client, string runId, PlanStage stage, BatchRun batch)
    {
        using var patience = new CancellationTokenSource(LastWords, time);
        try
        {
            await TellAsync(client, runId, stage, batch, patience.Token).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            // The batch runs again, and finds the outputs in the store.
            logger.LogWarning(failure, "What run {RunId} did of a batch before it was stopped could not be told.", runId);
        }
    }

    /// <summary>Gives back what a run that is over still claims.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="client">Signals the cache.</param>
    /// <param name="cancellationToken">Stops.</param>
    [Function(nameof(ReleaseClaims))]
    public Task ReleaseClaims([ActivityTrigger] string runId, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        cache.ReleaseRestAsync(client, runId, cancellationToken);

    private IEnumerable<string> Batches(ExecutionPlan plan, PlanStage stage, IEnumerable<int> jobs)
    {
        var batch = new List<int>();
        double seconds = 0;
        foreach (int job in jobs)
        {
            double next = plan.Seconds(stage, job);
            if (batch.Count > 0 && (seconds + next > options.Value.BatchSeconds || batch.Count == MostJobsABatch))
            {
                yield return JobRanges.Format(batch);
                batch.Clear();
                seconds = 0;
            }

            batch.Add(job);
            seconds += next;
        }

        if (batch.Count > 0)
        {
            yield return JobRanges.Format(batch);
        }
    }
}
