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

    // What the attempt under way found missing or damaged.
    private readonly Dictionary<ObjectKey, UnreadableObjectException> _unreadable = [];

    // Hits of the jobs that ran, so that an attempt after a repair does not count them as cached.
    private readonly Dictionary<(PlanStage Stage, int Job), long> _ran = [];
    private StageProgress[] _stages = [];

    /// <summary>Runs what is missing.</summary>
    /// <param name="progress">Told a stage's state whenever it changes; called from several threads, one at a time.</param>
    /// <param name="cancellationToken">Stops; what was written by then is used the next time.</param>
    /// <returns>What became of the jobs, by stage.</returns>
    /// <exception cref="RollupFailedException">Jobs failed.</exception>
    /// <exception cref="UnreadableObjectException">A packed input is missing or damaged; it was removed, and packing again restores it.</exception>
    public async Task<IReadOnlyList<StageProgress>> RunAsync(IProgress<StageProgress>? progress, CancellationToken cancellationToken)
    {
        _ran.Clear();
        for (int repairs = 0; ; repairs++)
        {
            if (await TryRunAsync(progress, cancellationToken).ConfigureAwait(false))
            {
                return _stages;
            }

            foreach (ObjectKey key in _unreadable.Keys)
            {
                await store.DeleteAsync(key, cancellationToken).ConfigureAwait(false);
            }

            UnreadableObjectException[] beyondRepair = [.. _unreadable.Where(found => repairs == MostRepairs || ObjectKind.IsPackedTable(found.Key.Kind)).Select(found => found.Value)];
            if (beyondRepair.Length > 0)
            {
                throw beyondRepair[0];
            }
        }
    }

    /// <returns>False where an object turned out to be missing or damaged.</returns>
    private async Task<bool> TryRunAsync(IProgress<StageProgress>? progress, CancellationToken cancellationToken)
    {
        RollupPlan plan = runner.Plan;
        _unreadable.Clear();
        _failures.Clear();
        _stages = [.. Enum.GetValues<RollupStage>().Select(kind => new StageProgress(kind, plan.Stages.Where(stage => stage.Kind == kind).Sum(stage => stage.Jobs), 0, 0, 0, 0))];
        foreach (PlanStage stage in plan.Stages)
        {
            await RunStageAsync(stage, progress, cancellationToken).ConfigureAwait(false);
        }

        return _unreadable.Count == 0;
    }

    private async Task RunStageAsync(PlanStage stage, IProgress<StageProgress>? progress, CancellationToken cancellationToken)
    {
        if (_unreadable.Count > 0)
        {
            return;
        }

        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        int[] order = runner.OrderOf(stage);
        await Parallel.ForAsync(
            0, order.Length, options, async (next, cancel) => await RunJobAsync(stage, order[next], progress, cancel).ConfigureAwait(false)).ConfigureAwait(false);
        if (_failures.Count > 0)
        {
            throw new RollupFailedException(_stages, [.. _failures]);
        }
    }

    private async Task RunJobAsync(PlanStage stage, int job, IProgress<StageProgress>? progress, CancellationToken cancellationToken)
    {
        try
        {
            if (!await runner.HasOutputAsync(stage, job, cancellationToken).ConfigureAwait(false))
            {
                JobOutcome outcome = await runner.RunAsync(stage, job, traceParent: null, cancellationToken).ConfigureAwait(false);
                lock (_lock)
                {
                    _ran[(stage, job)] = outcome.Hits;
                }
            }

            Count(stage, progress, state => _ran.TryGetValue((stage, job), out long hits)
                ? state with { Run = state.Run + 1, Hits = state.Hits + hits }
                : state with { Cached = state.Cached + 1 });
        }
        catch (UnreadableObjectException unreadable)
        {
            lock (_lock)
            {
                foreach (ObjectKey key in unreadable.Keys)
                {
                    _unreadable[key] = unreadable;
                }
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            lock (_lock)
            {
                if (_failures.Count < MostFailuresKept)
                {
                    _failures.Add((runner.Plan.NameOf(stage, job), exception));
                }
            }

            Count(stage, progress, state => state with { Failed = state.Failed + 1 });
        }
    }

    private void Count(PlanStage stage, IProgress<StageProgress>? progress, Func<StageProgress, StageProgress> change)
    {
        lock (_lock)
        {
            StageProgress changed = _stages[(int)stage.Kind] = change(_stages[(int)stage.Kind]);
            progress?.Report(changed);
        }
    }
}
