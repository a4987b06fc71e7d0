namespace RiskDurable.Embedded.Hosting;

/// <summary>
/// Puts messages into the host's storage queues. On Azure an application uses <c>Azure.Storage.Queues.QueueClient</c> in its place.
/// Taken from dependency injection.
/// </summary>
public interface IQueueSender
{
    /// <summary>Puts a message in; returns when it is safely stored.</summary>
    /// <param name="queueName">The queue: 3 to 63 lower-case letters, digits and single hyphens.</param>
    /// <param name="message">The message's text, JSON where the function takes an object.</param>
    /// <param name="visibilityDelay">How long the message stays out of sight at first; null for not at all.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="ArgumentException">The name is no queue's name, or the delay is negative.</exception>
    Task SendAsync(string queueName, string message, TimeSpan? visibilityDelay = null, CancellationToken cancellation = default);
}
