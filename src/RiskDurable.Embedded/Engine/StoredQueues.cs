using System.Collections.Concurrent;

namespace RiskDurable.Embedded.Engine;

/// <inheritdoc/>
internal sealed class StoredQueues(EngineRuntime engine) : MessageQueues
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _arrivals = new(StringComparer.Ordinal);

    public override Task EnqueueAsync(string queue, string body, TimeSpan visibleAfter = default, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(queue);
        ArgumentNullException.ThrowIfNull(body);
        return engine.State.Writer.WriteAsync(
            statements =>
            {
                long now = engine.Now;
                statements.PutQueueMessage(queue, body, now, now + visibleAfter.Ticks);
            },
            () => Announce(queue),
            cancellation);
    }

    public override Task<IReadOnlyList<QueueMessage>> DequeueAsync(
        string queue, int max, TimeSpan visibilityTimeout, CancellationToken cancellation = default) => engine.State.Writer.WriteAsync(
            statements =>
            {
                long now = engine.Now;
                return statements.TakeQueueMessages(queue, max, now, now + visibilityTimeout.Ticks);
            },
            committed: null,
            cancellation);

    public override async Task WaitAsync(string queue, CancellationToken cancellation)
    {
        while (true)
        {
            // Asked for before the look into the file, so that nothing put in between is missed.
            Task arrival = _arrivals.GetOrAdd(queue, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            long? visible = engine.State.Reader.Read(read => read.NextVisible(queue));
            long now = engine.Now;
            if (visible <= now)
            {
                return;
            }

            if (visible is { } due)
            {
                engine.Timers.Add(due, () => Announce(queue));
            }

            await arrival.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    public override Task<bool> ChangeVisibilityAsync(
        string queue, QueueMessage message, TimeSpan visibilityTimeout, CancellationToken cancellation = default) => engine.State.Writer.WriteAsync(
            statements => statements.HideQueueMessage(message, engine.Now + visibilityTimeout.Ticks), () => Announce(queue), cancellation);

    public override Task<bool> DeleteAsync(string queue, QueueMessage message, CancellationToken cancellation = default) =>
        engine.State.Writer.WriteAsync(statements => statements.DeleteQueueMessage(message), committed: null, cancellation);

    public override Task<bool> MoveAsync(string queue, QueueMessage message, string targetQueue, CancellationToken cancellation = default) =>
        engine.State.Writer.WriteAsync(
            statements => statements.MoveQueueMessage(message, targetQueue, engine.Now), () => Announce(targetQueue), cancellation);

    public override Task<int> CountAsync(string queue, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(engine.State.Reader.Read(read => read.QueueLength(queue)));
    }

    private void Announce(string queue)
    {
        if (_arrivals.TryRemove(queue, out TaskCompletionSource? arrival))
        {
            arrival.SetResult();
        }
    }
}
