using Microsoft.Extensions.Time.Testing;

namespace RiskDurable.Execution.Tests;

/// <summary>A clock that stands still, and tells of whoever waits for it.</summary>
internal sealed class StillClock : FakeTimeProvider
{
    public SemaphoreSlim Waiting { get; } = new(0);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        Waiting.Release();
        return timer;
    }
}
