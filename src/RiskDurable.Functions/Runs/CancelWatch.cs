namespace RiskDurable.Functions.Runs;

/// <summary>Watches a run's flag beside long work, and stops the work when the run is cancelled.</summary>
internal sealed class CancelWatch : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _work;
    private readonly CancellationTokenSource _over = new();
    private readonly Task _watching;

    private CancelWatch(DurableTaskClient client, string runId, TimeProvider time, CancellationToken cancellationToken)
    {
        _work = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _watching = WatchAsync(client, runId, time);
    }

    /// <summary>Stops the work.</summary>
    public CancellationToken Token => _work.Token;

    /// <summary>Whether the run was cancelled.</summary>
    public bool IsRunCancelled { get; private set; }

    public static CancelWatch Start(DurableTaskClient client, string runId, TimeProvider time, CancellationToken cancellationToken) =>
        new(client, runId, time, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _over.Dispose();
        _work.Dispose();
    }

    private async Task WatchAsync(DurableTaskClient client, string runId, TimeProvider time)
    {
        while (!await RunFlag.IsCancelledAsync(client, runId, _over.Token).ConfigureAwait(false))
        {
            await Task.Delay(Interval, time, _over.Token).ConfigureAwait(false);
        }

        IsRunCancelled = true;
        await _work.CancelAsync().ConfigureAwait(false);
    }
}
