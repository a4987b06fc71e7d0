using System.Collections.Concurrent;

namespace RiskDurable.Execution.Storage;

/// <summary>Asks a store for many objects at once.</summary>
public static class ObjectPresence
{
    // A request to a store elsewhere takes some milliseconds, most of which is waiting: thousands of objects are a second or two.
    private const int AskedAtOnce = 32;

    /// <summary>Which of some objects are not in a store.</summary>
    /// <param name="store">The store.</param>
    /// <param name="keys">The objects.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async Task<IReadOnlySet<ObjectKey>> FindMissingAsync(this IObjectStore store, IEnumerable<ObjectKey> keys, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        var missing = new ConcurrentBag<ObjectKey>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = AskedAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(keys.Distinct(), options, async (key, cancel) =>
        {
            if (!await store.ExistsAsync(key, cancel).ConfigureAwait(false))
            {
                missing.Add(key);
            }
        }).ConfigureAwait(false);
        return missing.ToHashSet();
    }
}
