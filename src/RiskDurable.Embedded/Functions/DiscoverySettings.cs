using Microsoft.Extensions.Configuration;

namespace RiskDurable.Embedded.Functions;

/// <summary>What discovery needs to know of the host.</summary>
internal sealed record DiscoverySettings
{
    /// <summary>Application settings: <c>%NAME%</c> and <c>AzureWebJobs.NAME.Disabled</c> are looked up here.</summary>
    public required IConfiguration Settings { get; init; }

    public required string HubName { get; init; }

    public required string RoutePrefix { get; init; }

    /// <summary>Whether the application called <c>ConfigureFunctionsWebApplication</c>.</summary>
    public required bool HasWebApplication { get; init; }

    /// <summary>Functions to load; null for all.</summary>
    public IReadOnlyList<string>? Only { get; init; }

    public bool IsDisabled(string function) =>
        (Only is not null && !Only.Contains(function, StringComparer.OrdinalIgnoreCase))
        || IsOn(Settings[$"AzureWebJobs.{function}.Disabled"]) || IsOn(Settings[$"AzureWebJobs:{function}:Disabled"]);

    private static bool IsOn(string? setting) => setting is "1" || string.Equals(setting, "true", StringComparison.OrdinalIgnoreCase);
}
