namespace RiskDurable.Execution.Storage;

/// <summary>Reads of many objects, a few at a time: a store behind a network answers eight as fast as one.</summary>
/// <remarks>The caller's own thread reads as long as the store answers at once, as one on disk does: there are as many jobs as cores already.</remarks>
internal static class ParallelReads
{
    /// <summary>Reads under way at the same time, at most.</summary>
    public const int AtOnce = 8;

    /// <summary>Reads a number of things. When it ends, whichever way, no read is under way any more.</summary>
    /// <param name="count">How many.</param>
    /// <param name="read">Reads one of them, by its number, and keeps what it read: in a place of its own, as others may be under way.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="UnreadableObjectException">Objects are missing or damaged: all that are, as one does not keep the others from being read.</exception>
    public static async Task EachAsync(int count, Func<int, CancellationToken, ValueTask> read, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(read);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var unreadable = new UnreadableObjectException?[count];
        int last = -1;
        var lanes = new Task[Math.Min(AtOnce, count)];
        for (int lane = 0; lane < lanes.Length; lane++)
        {
            lanes[lane] = ReadOnAsync();
        }

        await Task.WhenAll(lanes).ConfigureAwait(false);
        UnreadableObjectException[] found = [.. unreadable.OfType<UnreadableObjectException>()];
        if (found.Length > 0)
        {
            throw UnreadableObjectException.Of(found);
        }

        async Task ReadOnAsync()
        {
            for (int number; (number = Interlocked.Increment(ref last)) < count;)
            {
                stop.Token.ThrowIfCancellationRequested();
                try
                {
                    await read(number, stop.Token).ConfigureAwait(false);
                }
                catch (UnreadableObjectException exception)
                {
                    unreadable[number] = exception;
                }
                catch
                {
                    await stop.CancelAsync().ConfigureAwait(false);
                    throw;
                }
            }
        }
    }
}
