using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace RiskDurable.Execution.Telemetry;

/// <summary>The one source of spans and the one meter of the product. docs/telemetry.md describes every span and instrument.</summary>
public static class RiskTelemetry
{
    /// <summary>Name of the source and of the meter.</summary>
    public const string Name = "RiskDurable";

    private static readonly string? Version = typeof(RiskTelemetry).Assembly.GetName().Version?.ToString(3);

    /// <summary>Where spans begin.</summary>
    public static ActivitySource Source { get; } = new(Name, Version);

    /// <summary>Where instruments come from.</summary>
    public static Meter Meter { get; } = new(Name, Version);

    /// <summary>The span under way as a W3C trace parent, for a message to carry; null where there is none.</summary>
    public static string? TraceParent => Activity.Current is { IdFormat: ActivityIdFormat.W3C } current ? current.Id : null;

    /// <summary>
    /// Begins a span of work that a message asked for. Where the host hands its own spans on, the one under way belongs to the asker's trace and is the
    /// parent. Where it keeps them to itself, the asker's span is, and the one under way is linked.
    /// </summary>
    /// <param name="name">Its name.</param>
    /// <param name="traceParent">The asker's <see cref="TraceParent"/>; null where nobody said.</param>
    /// <returns>The span; null where nobody listens.</returns>
    public static Activity? Start(string name, string? traceParent)
    {
        Activity? current = Activity.Current;
        return ActivityContext.TryParse(traceParent, traceState: null, isRemote: true, out ActivityContext asked) && current?.TraceId != asked.TraceId
            ? Source.StartActivity(name, ActivityKind.Internal, asked, links: current is null ? null : [new ActivityLink(current.Context)])
            : Source.StartActivity(name);
    }

    /// <summary>A histogram of times from milliseconds to hours.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it measures.</param>
    public static Histogram<double> Seconds(string name, string description) => Meter.CreateHistogram(
        name,
        "s",
        description,
        tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 1800, 3600, 7200, 14400, 36000] });
}
