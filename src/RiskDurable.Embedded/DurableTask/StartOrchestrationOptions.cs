using System.Collections.ObjectModel;

namespace RiskDurable.Embedded.DurableTask;

/// <summary>How a new orchestration instance is started.</summary>
public record StartOrchestrationOptions
{
    /// <summary>Options with an id and a time.</summary>
    /// <param name="InstanceId">The instance's id; a random one if null.</param>
    /// <param name="StartAt">When it starts; at once if null or in the past.</param>
    public StartOrchestrationOptions(string? InstanceId = null, DateTimeOffset? StartAt = null)
    {
        this.InstanceId = InstanceId;
        this.StartAt = StartAt;
    }

    /// <summary>The instance's id; a random one if null.</summary>
    public string? InstanceId { get; init; }

    /// <summary>When it starts; at once if null or in the past.</summary>
    public DateTimeOffset? StartAt { get; init; }

    /// <summary>Labels kept with the instance.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}
