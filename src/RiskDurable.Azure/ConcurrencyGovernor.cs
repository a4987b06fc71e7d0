using RiskDurable.Execution.Telemetry;

namespace RiskDurable.Azure;

/// <summary>
/// How many requests may be under way to a storage account at the same time. Additive increase, multiplicative decrease: each round of
/// requests that are answered allows one more, and an account that turns requests away is asked by half as many at once. Nothing is sent
/// before the time that the account named in <c>Retry-After</c>.
/// </summary>
/// <param name="account">The account, for the metrics.</param>
/// <param name="time">The clock.</param>
internal sealed class ConcurrencyGovernor(string account, TimeProvider time)
{
    /// <summary>Requests at the same time to begin with.</summary>
    public const int Initial = 16;

    /// <summary>Most requests at the same time.</summary>
    public const int Most = 64;

    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private double _limit = Initial;
    private int _running;
    private DateTimeOffset _notBefore = DateTimeOffset.MinValue;
    private DateTimeOffset _decreasedAt = DateTimeOffset.MinValue;

    /// <summary>Requests that may be under way now.</summary>
    public int Limit
    {
        get
        {
            lock (_lock)
            {
                return (int)_limit;
            }
        }
    }

    /// <summary>Waits for a place; the caller gives it back by <see cref="Exit"/>.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async ValueTask EnterAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TaskCompletionSource? place = null;
        lock (_lock)
        {
            if (_running < (int)_limit && _waiting.Count == 0)
            {
                _running++;
            }
            else
            {
                place = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _waiting.Enqueue(place);
            }
        }

        if (place is not null)
        {
            using CancellationTokenRegistration registration = cancellationToken.Register(() => place.TrySetCanceled(cancellationToken));
            await place.Task.ConfigureAwait(false);
        }

        try
        {
            for (TimeSpan pause = PauseLeft(); pause > TimeSpan.Zero; pause = PauseLeft())
            {
                await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
            }
        }
        catch
        {
            Exit();
            throw;
        }
    }

    /// <summary>Gives a place back.</summary>
    public void Exit()
    {
        lock (_lock)
        {
            _running--;
            Admit();
        }
    }

    /// <summary>A request was answered.</summary>
    public void Answered()
    {
        lock (_lock)
        {
            // A limit that nobody comes near says nothing about what the account would bear.
            if (_limit < Most && _running + _waiting.Count >= (int)_limit / 2)
            {
                SetLimit(Math.Min(_limit + (1 / _limit), Most));
                Admit();
            }
        }
    }

    /// <summary>A request was turned away, or not answered in time.</summary>
    /// <param name="startedAt">When it was sent.</param>
    /// <param name="retryAfter">For how long the account wants no requests.</param>
    public void Throttled(DateTimeOffset startedAt, TimeSpan retryAfter)
    {
        lock (_lock)
        {
            DateTimeOffset now = time.GetUtcNow();
            if (now + retryAfter > _notBefore)
            {
                _notBefore = now + retryAfter;
            }

            // Requests that were under way together are turned away together: that is one sign, not many.
            if (startedAt >= _decreasedAt)
            {
                _decreasedAt = now;
                SetLimit(Math.Max(_limit / 2, 1));
            }
        }
    }

    private TimeSpan PauseLeft()
    {
        lock (_lock)
        {
            return _notBefore - time.GetUtcNow();
        }
    }

    private void SetLimit(double limit)
    {
        int before = (int)_limit;
        _limit = limit;
        if ((int)limit != before)
        {
            StorageMetrics.ConcurrencyChanged(account, (int)limit);
        }
    }

    private void Admit()
    {
        while (_running < (int)_limit && _waiting.TryDequeue(out TaskCompletionSource? next))
        {
            // One that gave up waiting takes no place.
            if (next.TrySetResult())
            {
                _running++;
            }
        }
    }
}
