namespace RiskDurable.Functions.Runs;

/// <summary>Watches a run's flag beside long work, and stops the work when the run is cancelled.</summary>
internal sealed class CancelWatch : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Func<CancellationToken, Task<bool>> _isCancelled;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _work;
    private readonly CancellationTokenSource _over = new();
    private readonly Task _watching;

    private CancelWatch(Func<CancellationToken, Task<bool>> isCancelled, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        (_isCancelled, _logger) = (isCancelled, logger);
        _work = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _watching = WatchAsync(time);
    }

    /// <summary>Stops the work.</summary>
    public CancellationToken Token => _work.Token;

    /// <summary>Whether the run was cancelled.</summary>
    public bool IsRunCancelled { get; private set; }

    /// <summary>Begins to watch; a look that fails is logged, and is not the last one.</summary>
    /// <param name="isCancelled">Looks at the run's flag.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told of looks that fail.</param>
    /// <param name="cancellationToken">Stops the work as well.</param>
    public static CancelWatch Start(
        Func<CancellationToken, Task<bool>> isCancelled, TimeProvider time, ILogger logger, CancellationToken cancellationToken) =>
        new(isCancelled, time, logger, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _over.Dispose();
        _work.Dispose();
    }

    private async Task WatchAsync(TimeProvider time)
    {
        while (!await LookAsync().ConfigureAwait(false))
        {
            await Task.Delay(Interval, time, _over.Token).ConfigureAwait(false);
        }

        IsRunCancelled = true;
        await _work.CancelAsync().ConfigureAwait(false);
    }

    private async Task<bool> LookAsync()
    {
        try
        {
            return await _isCancelled(_over.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (!_over.IsCancellationRequested)
        {
            _logger.LogWarning(failure, "Whether the run was cancelled could not be read; it is asked again.");
            return false;
        }
    }
}
