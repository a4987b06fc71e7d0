using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Storage;

namespace RiskDurable.Execution.Running;

/// <summary>
/// Runs a plan in this process without a durable host: what the store has is not run again, a stage starts when the one before it is
/// through, and a level of map jobs when the level below is. Kept for tests, and as the yardstick of the durable application.
/// </summary>
/// <param name="runner">Runs the jobs.</param>
/// <param name="store">Where outputs go.</param>
/// <param name="threads">Jobs at the same time, at least 1.</param>
public sealed class DirectRollup(JobRunner runner, IObjectStore store, int threads)
{
    private const int MostFailuresKept = 20;

    // A damaged output is removed and produced again; one that is damaged again and again is the store's fault.
    private const int MostRepairs = 100;

    private readonly Lock _lock = new();
    private readonly List<(string Job, Exception Cause)> _failures = [];
    private StageProgress[] _stages = [];
    private UnreadableObjectException? _unreadable;

    /// <summary>Runs what is missing.</summary>
    /// <param name="progress">Told a stage's state whenever it changes; called from several threads, one at a time.</param>
    /// <param name="cancellationToken">Stops; what was written by then is used the next time.</param>
    /// <returns>What became of the jobs, by stage.</returns>
    /// <exception cref="RollupFailedException">Jobs failed.</exception>
    /// <exception cref="UnreadableObjectException">A packed input is missing or damaged; it was removed, and packing again restores it.</exception>
    public async Task<IReadOnlyList<StageProgress>> RunAsync(IProgress<StageProgress>? progress, CancellationToken cancellationToken)
    {
        for (int repairs = 0; ; repairs++)
        {
            if (await TryRunAsync(progress, cancellationToken).ConfigureAwait(false))
            {
                return _stages;
            }

            await store.DeleteAsync(_unreadable!.Key, cancellationToken).ConfigureAwait(false);
            if (repairs == MostRepairs || _unreadable.Key.Kind is ObjectKind.Block or ObjectKind.Elt)
            {
                throw _unreadable;
            }
        }
    }

    /// <returns>False where an object turned out to be missing or damaged.</returns>
    private async Task<bool> TryRunAsync(IProgress<StageProgress>? progress, CancellationToken cancellationToken)
    {
        RollupPlan plan = runner.Plan;
        int blocks = plan.Manifest.Blocks.Count;
        _unreadable = null;
        _failures.Clear();
        _stages =
        [
            new(RollupStage.Map, plan.MapJobs, 0, 0, 0, 0),
            new(RollupStage.Reduce, blocks, 0, 0, 0, 0),
            new(RollupStage.Report, plan.Groups.Count, 0, 0, 0, 0),
        ];
        for (int level = 0; level < plan.Levels; level++)
        {
            // Block by block: the jobs that run at the same time share one block, or two.
            Job[] maps =
            [
                .. Enumerable.Range(0, blocks).SelectMany(block => plan.Bundles.Where(bundle => bundle.Level == level).Select(bundle => new Job(
                    RollupStage.Map,
                    $"map {bundle.Index} x block {block}",
                    () => runner.HasMapOutputAsync(bundle.Index, block, cancellationToken),
                    () => runner.RunMapAsync(bundle.Index, block, cancellationToken)))),
            ];
            await RunAllAsync(maps, progress, cancellationToken).ConfigureAwait(false);
        }

        await RunAllAsync([.. Enumerable.Range(0, blocks).Select(block => new Job(
            RollupStage.Reduce,
            $"reduce block {block}",
            () => store.ExistsAsync(plan.ReduceKey(block), cancellationToken),
            () => runner.RunReduceAsync(block, cancellationToken)))], progress, cancellationToken).ConfigureAwait(false);
        await RunAllAsync([.. plan.Groups.Select(group => new Job(
            RollupStage.Report,
            $"report {group.Index}",
            () => store.ExistsAsync(plan.ReportKey(group.Index), cancellationToken),
            () => runner.RunReportAsync(group.Index, cancellationToken)))], progress, cancellationToken).ConfigureAwait(false);
        return _unreadable is null;
    }

    private async Task RunAllAsync(IReadOnlyList<Job> jobs, IProgress<StageProgress>? progress, CancellationToken cancellationToken)
    {
        if (_unreadable is not null)
        {
            return;
        }

        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(jobs, options, async (job, _) =>
        {
            if (_unreadable is null)
            {
                await RunAsync(job, progress).ConfigureAwait(false);
            }
        }).ConfigureAwait(false);
        if (_failures.Count > 0)
        {
            throw new RollupFailedException(_stages, [.. _failures]);
        }
    }

    private async Task RunAsync(Job job, IProgress<StageProgress>? progress)
    {
        try
        {
            bool cached = await job.IsDone().ConfigureAwait(false);
            JobOutcome outcome = cached ? default : await job.Run().ConfigureAwait(false);
            Count(job, progress, stage => cached
                ? stage with { Cached = stage.Cached + 1 }
                : stage with { Run = stage.Run + 1, Hits = stage.Hits + outcome.Hits });
        }
        catch (UnreadableObjectException unreadable)
        {
            lock (_lock)
            {
                _unreadable ??= unreadable;
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            lock (_lock)
            {
                if (_failures.Count < MostFailuresKept)
                {
                    _failures.Add((job.Name, exception));
                }
            }

            Count(job, progress, stage => stage with { Failed = stage.Failed + 1 });
        }
    }

    private void Count(Job job, IProgress<StageProgress>? progress, Func<StageProgress, StageProgress> change)
    {
        lock (_lock)
        {
            StageProgress changed = _stages[(int)job.Stage] = change(_stages[(int)job.Stage]);
            progress?.Report(changed);
        }
    }

    private sealed record Job(RollupStage Stage, string Name, Func<ValueTask<bool>> IsDone, Func<ValueTask<JobOutcome>> Run);
}
