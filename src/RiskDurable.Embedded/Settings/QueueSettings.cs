namespace RiskDurable.Embedded.Settings;

/// <summary>The <c>queues</c> section of <c>host.json</c>, with the real host's defaults.</summary>
internal sealed record QueueSettings
{
    /// <summary>How many messages one look at the queue takes.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>New messages are taken once no more than this many are being worked on; a queue's concurrency is this plus the batch size.</summary>
    public int NewBatchThreshold { get; init; } = 8 * Environment.ProcessorCount;

    /// <summary>How often a message is tried before it goes to the poison queue.</summary>
    public int MaxDequeueCount { get; init; } = 5;

    /// <summary>How long a message whose function failed stays out of sight before the next try.</summary>
    public TimeSpan VisibilityTimeout { get; init; } = TimeSpan.Zero;

    /// <summary>The longest time between two looks at an empty queue.</summary>
    public TimeSpan MaxPollingInterval { get; init; } = TimeSpan.FromMinutes(1);

    public static QueueSettings Read(JsonSection section)
    {
        section.AllowOnly("batchSize", "newBatchThreshold", "maxDequeueCount", "visibilityTimeout", "maxPollingInterval", "messageEncoding");
        if (section.Text("messageEncoding") is { } encoding
            && !string.Equals(encoding, "base64", StringComparison.OrdinalIgnoreCase) && !string.Equals(encoding, "none", StringComparison.OrdinalIgnoreCase))
        {
            throw section.Problem("messageEncoding", $"\"{encoding}\" is no encoding: use \"base64\" or \"none\".");
        }

        int batchSize = section.Integer("batchSize", 1, 32) ?? 16;
        return new QueueSettings
        {
            BatchSize = batchSize,
            NewBatchThreshold = section.Integer("newBatchThreshold", 0, int.MaxValue - batchSize) ?? batchSize / 2 * Environment.ProcessorCount,
            MaxDequeueCount = section.Integer("maxDequeueCount", 1, int.MaxValue) ?? 5,
            VisibilityTimeout = Bounded(section, "visibilityTimeout", TimeSpan.Zero, TimeSpan.FromDays(7)) ?? TimeSpan.Zero,
            MaxPollingInterval = Bounded(section, "maxPollingInterval", TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(1)) ?? TimeSpan.FromMinutes(1),
        };
    }

    private static TimeSpan? Bounded(JsonSection section, string name, TimeSpan lowest, TimeSpan highest) =>
        section.Duration(name) switch
        {
            { } duration when duration < lowest || duration > highest => throw section.Problem(name, $"must lie between {lowest} and {highest}."),
            var duration => duration,
        };
}
