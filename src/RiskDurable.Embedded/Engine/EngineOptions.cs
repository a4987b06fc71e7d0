using System.Text.Json;

namespace RiskDurable.Embedded.Engine;

/// <summary>How the engine runs.</summary>
internal sealed record EngineOptions
{
    /// <summary>Folder of the state file and its lock; made if missing.</summary>
    public required string StateFolder { get; init; }

    /// <summary>Name of the task hub; the state file is called after it.</summary>
    public string HubName { get; init; } = "default";

    /// <summary>Activities that run at once.</summary>
    public int MaxConcurrentActivities { get; init; } = 10 * Environment.ProcessorCount;

    /// <summary>Orchestrators and entities, each, that run a step at once.</summary>
    public int MaxConcurrentOrchestrations { get; init; } = 10 * Environment.ProcessorCount;

    /// <summary>Orchestrations kept in memory between two steps; others are rebuilt from their history when something arrives.</summary>
    public int MaxCachedOrchestrations { get; init; } = 2_000;

    /// <summary>Lane of an activity by its name; null for the common lane.</summary>
    public Func<string, string?> ActivityLane { get; init; } = static _ => null;

    /// <summary>Activity slots only this lane may use, out of <see cref="MaxConcurrentActivities"/>. A lane may use common slots too.</summary>
    public IReadOnlyDictionary<string, int> ReservedActivitySlots { get; init; } = new Dictionary<string, int>();

    /// <summary>Activity slots that a lane uses at most; those not named as many as there are.</summary>
    public IReadOnlyDictionary<string, int> MostActivitySlots { get; init; } = new Dictionary<string, int>();

    /// <summary>Texts longer than this are kept outside the row, in characters.</summary>
    public int LargePayloadLength { get; init; } = 45_000;

    /// <summary>Clock and timers.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How inputs, outputs and states are written and read; the isolated worker's defaults if null.</summary>
    public JsonSerializerOptions? Json { get; init; }
}
