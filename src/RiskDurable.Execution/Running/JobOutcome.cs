namespace RiskDurable.Execution.Running;

/// <summary>What a job did.</summary>
/// <param name="Hits">Occurrences with a loss that layers visited; 0 but for map jobs.</param>
/// <param name="Bytes">Bytes of output.</param>
public readonly record struct JobOutcome(long Hits, long Bytes);
