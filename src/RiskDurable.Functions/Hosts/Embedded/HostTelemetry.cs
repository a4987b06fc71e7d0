using Microsoft.Extensions.Configuration;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using RiskDurable.Execution.Telemetry;

namespace RiskDurable.Functions.Hosting;

/// <summary>What the embedded host adds to the application's telemetry: requests, orchestrations and activities are this process's own.</summary>
internal static class HostTelemetry
{
    /// <summary>Whether the host itself has somewhere to send telemetry to.</summary>
    /// <param name="settings">The settings.</param>
    public static bool IsConfigured(IConfiguration settings) => false;

    /// <summary>Adds the host's sources.</summary>
    /// <param name="telemetry">The application's telemetry.</param>
    /// <param name="settings">The settings.</param>
    public static void AddTo(IOpenTelemetryBuilder telemetry, IConfiguration settings)
    {
        telemetry
            .ConfigureResource(resource => resource.AddService(settings["OTEL_SERVICE_NAME"] ?? RiskTelemetry.Name))
            .WithTracing(tracing => tracing.AddSource(EmbeddedTelemetry.SourceName).AddAspNetCoreInstrumentation().AddHttpClientInstrumentation());
    }
}
