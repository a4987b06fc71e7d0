using Azure.Identity;
using Microsoft.Extensions.Configuration;
using OpenTelemetry;

namespace RiskDurable.Functions.Hosting;

/// <summary>
/// What the Functions host needs, and Application Insights. Requests, orchestrations and activities are spans of the host's own process
/// (<c>telemetryMode</c> in host.json); the worker's spans are their children.
/// </summary>
internal static class HostTelemetry
{
    private const string ConnectionSetting = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    // The platform's setting for Application Insights that takes telemetry from identities only: ClientId=...;Authorization=AAD.
    private const string AuthenticationSetting = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";

    /// <summary>Whether there is an Application Insights to send telemetry to.</summary>
    /// <param name="settings">The settings.</param>
    public static bool IsConfigured(IConfiguration settings) => !string.IsNullOrEmpty(settings[ConnectionSetting]);

    /// <summary>Adds the worker's spans, and Application Insights where it is configured.</summary>
    /// <param name="telemetry">The application's telemetry.</param>
    /// <param name="settings">The settings.</param>
    public static void AddTo(IOpenTelemetryBuilder telemetry, IConfiguration settings)
    {
        telemetry.UseFunctionsWorkerDefaults();
        if (!IsConfigured(settings))
        {
            return;
        }

        telemetry.Services.AddApplicationInsightsTelemetryWorkerService(insights =>
        {
            insights.ConnectionString = settings[ConnectionSetting];
            insights.Credential = CredentialOf(settings[AuthenticationSetting]);

            // Logs are few, and what somebody on call asks for: none is left out because its trace was not sampled.
            insights.EnableTraceBasedLogsSampler = false;
        });
    }

    private static ManagedIdentityCredential? CredentialOf(string? authentication)
    {
        Dictionary<string, string> parts = (authentication ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(part => part.Split('=', 2))
            .Where(part => part.Length == 2)
            .ToDictionary(part => part[0], part => part[1], StringComparer.OrdinalIgnoreCase);
        if (!parts.GetValueOrDefault("Authorization", "").Equals("AAD", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        return new ManagedIdentityCredential(parts.TryGetValue("ClientId", out string? client)
            ? ManagedIdentityId.FromUserAssignedClientId(client)
            : ManagedIdentityId.SystemAssigned);
    }
}
