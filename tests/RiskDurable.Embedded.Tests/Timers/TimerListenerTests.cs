using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using RiskDurable.Embedded.Tests.Worker;
using RiskDurable.Embedded.Timers;
using RiskDurable.Embedded.Worker;

namespace RiskDurable.Embedded.Tests.Timers;

public sealed class TimerListenerTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly ManualTime _time = new(Noon);
    private readonly MemoryStore _store = new();
    private readonly ConcurrentQueue<(DateTime At, TimerInfo Info)> _calls = new();

    [Fact]
    public async Task It_ticks_on_schedule_with_the_recorded_state()
    {
        await using Running running = Start("0 */5 * * * *");
        await _time.AdvanceToNextTimerAsync();
        await CallsAsync(1);
        await _time.AdvanceToNextTimerAsync();
        await CallsAsync(2);

        Assert.Equal([Noon.UtcDateTime + (5 * Minute), Noon.UtcDateTime + (10 * Minute)], _calls.Select(call => call.At));
        Assert.All(_calls, call => Assert.False(call.Info.IsPastDue));
        ScheduleStatus second = _calls.Last().Info.ScheduleStatus!;
        Assert.Equal(Noon.UtcDateTime + (5 * Minute), second.Last);
        Assert.Equal(Noon.UtcDateTime + (10 * Minute), second.Next);
    }

    [Fact]
    public async Task Nothing_runs_before_the_first_tick_of_a_new_timer()
    {
        await using Running running = Start("0 */5 * * * *");
        await Until.TrueAsync(() => _time.NextDue() is not null, "the listener waits");
        _time.Advance((5 * Minute) - TimeSpan.FromSeconds(1));
        Assert.Empty(_calls);
        Assert.Equal(default, _store.Status!.Last);
    }

    [Fact]
    public async Task Many_ticks_missed_while_down_run_once_after_the_start()
    {
        await Start("0 */5 * * * *").UntilWaitingAsync(_time);
        _time.Advance(TimeSpan.FromHours(7) + Minute);

        await using Running again = Start("0 */5 * * * *");
        await CallsAsync(1);
        Assert.True(_calls.Single().Info.IsPastDue);
        await _time.AdvanceToNextTimerAsync();
        await CallsAsync(2);
        Assert.Equal(Noon.UtcDateTime + TimeSpan.FromHours(7) + (5 * Minute), _calls.Last().At);
        Assert.False(_calls.Last().Info.IsPastDue);
    }

    [Fact]
    public async Task A_restart_before_the_next_tick_runs_nothing()
    {
        await Start("0 */5 * * * *").UntilWaitingAsync(_time);
        _time.Advance(2 * Minute);
        await Start("0 */5 * * * *").UntilWaitingAsync(_time);
        Assert.Empty(_calls);
    }

    [Fact]
    public async Task A_schedule_that_changed_while_down_has_missed_nothing()
    {
        await Start("0 0 13 * * *").UntilWaitingAsync(_time);
        _time.Advance(TimeSpan.FromMinutes(30));

        await using Running again = Start("0 15 12 * * *");
        await _time.AdvanceToNextTimerAsync();
        await CallsAsync(1);
        Assert.Equal(Noon.UtcDateTime.AddDays(1).AddMinutes(15), _calls.Single().At);
    }

    [Fact]
    public async Task Run_on_startup_runs_at_once_and_is_not_past_due()
    {
        await using Running running = Start("0 */5 * * * *", runOnStartup: true);
        await CallsAsync(1);
        Assert.Equal(Noon.UtcDateTime, _calls.Single().At);
        Assert.False(_calls.Single().Info.IsPastDue);
    }

    [Fact]
    public async Task Without_a_monitor_nothing_is_recorded_and_nothing_missed()
    {
        await Start("00:00:10", monitored: false).UntilWaitingAsync(_time);
        _time.Advance(TimeSpan.FromHours(1));
        await using Running again = Start("00:00:10", monitored: false);
        await _time.AdvanceToNextTimerAsync();
        await CallsAsync(1);
        Assert.Null(_calls.Single().Info.ScheduleStatus);
        Assert.Null(_store.Status);
    }

    [Fact]
    public async Task Ticks_that_pass_during_a_long_call_run_once()
    {
        bool first = true;
        await using Running running = Start("0 * * * * *", during: () =>
        {
            if (first)
            {
                first = false;
                _time.Advance((3 * Minute) + TimeSpan.FromSeconds(10));
            }
        });
        await _time.AdvanceToNextTimerAsync();
        await CallsAsync(2);
        await _time.AdvanceToNextTimerAsync();
        await CallsAsync(3);
        Assert.Equal(Noon.UtcDateTime + (5 * Minute), _calls.Last().At);
    }

    private Task CallsAsync(int count) => Until.TrueAsync(() => _calls.Count >= count, $"{count} calls");

    private Running Start(string schedule, bool runOnStartup = false, bool monitored = true, Action? during = null)
    {
        var stopping = new CancellationTokenSource();
        var listener = new TimerListener(
            "Tick", TimerSchedule.Parse(schedule, TimeZoneInfo.Utc), runOnStartup, monitored ? _store : null,
            info =>
            {
                _calls.Enqueue((_time.GetUtcNow().UtcDateTime, info));
                during?.Invoke();
                return Task.CompletedTask;
            },
            _time, NullLogger.Instance);
        return new Running(Task.Run(() => listener.RunAsync(stopping.Token)), stopping);
    }

    private sealed class Running(Task task, CancellationTokenSource stopping) : IAsyncDisposable
    {
        public async Task UntilWaitingAsync(ManualTime time)
        {
            await Until.TrueAsync(() => time.NextDue() is not null, "the listener waits");
            await DisposeAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await stopping.CancelAsync();
            await task;
            stopping.Dispose();
        }
    }

    private sealed class MemoryStore : IScheduleStatusStore
    {
        public ScheduleStatus? Status { get; private set; }

        public Task<ScheduleStatus?> ReadAsync(string function, CancellationToken cancellation) => Task.FromResult(Status);

        public Task WriteAsync(string function, ScheduleStatus status, CancellationToken cancellation)
        {
            Status = status;
            return Task.CompletedTask;
        }
    }
}
