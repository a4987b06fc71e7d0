using RiskDurable.Embedded.Worker.Extensions.Abstractions;

namespace RiskDurable.Embedded.Worker;

/// <summary>
/// Starts a function for each message of a storage queue. The parameter is a <c>string</c>, a <c>byte[]</c> or a
/// type that the message's JSON is deserialized to.
/// </summary>
/// <param name="queueName">The queue: 3 to 63 lower-case letters, digits and single hyphens, or <c>%NAME%</c> for an application setting.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class QueueTriggerAttribute(string queueName) : TriggerBindingAttribute
{
    /// <summary>The queue's name as given.</summary>
    public string QueueName { get; } = queueName;

    /// <summary>The name of the connection setting. Read by the Azure host alone: the embedded host has one store.</summary>
    public string? Connection { get; set; }
}
