using Microsoft.Extensions.Logging;
using RiskDurable.Embedded.Worker;

namespace RiskDurable.Embedded.Timers;

/// <summary>
/// Runs one timer function on its schedule, one call at a time. Past ticks, changed schedules and the recorded state are handled as by the
/// real host's timer listener: any number of ticks missed while the host was down is made up for by one call.
/// </summary>
internal sealed class TimerListener(
    string function, TimerSchedule schedule, bool runOnStartup, IScheduleStatusStore? monitor, Func<TimerInfo, Task> call, TimeProvider time, ILogger logger)
{
    /// <summary>Timers of the platform cannot wait for more than 49 days.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private ScheduleStatus? _status;
    private DateTime _next;

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    /// <summary>Runs until the token is cancelled; a call under way is then awaited.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            DateTime started = Now;
            bool missed = monitor is not null && await HasMissedTickAsync(started, stopping);
            if (missed || runOnStartup)
            {
                await CallAsync(started, missed, onSchedule: false);
            }
            else
            {
                _next = _status?.Next ?? schedule.Next(started);
            }

            while (true)
            {
                await WaitUntilAsync(_next, stopping);
                await CallAsync(Now, isPastDue: false, onSchedule: true);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            logger.LogDebug("Timer {Function} stopped.", function);
        }
    }

    private async Task<bool> HasMissedTickAsync(DateTime now, CancellationToken cancellation)
    {
        _status = await monitor!.ReadAsync(function, cancellation);
        if (_status is null)
        {
            // Recorded before the first tick, so that even the first one is not lost.
            _status = new ScheduleStatus { Next = schedule.Next(now), LastUpdated = now };
            await monitor.WriteAsync(function, _status, cancellation);
            return false;
        }

        DateTime computedFrom = _status.Last == default ? _status.LastUpdated : _status.Last;
        DateTime expected = schedule.Next(computedFrom);
        if (expected != _status.Next)
        {
            // The schedule has changed since: a tick that only the new one has must not count as missed.
            if (now > expected)
            {
                expected = schedule.Next(now);
                computedFrom = now;
            }

            _status = new ScheduleStatus { Next = expected, LastUpdated = computedFrom };
            await monitor.WriteAsync(function, _status, cancellation);
        }

        return now > _status.Next;
    }

    private async Task CallAsync(DateTime now, bool isPastDue, bool onSchedule)
    {
        await call(new TimerInfo { ScheduleStatus = _status, IsPastDue = isPastDue });

        // A timer that fires a moment early must not tick twice.
        DateTime last = onSchedule && _next > now ? _next : now;
        _next = schedule.Next(last);
        if (monitor is not null)
        {
            _status = new ScheduleStatus { Last = last, Next = _next, LastUpdated = last };
            await monitor.WriteAsync(function, _status, CancellationToken.None);
        }
    }

    private async Task WaitUntilAsync(DateTime moment, CancellationToken cancellation)
    {
        while (moment - Now is var wait && wait > TimeSpan.Zero)
        {
            await Task.Delay(wait < LongestWait ? wait : LongestWait, time, cancellation);
        }

        cancellation.ThrowIfCancellationRequested();
    }
}
