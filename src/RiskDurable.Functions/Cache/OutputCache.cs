using System.Globalization;
using Microsoft.Extensions.Options;
using RiskDurable.Execution.Storage;
using RiskDurable.Execution.Telemetry;
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

    /// <summary>Asks for the keys of a run, and measures the answers. A shard that does not answer in time counts as a miss, never as an error.</summary>
    /// <param name="client">Reads the shards.</param>
    /// <param name="keys">The keys asked for.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<IReadOnlyDictionary<ObjectKey, CacheAnswer>> LookUpAsync(
        DurableTaskClient client, IEnumerable<ObjectKey> keys, CancellationToken cancellationToken)
    {
        var answers = new Dictionary<ObjectKey, CacheAnswer>();
        long known = 0;
        int fullest = 0;
        DateTimeOffset now = time.GetUtcNow();
        foreach (ShardAnswer shard in await ReadAsync(client, keys, cancellationToken).ConfigureAwait(false))
        {
            known += shard.State?.Count() ?? 0;
            fullest = Math.Max(fullest, shard.State?.Count() ?? 0);
            foreach (ObjectKey key in shard.Keys)
            {
                answers[key] = shard.State?.AnswerOf(Short(key), now) ?? (shard.HasAnswered ? CacheAnswer.Unseen : CacheAnswer.Unanswered);
            }
        }

        CacheMetrics.RecordShards(known, fullest);
        foreach (IGrouping<CacheAnswer, CacheAnswer> answer in answers.Values.GroupBy(answer => answer))
        {
            CacheMetrics.RecordLookups(ResultOf(answer.Key), answer.Count());
        }

        return answers;
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
        IReadOnlyCollection<ObjectKey> open = keys;
        var polling = new Polling(time, SlowestAnswer);
        do
        {
            DateTimeOffset now = time.GetUtcNow();
            var undecided = new List<ObjectKey>();
            foreach ((ObjectKey[] ofShard, CacheShardState? state, _) in await ReadAsync(client, open, cancellationToken).ConfigureAwait(false))
            {
                foreach (ObjectKey key in ofShard)
                {
                    string name = Short(key);
                    if (state?.Has(name, now) == true)
                    {
                        there.Add(key);
                    }
                    else if (state?.IsClaimedByOther(name, runId, now) == true)
                    {
                        others.Add(key);
                    }
                    else if (state?.IsClaimed(name, now) != true)
                    {
                        undecided.Add(key);
                    }
                }
            }

            open = undecided;
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
        while (await HasAnyAsync(client, keys, cancellationToken).ConfigureAwait(false))
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

    /// <summary>
    /// Gives back what a run that is through its jobs still claims. That is nothing as a rule, so that the shards are asked first: only where a worker
    /// died that an entity was at work in, outputs were written that the cache was told of in vain.
    /// </summary>
    /// <param name="client">Reads the shards, and sends the signals.</param>
    /// <param name="runId">The run.</param>
    /// <param name="cancellationToken">Stops.</param>
    public Task ReleaseRestAsync(DurableTaskClient client, string runId, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, options.Value.CacheShards).Select(IdOf).Select(async shard =>
        {
            EntityMetadata<CacheShardState>? entity = await client.Entities
                .GetEntityAsync<CacheShardState>(shard, includeState: true, cancellationToken).ConfigureAwait(false);
            if (entity is { IncludesState: true } && entity.State.Claims.Exists(claims => claims.RunId == runId))
            {
                await client.Entities.SignalEntityAsync(shard, nameof(OutputCacheShard.Release), runId, cancellation: cancellationToken).ConfigureAwait(false);
            }
        }));

    private static string Short(ObjectKey key) => key.Hash[..32];

    private static EntityInstanceId IdOf(int shard) => new(nameof(OutputCacheShard), shard.ToString("x2", CultureInfo.InvariantCulture));

    private EntityInstanceId ShardOf(ObjectKey key) =>
        IdOf(int.Parse(key.Hash.AsSpan(0, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) % options.Value.CacheShards);

    private Task SignalAsync(
        DurableTaskClient client, IEnumerable<ObjectKey> keys, string operation, Func<string[], object> inputOf, CancellationToken cancellationToken) =>
        Task.WhenAll(keys.GroupBy(ShardOf).Select(shard =>
            client.Entities.SignalEntityAsync(shard.Key, operation, inputOf([.. shard.Select(Short)]), cancellation: cancellationToken)));

    private async Task<bool> HasAnyAsync(DurableTaskClient client, IEnumerable<ObjectKey> keys, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        return (await ReadAsync(client, keys, cancellationToken).ConfigureAwait(false))
            .Any(shard => shard.State is { } state && shard.Keys.Any(key => state.Has(Short(key), now)));
    }

    private static string ResultOf(CacheAnswer answer) => answer switch
    {
        CacheAnswer.There => "hit",
        CacheAnswer.Expired => "expired",
        CacheAnswer.Unseen => "unseen",
        _ => "unanswered",
    };

    private async Task<IReadOnlyList<ShardAnswer>> ReadAsync(
        DurableTaskClient client, IEnumerable<ObjectKey> keys, CancellationToken cancellationToken)
    {
        return await Task.WhenAll(keys.GroupBy(ShardOf).Select(async shard =>
        {
            try
            {
                EntityMetadata<CacheShardState>? entity = await client.Entities
                    .GetEntityAsync<CacheShardState>(shard.Key, includeState: true, cancellationToken)
                    .WaitAsync(SlowestAnswer, time, cancellationToken).ConfigureAwait(false);
                return new ShardAnswer([.. shard], entity is { IncludesState: true } ? entity.State : null, HasAnswered: true);
            }
            catch (TimeoutException)
            {
                logger.LogWarning("Output cache shard {Shard} did not answer within {Seconds} s.", shard.Key.Key, SlowestAnswer.TotalSeconds);
                return new ShardAnswer([.. shard], null, HasAnswered: false);
            }
        })).ConfigureAwait(false);
    }

    /// <summary>What a shard answered.</summary>
    /// <param name="Keys">The keys that it was asked for.</param>
    /// <param name="State">Its state; null where it has none, or did not answer.</param>
    /// <param name="HasAnswered">Whether it answered in time.</param>
    private sealed record ShardAnswer(ObjectKey[] Keys, CacheShardState? State, bool HasAnswered);
}
