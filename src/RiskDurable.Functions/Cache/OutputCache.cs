using System.Globalization;
using Microsoft.Extensions.Options;
using RiskDurable.Execution.Storage;
using RiskDurable.Functions.Hosting;

namespace RiskDurable.Functions.Cache;

/// <summary>
/// The output cache as activities see it: shards of keys in durable entities. Reads go to the entities' stored state and never queue behind
/// their operations; writes are signals.
/// </summary>
/// <param name="options">Number of shards, times to live.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told of answers that were missed.</param>
public sealed class OutputCache(IOptions<RiskOptions> options, TimeProvider time, ILogger<OutputCache> logger)
{
    private static readonly TimeSpan SlowestAnswer = TimeSpan.FromSeconds(10);

    /// <summary>The keys that the cache has. A shard that does not answer in time has none: a miss, never an error.</summary>
    /// <param name="client">Reads the shards.</param>
    /// <param name="keys">The keys asked for.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<IReadOnlySet<ObjectKey>> FindAsync(DurableTaskClient client, IEnumerable<ObjectKey> keys, CancellationToken cancellationToken)
    {
        var found = new HashSet<ObjectKey>();
        foreach ((EntityInstanceId shard, ObjectKey[] ofShard, CacheShardState? state) in await ReadAsync(client, keys, cancellationToken).ConfigureAwait(false))
        {
            if (state is null)
            {
                logger.LogDebug("Output cache shard {Shard} has no state: {Count} keys count as misses.", shard.Key, ofShard.Length);
                continue;
            }

            found.UnionWith(ofShard.Where(key => state.Has(Short(key), time.GetUtcNow())));
        }

        return found;
    }

    /// <summary>Lets keys that a run used live on: one signal a shard.</summary>
    /// <param name="client">Sends the signals.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="cancellationToken">Stops.</param>
    public Task TouchAsync(DurableTaskClient client, IEnumerable<ObjectKey> keys, CancellationToken cancellationToken) =>
        SignalAsync(client, keys, nameof(OutputCacheShard.Touch), shard => shard, cancellationToken);

    /// <summary>Tells that outputs were written.</summary>
    /// <param name="client">Sends the signals.</param>
    /// <param name="keys">Their keys.</param>
    /// <param name="cancellationToken">Stops.</param>
    public Task AddAsync(DurableTaskClient client, IEnumerable<ObjectKey> keys, CancellationToken cancellationToken) =>
        SignalAsync(client, keys, nameof(OutputCacheShard.Add), shard => shard, cancellationToken);

    /// <summary>Claims keys for a run, and waits until the shards have decided.</summary>
    /// <param name="client">Sends the signals and reads the shards.</param>
    /// <param name="runId">The run.</param>
    /// <param name="keys">The keys it wants to produce.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The keys that are there meanwhile, and those that another run is at; all others are this run's.</returns>
    public async Task<(IReadOnlySet<ObjectKey> There, IReadOnlySet<ObjectKey> Others)> ClaimAsync(
        DurableTaskClient client, string runId, IReadOnlyCollection<ObjectKey> keys, CancellationToken cancellationToken)
    {
        await SignalAsync(client, keys, nameof(OutputCacheShard.Claim), shard => new ClaimRequest(runId, shard), cancellationToken).ConfigureAwait(false);
        var there = new HashSet<ObjectKey>();
        var others = new HashSet<ObjectKey>();
        List<ObjectKey> open = [.. keys];
        var polling = new Polling(time, SlowestAnswer);
        do
        {
            DateTimeOffset now = time.GetUtcNow();
            foreach ((_, ObjectKey[] ofShard, CacheShardState? state) in await ReadAsync(client, open, cancellationToken).ConfigureAwait(false))
            {
                there.UnionWith(ofShard.Where(key => state?.Has(Short(key), now) == true));
                others.UnionWith(ofShard.Where(key => state?.IsClaimedByOther(Short(key), runId, now) == true));
                open.RemoveAll(key => state is not null && ofShard.Contains(key)
                    && (state.Has(Short(key), now) || state.IsClaimed(Short(key), now)));
            }
        }
        while (open.Count > 0 && await polling.NextAsync(cancellationToken).ConfigureAwait(false));

        // What the shards left undecided is this run's: a key computed twice is harmless, a run that waits for ever is not.
        return (there, others);
    }

    /// <summary>Forgets keys whose objects are gone, and waits until the shards have done so.</summary>
    /// <param name="client">Sends the signals and reads the shards.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="TimeoutException">A shard did not answer.</exception>
    public async Task InvalidateAsync(DurableTaskClient client, IReadOnlyCollection<ObjectKey> keys, CancellationToken cancellationToken)
    {
        await SignalAsync(client, keys, nameof(OutputCacheShard.Invalidate), shard => shard, cancellationToken).ConfigureAwait(false);
        var polling = new Polling(time, SlowestAnswer);
        while ((await FindAsync(client, keys, cancellationToken).ConfigureAwait(false)).Count > 0)
        {
            if (!await polling.NextAsync(cancellationToken).ConfigureAwait(false))
            {
                throw new TimeoutException($"The output cache did not forget {keys.Count} keys within {SlowestAnswer.TotalSeconds} s.");
            }
        }
    }

    /// <summary>Gives back what a run still claims.</summary>
    /// <param name="client">Sends the signals.</param>
    /// <param name="runId">The run.</param>
    /// <param name="cancellationToken">Stops.</param>
    public Task ReleaseAsync(DurableTaskClient client, string runId, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, options.Value.CacheShards).Select(shard =>
            client.Entities.SignalEntityAsync(IdOf(shard), nameof(OutputCacheShard.Release), runId, cancellation: cancellationToken)));

    private static string Short(ObjectKey key) => key.Hash[..32];

    private static EntityInstanceId IdOf(int shard) => new(nameof(OutputCacheShard), shard.ToString("x2", CultureInfo.InvariantCulture));

    private EntityInstanceId ShardOf(ObjectKey key) =>
        IdOf(int.Parse(key.Hash.AsSpan(0, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) % options.Value.CacheShards);

    private Task SignalAsync(
        DurableTaskClient client, IEnumerable<ObjectKey> keys, string operation, Func<string[], object> inputOf, CancellationToken cancellationToken) =>
        Task.WhenAll(keys.GroupBy(ShardOf).Select(shard =>
            client.Entities.SignalEntityAsync(shard.Key, operation, inputOf([.. shard.Select(Short)]), cancellation: cancellationToken)));

    private async Task<IReadOnlyList<(EntityInstanceId Shard, ObjectKey[] Keys, CacheShardState? State)>> ReadAsync(
        DurableTaskClient client, IEnumerable<ObjectKey> keys, CancellationToken cancellationToken)
    {
        return await Task.WhenAll(keys.GroupBy(ShardOf).Select(async shard =>
        {
            try
            {
                EntityMetadata<CacheShardState>? entity = await client.Entities
                    .GetEntityAsync<CacheShardState>(shard.Key, includeState: true, cancellationToken)
                    .WaitAsync(SlowestAnswer, time, cancellationToken).ConfigureAwait(false);
                return (shard.Key, shard.ToArray(), entity is { IncludesState: true } ? entity.State : null);
            }
            catch (TimeoutException)
            {
                logger.LogWarning("Output cache shard {Shard} did not answer within {Seconds} s.", shard.Key.Key, SlowestAnswer.TotalSeconds);
                return (shard.Key, shard.ToArray(), (CacheShardState?)null);
            }
        })).ConfigureAwait(false);
    }
}
