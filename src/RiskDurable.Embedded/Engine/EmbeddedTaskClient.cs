using RiskDurable.Embedded.DurableTask.Client;

namespace RiskDurable.Embedded.Engine;

/// <summary>The client of an engine in the same process.</summary>
internal abstract class EmbeddedTaskClient(string name) : DurableTaskClient(name)
{
    /// <summary>Root of the management API; null while nobody listens.</summary>
    public abstract string? ManagementBaseUrl { get; }
}
