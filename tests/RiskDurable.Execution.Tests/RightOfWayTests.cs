using Microsoft.Extensions.Time.Testing;
using RiskDurable.Execution.Running;

namespace RiskDurable.Execution.Tests;

public sealed class RightOfWayTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly Clock _time = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_waits_until_the_last_of_the_analyses_has_ended()
    {
        var way = new RightOfWay(_time);
        await way.GiveWayAsync(Stop);
        IDisposable first = way.Take();
        IDisposable second = way.Take();
        Task job = way.GiveWayAsync(Stop).AsTask();
        await _time.Waiting.WaitAsync(Stop);
        first.Dispose();
        first.Dispose();
        Assert.False(job.IsCompleted);
        second.Dispose();
        await job.WaitAsync(Stop);
    }

    [Fact]
    public async Task Jobs_have_half_of_the_time_where_analyses_never_end()
    {
        var way = new RightOfWay(_time);
        using IDisposable analysis = way.Take();
        for (int turn = 0; turn < 3; turn++)
        {
            Task job = way.GiveWayAsync(Stop).AsTask();
            await _time.Waiting.WaitAsync(Stop);
            _time.Advance(Longest);
            await job.WaitAsync(Stop);
            for (TimeSpan worked = Step; worked < Longest; worked += Step)
            {
                _time.Advance(Step);
                await way.GiveWayAsync(Stop).AsTask().WaitAsync(Stop);
                Assert.Equal(0, _time.Waiting.CurrentCount);
            }

            _time.Advance(Step);
        }
    }

    [Fact]
    public async Task A_job_that_is_told_to_stop_does_not_wait()
    {
        var way = new RightOfWay(_time);
        using IDisposable analysis = way.Take();
        using var stop = new CancellationTokenSource();
        Task job = way.GiveWayAsync(stop.Token).AsTask();
        await _time.Waiting.WaitAsync(Stop);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => job);
    }

    /// <summary>A clock that stands still, and tells of whoever waits for it.</summary>
    private sealed class Clock : FakeTimeProvider
    {
        public SemaphoreSlim Waiting { get; } = new(0);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            ITimer timer = base.CreateTimer(callback, state, dueTime, period);
            Waiting.Release();
            return timer;
        }
    }
}
