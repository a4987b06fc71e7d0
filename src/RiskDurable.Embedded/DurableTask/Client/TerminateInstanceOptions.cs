namespace RiskDurable.Embedded.DurableTask.Client;

/// <summary>How an instance is terminated.</summary>
/// <param name="Output">What it leaves as its output.</param>
/// <param name="Recursive">Whether its running sub-orchestrations are terminated too.</param>
public record TerminateInstanceOptions(object? Output = null, bool Recursive = false);
