using Microsoft.Extensions.Logging;
using RiskDurable.Functions.Runs;

namespace RiskDurable.Functions.Tests.Runs;

public sealed class CancelWatchTests
{
    [Fact]
    public async Task A_look_that_fails_is_logged_and_the_watch_goes_on()
    {
        var log = new FailureLog();
        int looks = 0;
        await using CancelWatch watch = CancelWatch.Start(
            _ => Interlocked.Increment(ref looks) switch
            {
                1 => throw new IOException("The flag is out of reach."),
                2 => Task.FromResult(false),
                3 => Task.FromException<bool>(new TimeoutException("No answer.")),
                _ => Task.FromResult(true),
            },
            new ImpatientTime(), log, RiskHost.Stop);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Delay(TimeSpan.FromMinutes(1), watch.Token));

        Assert.True(watch.IsRunCancelled);
        Assert.Equal([typeof(IOException), typeof(TimeoutException)], log.Failures.Select(failure => failure.GetType()));
    }

    [Fact]
    public async Task Work_that_ends_ends_the_watch_without_a_word()
    {
        var log = new FailureLog();
        CancelWatch watch = CancelWatch.Start(
            async stop =>
            {
                await Task.Delay(Timeout.Infinite, stop);
                return true;
            },
            TimeProvider.System, log, RiskHost.Stop);
        await watch.DisposeAsync();
        Assert.False(watch.IsRunCancelled);
        Assert.Empty(log.Failures);
    }

    /// <summary>Whoever waits is served at once.</summary>
    private sealed class ImpatientTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? TimeSpan.FromMilliseconds(1) : dueTime, period);
    }

    private sealed class FailureLog : ILogger
    {
        public List<Exception> Failures { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (exception is not null)
            {
                Failures.Add(exception);
            }
        }
    }
}
