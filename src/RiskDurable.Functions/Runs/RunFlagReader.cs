namespace RiskDurable.Functions.Runs;

/// <summary>Asks a run's flag before each of many jobs; jobs that take a moment only share an answer.</summary>
/// <param name="client">Reads the flag.</param>
/// <param name="runId">The run.</param>
/// <param name="time">The clock.</param>
internal sealed class RunFlagReader(DurableTaskClient client, string runId, TimeProvider time)
{
    // A read costs some ten milliseconds where the state is in a remote store.
    private static readonly TimeSpan AnswerHolds = TimeSpan.FromMilliseconds(50);

    private long? _asked;
    private bool _isCancelled;

    public async Task<bool> IsCancelledAsync(CancellationToken cancellationToken)
    {
        if (!_isCancelled && (_asked is not { } asked || time.GetElapsedTime(asked) >= AnswerHolds))
        {
            _isCancelled = await RunFlag.IsCancelledAsync(client, runId, cancellationToken).ConfigureAwait(false);
            _asked = time.GetTimestamp();
        }

        return _isCancelled;
    }
}
