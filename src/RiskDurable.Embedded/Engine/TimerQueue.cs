namespace RiskDurable.Embedded.Engine;

/// <summary>Something due at a time.</summary>
internal sealed class DueTimer(Action fire)
{
    // Let go when cancelled: a timer may stay in the queue for days after that.
    private volatile Action? _fire = fire;

    public bool IsCancelled => _fire is null;

    public void Cancel() => _fire = null;

    public void Fire() => _fire?.Invoke();
}

/// <summary>Fires timers in the order they are due, from one timer of the clock.</summary>
internal sealed class TimerQueue : IDisposable
{
    // The clock's timers count milliseconds in 32 bits; nothing is lost by looking once a day.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly PriorityQueue<DueTimer, (long Due, long Order)> _timers = new();
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly ITimer _clock;
    private long _order;
    private bool _stopped;

    public TimerQueue(TimeProvider time)
    {
        _time = time;
        _clock = time.CreateTimer(static queue => ((TimerQueue)queue!).FireDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <param name="due">Ticks (UTC).</param>
    /// <param name="fire">Called on a pool thread, soon after that time; must not throw.</param>
    public DueTimer Add(long due, Action fire)
    {
        DueTimer timer = new(fire);
        lock (_lock)
        {
            bool first = !_timers.TryPeek(out _, out (long Due, long Order) next) || due < next.Due;
            _timers.Enqueue(timer, (due, _order++));
            if (first)
            {
                Rearm();
            }
        }

        return timer;
    }

    public void Stop()
    {
        lock (_lock)
        {
            _stopped = true;
        }
    }

    public void Dispose() => _clock.Dispose();

    private void FireDue()
    {
        List<DueTimer> due = [];
        lock (_lock)
        {
            if (_stopped)
            {
                return;
            }

            long now = _time.GetUtcNow().UtcTicks;
            while (_timers.TryPeek(out DueTimer? timer, out (long Due, long Order) at) && (at.Due <= now || timer.IsCancelled))
            {
                due.Add(_timers.Dequeue());
            }

            Rearm();
        }

        due.ForEach(timer => timer.Fire());
    }

    private void Rearm()
    {
        if (_timers.TryPeek(out _, out (long Due, long Order) next))
        {
            // Rounded up: a timer that comes a fraction early would only be armed again.
            double milliseconds = Math.Ceiling((next.Due - _time.GetUtcNow().UtcTicks) / (double)TimeSpan.TicksPerMillisecond);
            _clock.Change(TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, 0, LongestWait.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
        }
    }
}
