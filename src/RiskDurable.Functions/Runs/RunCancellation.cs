using RiskDurable.Execution.Telemetry;
using RiskDurable.Functions.Cache;
using RiskDurable.Functions.Hosting;

namespace RiskDurable.Functions.Runs;

/// <summary>Cancels runs: raises the flag that every job asks for, ends the orchestrations, gives back what the run was at.</summary>
/// <param name="cache">Where its claims are.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told of it.</param>
public sealed class RunCancellation(OutputCache cache, TimeProvider time, ILogger<RunCancellation> logger)
{
    private static readonly TimeSpan SlowestAnswer = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Cancels a run; when it returns no further job starts, and jobs that have started end by themselves. Where the host does not answer, as for up to
    /// a minute after it was killed, all that it must be told is on its way, and takes effect once it is back.
    /// </summary>
    /// <param name="client">Steers.</param>
    /// <param name="runId">The run; one that has ended stays as it is.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task CancelAsync(DurableTaskClient client, string runId, string by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);

        // A worker that dies while the entity takes it in takes the signal with it: one more.
        if (!await RaiseFlagAsync(client, runId, by, cancellationToken).ConfigureAwait(false)
            && !await RaiseFlagAsync(client, runId, by, cancellationToken).ConfigureAwait(false))
        {
            logger.LogWarning("The flag of run {RunId} was not raised within {Seconds} s: it is on its way.", runId, 2 * SlowestAnswer.TotalSeconds);
        }

        try
        {
            // A host that ends only the first of them leaves the others to the flag: their jobs return at once, and so do they.
            OrchestrationMetadata? run = await client.GetInstanceAsync(runId, cancellationToken).ConfigureAwait(false);
            await client.TerminateInstanceAsync(runId, new TerminateInstanceOptions($"cancelled by {by}", Recursive: true), cancellationToken).ConfigureAwait(false);

            // Its orchestrator has no chance to say so.
            RollupMetrics.RecordRun(runId, portfolio: null, RunStates.Cancelled, time.GetUtcNow() - (run?.CreatedAt ?? time.GetUtcNow()));
        }
        catch (Exception refused) when (refused is not OperationCanceledException)
        {
            // One that has ended meanwhile cannot be terminated, which each host says with an exception of its own.
            if (await client.GetInstanceAsync(runId, cancellationToken).ConfigureAwait(false) is { IsCompleted: false })
            {
                throw;
            }

            logger.LogInformation(refused, "Run {RunId} ended while it was being cancelled.", runId);
        }

        // After the flag: a job that claims from now on sees it, and gives back what it claimed.
        await cache.ReleaseAsync(client, runId, cancellationToken).ConfigureAwait(false);
        logger.RunCancelled(runId, by);
    }

    private async Task<bool> RaiseFlagAsync(DurableTaskClient client, string runId, string by, CancellationToken cancellationToken)
    {
        await client.Entities.SignalEntityAsync(RunFlag.IdOf(runId), nameof(RunFlag.Cancel), by, cancellation: cancellationToken).ConfigureAwait(false);
        var polling = new Polling(time, SlowestAnswer);
        while (!await RunFlag.IsCancelledAsync(client, runId, cancellationToken).ConfigureAwait(false))
        {
            if (!await polling.NextAsync(cancellationToken).ConfigureAwait(false))
            {
                return false;
            }
        }

        return true;
    }
}
