using System.Diagnostics;

namespace RiskDurable.Embedded.Hosting;

/// <summary>The host's spans: creations and runs of orchestrations, activities, ticks of timers, messages of queues. Requests have those of ASP.NET Core.</summary>
public static class EmbeddedTelemetry
{
    /// <summary>Name of the source to listen to.</summary>
    public const string SourceName = "RiskDurable.Embedded";

    internal static ActivitySource Source { get; } = new(SourceName, typeof(EmbeddedTelemetry).Assembly.GetName().Version?.ToString(3));
}
