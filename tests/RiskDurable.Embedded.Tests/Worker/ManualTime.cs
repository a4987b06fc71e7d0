namespace RiskDurable.Embedded.Tests.Worker;

/// <summary>A clock that stands still until it is told to move; timers due on the way fire in order.</summary>
internal sealed class ManualTime(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Timer> _timers = [];
    private DateTimeOffset _now = start;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _now;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        DateTimeOffset end = GetUtcNow() + by;
        while (TakeDue(end) is { } due)
        {
            due.Fire();
        }

        lock (_lock)
        {
            _now = end;
        }
    }

    /// <summary>Waits until somebody waits for the clock, then moves it to the moment waited for.</summary>
    public async Task AdvanceToNextTimerAsync()
    {
        DateTimeOffset? due = null;
        await Until.TrueAsync(() => (due = NextDue()) is not null, "a timer is set");
        Advance(due!.Value - GetUtcNow());
    }

    public DateTimeOffset? NextDue()
    {
        lock (_lock)
        {
            return _timers.Count == 0 ? null : _timers.Min(timer => timer.Due);
        }
    }

    private Timer? TakeDue(DateTimeOffset end)
    {
        lock (_lock)
        {
            Timer? due = _timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due);
            if (due is not null)
            {
                _timers.Remove(due);
                _now = due.Due > _now ? due.Due : _now;
            }

            return due;
        }
    }

    private sealed class Timer(ManualTime owner, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset Due { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (owner._lock)
            {
                owner._timers.Remove(this);
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Due = owner._now + dueTime;
                    owner._timers.Add(this);
                }

                return true;
            }
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
