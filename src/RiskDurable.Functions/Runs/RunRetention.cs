using Microsoft.Extensions.Options;
using RiskDurable.Functions.Hosting;
using RiskDurable.Functions.Rollup;

namespace RiskDurable.Functions.Runs;

/// <summary>
/// Lets go of runs that ended long ago: their orchestrations with all below them, flag and progress, and what was published of them. A portfolio's latest
/// completed run stays however old it is: analyses and reports refer to it.
/// </summary>
/// <param name="published">What was published of runs.</param>
/// <param name="options">How long runs stay.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told of what went.</param>
public sealed class RunRetention(PublishedRuns published, IOptions<RiskOptions> options, TimeProvider time, ILogger<RunRetention> logger)
{
    // After the nightly rollup's hour. A literal: a host that resolves %NAME% itself does not know the application's defaults.
    private const string EveryNight = "0 30 4 * * *";

    private static readonly OrchestrationRuntimeStatus[] Ended =
        [OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated];

    /// <summary>A night's purge.</summary>
    /// <param name="timer">Not used.</param>
    /// <param name="client">Reads and purges.</param>
    /// <param name="cancellationToken">Stops.</param>
    [Function(nameof(PurgeRuns))]
    public Task PurgeRuns([TimerTrigger(EveryNight)] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        PurgeAsync(client, options.Value.RunRetention, dryRun: false, cancellationToken);

    /// <summary>Purges runs that ended long ago.</summary>
    /// <param name="client">Reads and purges.</param>
    /// <param name="keep">How long a run stays after its end.</param>
    /// <param name="dryRun">Only count.</param>
    /// <param name="cancellationToken">Stops between two runs; what is left is left to the next purge.</param>
    /// <returns>Number of rollups, ingestions and analyses that went.</returns>
    public async Task<int> PurgeAsync(DurableTaskClient client, TimeSpan keep, bool dryRun, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        DateTimeOffset until = time.GetUtcNow() - keep;
        List<OrchestrationMetadata> old = await FindAsync(client, until, cancellationToken).ConfigureAwait(false);
        int runs = old.Count(instance => IsRun(instance.InstanceId));
        if (dryRun)
        {
            return runs;
        }

        // Sub-orchestrations one by one as well: not every host takes them along with their parent. They come after it, in case this stops in between.
        foreach (OrchestrationMetadata instance in old.OrderByDescending(instance => IsRun(instance.InstanceId)))
        {
            await PurgeAsync(client, instance.InstanceId, cancellationToken).ConfigureAwait(false);
        }

        if (runs > 0)
        {
            logger.RunsPurged(runs, until);
        }

        return runs;
    }

    private async Task PurgeAsync(DurableTaskClient client, string id, CancellationToken cancellationToken)
    {
        if (HasEntities(id))
        {
            await published.ForgetAsync(id, cancellationToken).ConfigureAwait(false);
            await client.PurgeInstanceAsync(RunFlag.IdOf(id).ToString(), cancellation: cancellationToken).ConfigureAwait(false);
            await client.PurgeInstanceAsync(RunProgress.IdOf(id).ToString(), cancellation: cancellationToken).ConfigureAwait(false);
        }

        // Last: as long as it is there, what belongs to it is found.
        await client.PurgeInstanceAsync(id, new PurgeInstanceOptions(Recursive: true), cancellationToken).ConfigureAwait(false);
    }

    private async Task<List<OrchestrationMetadata>> FindAsync(DurableTaskClient client, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var latest = new Dictionary<string, string?>(StringComparer.Ordinal);
        var found = new List<OrchestrationMetadata>();
        var query = new OrchestrationQuery(CreatedTo: until, Statuses: Ended, FetchInputsAndOutputs: true);
        await foreach (OrchestrationMetadata instance in client.GetAllInstancesAsync(query).WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (instance.LastUpdatedAt > until || instance.InstanceId.StartsWith('@'))
            {
                continue;
            }

            if (instance.Name == nameof(RiskRollup) && RunReader.StatusOf(instance)?.Portfolio is { } portfolio)
            {
                if (!latest.TryGetValue(portfolio, out string? runId))
                {
                    runId = latest[portfolio] = (await published.LatestAsync(portfolio, cancellationToken).ConfigureAwait(false))?.RunId;
                }

                if (instance.InstanceId == runId)
                {
                    continue;
                }
            }

            found.Add(new OrchestrationMetadata(instance.Name, instance.InstanceId));
        }

        return found;
    }

    private static bool IsRun(string id) => HasEntities(id) || id.StartsWith(RunIds.AnalysisPrefix, StringComparison.Ordinal);

    private static bool HasEntities(string id) =>
        id.StartsWith(RunIds.RollupPrefix, StringComparison.Ordinal) || id.StartsWith(RunIds.IngestPrefix, StringComparison.Ordinal);
}
