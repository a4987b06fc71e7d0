using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using RiskDurable.Execution.Telemetry;

namespace RiskDurable.Functions.Hosting;

/// <summary>
/// Sends spans, measures and logs where a setting says: to Application Insights on Azure, to an OTLP endpoint on either host, else nowhere, at no cost.
/// docs/telemetry.md has the settings.
/// </summary>
internal static class TelemetryExport
{
    /// <summary>Setting that names an OTLP endpoint; the exporter reads it and its other settings itself.</summary>
    public const string OtlpSetting = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Adds the exporters.</summary>
    /// <param name="builder">The host's builder.</param>
    public static void AddTelemetryExport(this FunctionsApplicationBuilder builder)
    {
        bool hasOtlp = !string.IsNullOrEmpty(builder.Configuration[OtlpSetting]);
        if (!HostTelemetry.IsConfigured(builder.Configuration) && !hasOtlp)
        {
            return;
        }

        IOpenTelemetryBuilder telemetry = builder.Services.AddOpenTelemetry()
            .WithTracing(tracing => tracing.AddSource(RiskTelemetry.Name))
            .WithMetrics(metrics => metrics.AddMeter(RiskTelemetry.Name))
            .WithLogging();
        builder.Services.Configure<OpenTelemetryLoggerOptions>(logs =>
        {
            logs.IncludeFormattedMessage = true;
            logs.IncludeScopes = true;
        });
        HostTelemetry.AddTo(telemetry, builder.Configuration);
        if (hasOtlp)
        {
            telemetry.WithTracing(tracing => tracing.AddOtlpExporter()).WithMetrics(metrics => metrics.AddOtlpExporter()).WithLogging(logs => logs.AddOtlpExporter());
        }
    }
}
