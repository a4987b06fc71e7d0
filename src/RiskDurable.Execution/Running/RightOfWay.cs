namespace RiskDurable.Execution.Running;

/// <summary>
/// Lets analyses of deals go before rollups in a process that does both: while an analysis is computed, jobs wait where they would begin their next
/// layer, leaf or node, and packing where it would begin its next table, batch of rows or block. Over any longer time rollups have half of it at least,
/// however many analyses there are. No result depends on it.
/// </summary>
/// <param name="time">The clock.</param>
public sealed class RightOfWay(TimeProvider time)
{
    // More than an analysis takes, so that a few of them in a row are not delayed.
    private static readonly TimeSpan MostHeld = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private TaskCompletionSource _clear = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _analyses;

    // How much longer jobs have been held up than not; never less than nothing. At its most it is paid back as a whole.
    private TimeSpan _held;
    private bool _paysBack;
    private long _since = time.GetTimestamp();

    private bool HoldsUp => _analyses > 0 && !_paysBack;

    /// <summary>An analysis begins; it ends when what is returned is disposed of.</summary>
    public IDisposable Take()
    {
        lock (_lock)
        {
            Account();
            _analyses++;
        }

        return new Analysis(this);
    }

    /// <summary>Waits while analyses have the right of way. Whatever else waits for a thread, such as a request's answer, gets one.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async ValueTask GiveWayAsync(CancellationToken cancellationToken)
    {
        // A job computes for long without ever letting go of its thread, and there are as many jobs as cores.
        await Task.Yield();
        while (Next() is var (clear, patience))
        {
            await clear.WaitAsync(patience, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <returns>What to wait for, and how long at most; null where nothing is in the way.</returns>
    private (Task Clear, TimeSpan Patience)? Next()
    {
        lock (_lock)
        {
            Account();
            return HoldsUp ? (_clear.Task, MostHeld - _held) : null;
        }
    }

    private void End()
    {
        TaskCompletionSource? clear = null;
        lock (_lock)
        {
            Account();
            if (--_analyses == 0)
            {
                (clear, _clear) = (_clear, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            }
        }

        clear?.SetResult();
    }

    private void Account()
    {
        long now = time.GetTimestamp();
        TimeSpan elapsed = time.GetElapsedTime(_since, now);
        _since = now;
        _held += HoldsUp ? elapsed : -elapsed;
        if (_held >= MostHeld)
        {
            (_held, _paysBack) = (MostHeld, true);
        }
        else if (_held <= TimeSpan.Zero)
        {
            (_held, _paysBack) = (TimeSpan.Zero, false);
        }
    }

    private sealed class Analysis(RightOfWay owner) : IDisposable
    {
        private RightOfWay? _owner = owner;

        public void Dispose() => Interlocked.Exchange(ref _owner, null)?.End();
    }
}
