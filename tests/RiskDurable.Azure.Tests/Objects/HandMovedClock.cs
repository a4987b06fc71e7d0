using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace RiskDurable.Azure.Tests.Objects;

/// <summary>A clock that a test moves, once it has seen that something waits for it.</summary>
internal sealed class HandMovedClock : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        _timers.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Returns once a timer is set whose time until it is due fits; timers set before count, each once.</summary>
    public async Task WaitForTimerAsync(Func<TimeSpan, bool> fits, CancellationToken cancellationToken)
    {
        while (!fits(await _timers.Reader.ReadAsync(cancellationToken)))
        {
        }
    }
}
