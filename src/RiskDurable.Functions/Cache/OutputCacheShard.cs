using Microsoft.Extensions.Options;
using RiskDurable.Functions.Hosting;

namespace RiskDurable.Functions.Cache;

/// <summary>
/// A shard of the output cache: which outputs exist, each key with an expiry of its own. An expiry slides with use up to a cap; it is
/// checked at every read, and a sweep that the shard schedules for itself removes what has expired.
/// </summary>
/// <param name="time">The clock; an entity's operations are not replayed, so that they may read it.</param>
/// <param name="options">Times to live.</param>
public sealed class OutputCacheShard(TimeProvider time, IOptions<RiskOptions> options) : TaskEntity<CacheShardState>
{
    // Sweeping at every single expiry would be a message a key.
    private static readonly TimeSpan LeastTimeBetweenSweeps = TimeSpan.FromMinutes(1);

    // The hosts that send and take a scheduled signal may have clocks that differ by as much.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    /// <summary>Runs the shard's operations.</summary>
    /// <param name="dispatcher">Hands over the operations.</param>
    [Function(nameof(OutputCacheShard))]
    public static Task DispatchAsync([EntityTrigger] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync<OutputCacheShard>();

    /// <summary>Outputs were written: their keys live anew, and no run is at them any more.</summary>
    /// <param name="keys">Their keys.</param>
    /// <param name="context">The entity.</param>
    public void Add(IReadOnlyList<string> keys, TaskEntityContext context)
    {
        foreach (string key in keys)
        {
            State.Put(key, time.GetUtcNow(), options.Value.CacheTimeToLive);
        }

        State.Produced(keys, time.GetUtcNow() + options.Value.ClaimLease);
        ScheduleSweep(context);
    }

    /// <summary>A run used outputs: their keys live on.</summary>
    /// <param name="keys">Their keys.</param>
    public void Touch(IReadOnlyList<string> keys)
    {
        foreach (string key in keys)
        {
            State.Extend(key, time.GetUtcNow(), options.Value.CacheTimeToLive, options.Value.CacheCap);
        }
    }

    /// <summary>Outputs turned out to be gone.</summary>
    /// <param name="keys">Their keys.</param>
    public void Invalidate(IReadOnlyList<string> keys)
    {
        foreach (string key in keys)
        {
            State.Remove(key);
        }
    }

    /// <summary>A run wants to produce outputs: it is at those that are neither there nor claimed by another one, from now on.</summary>
    /// <param name="request">The run and the keys.</param>
    public void Claim(ClaimRequest request)
    {
        DateTimeOffset now = time.GetUtcNow();
        string[] free = [.. request.Keys.Where(key => !State.Has(key, now) && !State.IsClaimedByOther(key, request.RunId, now))];
        if (free.Length > 0)
        {
            State.Claim(request.RunId, free, now + options.Value.ClaimLease);
        }
    }

    /// <summary>A run is over: it is at nothing any more.</summary>
    /// <param name="runId">The run.</param>
    public void Release(string runId) => State.Claims.RemoveAll(claims => claims.RunId == runId);

    /// <summary>Removes what has expired, and sees to the next sweep.</summary>
    /// <param name="context">The entity.</param>
    public void Sweep(TaskEntityContext context)
    {
        // One that was late, and that another one stands in for: there is one chain of sweeps.
        if (State.NextSweep > time.GetUtcNow() + ClockSkew)
        {
            return;
        }

        State.NextSweep = null;
        State.RemoveExpired(time.GetUtcNow());
        ScheduleSweep(context);
    }

    private void ScheduleSweep(TaskEntityContext context)
    {
        // A sweep that is overdue may never come: a worker that dies takes the operations with it that its entities are at.
        DateTimeOffset soonest = time.GetUtcNow() + LeastTimeBetweenSweeps;
        if (State.NextSweep > time.GetUtcNow() - LeastTimeBetweenSweeps || State.FirstExpiry() is not { } expiry)
        {
            return;
        }

        State.NextSweep = expiry > soonest ? expiry : soonest;
        context.SignalEntity(context.Id, nameof(Sweep), input: null, new SignalEntityOptions { SignalTime = State.NextSweep });
    }
}

/// <summary>A run asks for keys.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Keys">The keys.</param>
public sealed record ClaimRequest(string RunId, IReadOnlyList<string> Keys);
