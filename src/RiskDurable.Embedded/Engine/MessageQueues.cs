namespace RiskDurable.Embedded.Engine;

/// <summary>A message taken from a queue.</summary>
/// <param name="Id">The message's id in its queue.</param>
/// <param name="Body">What it says.</param>
/// <param name="DequeueCount">How often it has been taken, this time included.</param>
/// <param name="InsertedAt">When it was put in.</param>
/// <param name="PopReceipt">Names this taking of it; void once its visibility time-out has passed and another has taken it.</param>
internal sealed record QueueMessage(long Id, string Body, int DequeueCount, DateTimeOffset InsertedAt, long PopReceipt);

/// <summary>Durable queues with the semantics of a storage queue. Names are compared as written; a queue exists once it is used.</summary>
internal abstract class MessageQueues
{
    /// <summary>Puts a message in; returns when it is safely stored.</summary>
    public abstract Task EnqueueAsync(string queue, string body, TimeSpan visibleAfter = default, CancellationToken cancellation = default);

    /// <summary>Takes up to <paramref name="max"/> visible messages, oldest first, and hides them for a time. Empty if there are none.</summary>
    public abstract Task<IReadOnlyList<QueueMessage>> DequeueAsync(string queue, int max, TimeSpan visibilityTimeout, CancellationToken cancellation = default);

    /// <summary>Completes when a message may be visible: at once if one is, else on the next one put in or reappearing. Does not take it.</summary>
    public abstract Task WaitAsync(string queue, CancellationToken cancellation);

    /// <summary>Hides a taken message for a further time from now (zero: visible at once). False if it was taken by another or deleted.</summary>
    public abstract Task<bool> ChangeVisibilityAsync(string queue, QueueMessage message, TimeSpan visibilityTimeout, CancellationToken cancellation = default);

    /// <summary>Deletes a taken message. False if it was taken by another or deleted.</summary>
    public abstract Task<bool> DeleteAsync(string queue, QueueMessage message, CancellationToken cancellation = default);

    /// <summary>Moves a taken message to the end of another queue, in one transaction. False if it was taken by another or deleted.</summary>
    public abstract Task<bool> MoveAsync(string queue, QueueMessage message, string targetQueue, CancellationToken cancellation = default);

    /// <summary>Number of messages in a queue, hidden ones included.</summary>
    public abstract Task<int> CountAsync(string queue, CancellationToken cancellation = default);
}
