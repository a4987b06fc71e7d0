namespace RiskDurable.Embedded.DurableTask.Entities;

/// <summary>How an entity is called; there is nothing to choose yet.</summary>
public record CallEntityOptions;

/// <summary>How an entity is signalled.</summary>
public record SignalEntityOptions
{
    /// <summary>When the signal is delivered; at once if null or in the past.</summary>
    public DateTimeOffset? SignalTime { get; init; }

    /// <summary>A time of delivery as options.</summary>
    public static implicit operator SignalEntityOptions(DateTimeOffset value) => new() { SignalTime = value };
}
