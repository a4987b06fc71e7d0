using RiskDurable.Execution.Packing;
using RiskDurable.Execution.Storage;
using RiskDurable.Functions.Portfolios;
using RiskDurable.Functions.Rollup;
using RiskDurable.Functions.Runs;

namespace RiskDurable.Functions.Cache;

/// <summary>
/// Removes what nobody needs any more from a store of this machine (a cloud store does the same by its lifecycle rules): outputs whose keys the
/// cache no longer has, packed inputs that neither a portfolio's latest version nor a rollup that is still listed names, and requests, answers,
/// plans, decisions and notes of packing older than a week.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="time">The clock.</param>
public sealed class StoreCleaning(IObjectStore store, TimeProvider time)
{
    // A run that is under way writes an object first, and tells the cache then.
    private static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    // Requests and answers: whoever asked may come back for them this long. Notes and plans: no run takes longer.
    private static readonly TimeSpan DocumentsStay = TimeSpan.FromDays(7);

    /// <summary>Removes what is not needed.</summary>
    /// <param name="client">Reads the cache, the catalogue and the runs.</param>
    /// <param name="grace">Objects younger than this stay; null for an hour.</param>
    /// <param name="dryRun">Only count.</param>
    /// <param name="cancellationToken">Stops between two objects.</param>
    public async Task<CleaningOutcome> CleanAsync(DurableTaskClient client, TimeSpan? grace, bool dryRun, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        DateTimeOffset now = time.GetUtcNow();
        HashSet<ObjectKey> inputs = await InputsAsync(client, cancellationToken).ConfigureAwait(false);
        List<CacheShardState> shards = [];
        await foreach (EntityMetadata<CacheShardState> shard in client.Entities
            .GetAllEntitiesAsync<CacheShardState>(new EntityQuery { InstanceIdStartsWith = $"@{nameof(OutputCacheShard)}@" })
            .WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            shards.Add(shard.State);
        }

        var kept = new StoreSize(0, 0);
        var removed = new StoreSize(0, 0);
        await foreach (StoredObject stored in store.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            bool isDocument = stored.Key.Kind is ObjectKind.Definition or ObjectKind.Packing or ObjectKind.Plan or ObjectKind.Batches or ObjectKind.Decisions
                or ObjectKind.AnalysisRequest or ObjectKind.Analysis;
            bool isNeeded = now - stored.LastWritten < (isDocument ? DocumentsStay : grace ?? Grace)
                || inputs.Contains(stored.Key)
                || shards.Exists(shard => shard.Has(stored.Key.Hash[..32], now));
            if (isNeeded)
            {
                kept = kept.Plus(stored);
                continue;
            }

            removed = removed.Plus(stored);
            if (!dryRun)
            {
                await store.DeleteAsync(stored.Key, cancellationToken).ConfigureAwait(false);
            }
        }

        return new CleaningOutcome(kept, removed);
    }

    private async Task<HashSet<ObjectKey>> InputsAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        var manifests = new HashSet<string>(StringComparer.Ordinal);
        await foreach (EntityMetadata<PortfolioEntry> portfolio in client.Entities
            .GetAllEntitiesAsync<PortfolioEntry>(new EntityQuery { InstanceIdStartsWith = $"@{nameof(PortfolioCatalogue)}@" })
            .WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            manifests.UnionWith(new[] { portfolio.State.Latest?.Manifest, portfolio.State.LatestRun?.Plan.Manifest }.OfType<string>());
        }

        var runs = new OrchestrationQuery(InstanceIdPrefix: RunIds.RollupPrefix, FetchInputsAndOutputs: true);
        await foreach (OrchestrationMetadata run in client.GetAllInstancesAsync(runs).WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (run.Name == nameof(RiskRollup) && run.ReadCustomStatusAs<RollupStatus>()?.Plan?.Manifest is { } manifest)
            {
                manifests.Add(manifest);
            }
        }

        var inputs = new HashSet<ObjectKey>();
        foreach (string hash in manifests)
        {
            var key = new ObjectKey(ObjectKind.Manifest, hash);
            if (!await store.ExistsAsync(key, cancellationToken).ConfigureAwait(false))
            {
                continue;
            }

            PortfolioManifest manifest = await PortfolioManifest.ReadAsync(store, hash, cancellationToken).ConfigureAwait(false);
            inputs.Add(key);
            inputs.Add(new ObjectKey(ObjectKind.Deals, manifest.Deals));
            if (manifest.Weights is { } weights)
            {
                inputs.Add(new ObjectKey(ObjectKind.Weights, weights));
            }

            inputs.UnionWith(manifest.Blocks.Select(block => new ObjectKey(ObjectKind.Block, block.Hash)));
            inputs.UnionWith(manifest.Elts.Select(elt => new ObjectKey(ObjectKind.Elt, elt.Hash)));
        }

        return inputs;
    }
}

/// <summary>What a cleaning did.</summary>
/// <param name="Kept">What stays.</param>
/// <param name="Removed">What went.</param>
public sealed record CleaningOutcome(StoreSize Kept, StoreSize Removed);

/// <summary>A number of objects.</summary>
/// <param name="Objects">How many.</param>
/// <param name="Bytes">Their bytes.</param>
public readonly record struct StoreSize(long Objects, long Bytes)
{
    /// <summary>With one more.</summary>
    /// <param name="stored">The object.</param>
    public StoreSize Plus(StoredObject stored)
    {
        ArgumentNullException.ThrowIfNull(stored);
        return new(Objects + 1, Bytes + stored.Length);
    }
}
