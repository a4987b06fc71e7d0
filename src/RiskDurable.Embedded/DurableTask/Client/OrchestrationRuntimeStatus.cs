using System.Text.Json.Serialization;

namespace RiskDurable.Embedded.DurableTask.Client;

/// <summary>Where an orchestration stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OrchestrationRuntimeStatus>))]
public enum OrchestrationRuntimeStatus
{
    /// <summary>It has started and not ended.</summary>
    Running = 0,

    /// <summary>It has ended with a result.</summary>
    Completed = 1,

    /// <summary>Between two rounds; never seen on this host.</summary>
    ContinuedAsNew = 2,

    /// <summary>It has ended with an unhandled exception.</summary>
    Failed = 3,

    /// <summary>Never seen on this host.</summary>
    Canceled = 4,

    /// <summary>It was terminated.</summary>
    Terminated = 5,

    /// <summary>It has not started yet.</summary>
    Pending = 6,

    /// <summary>It is suspended until resumed.</summary>
    Suspended = 7,
}
