using RiskDurable.Embedded.Engine;
using RiskDurable.Embedded.Hosting;

namespace RiskDurable.Embedded.Queues;

/// <summary>Sends through the engine's store.</summary>
internal sealed class QueueSender(DurableEngine engine) : IQueueSender
{
    public Task SendAsync(string queueName, string message, TimeSpan? visibilityDelay = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentOutOfRangeException.ThrowIfLessThan(visibilityDelay ?? TimeSpan.Zero, TimeSpan.Zero, nameof(visibilityDelay));
        return QueueName.IsValid(queueName)
            ? engine.Queues.EnqueueAsync(queueName, message, visibilityDelay ?? TimeSpan.Zero, cancellation)
            : throw new ArgumentException($"\"{queueName}\" is no queue's name. {QueueName.Rules}", nameof(queueName));
    }
}
