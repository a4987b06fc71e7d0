using System.Net;
using Microsoft.Extensions.Configuration;

namespace RiskDurable.Embedded.Hosting;

/// <summary>Where the host listens, and whether others than this machine can reach it there.</summary>
internal static class ListenAddresses
{
    /// <summary>Every address that a setting names.</summary>
    public static IReadOnlyList<string> Of(IConfiguration settings) =>
    [
        .. (settings["urls"] ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
        .. settings.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]).OfType<string>(),
    ];

    /// <summary>Whether an address is of this machine alone. One that cannot be told is not.</summary>
    public static bool IsLoopback(string address)
    {
        string rest = address[(address.IndexOf("://", StringComparison.Ordinal) is var scheme and >= 0 ? scheme + 3 : 0)..];
        string host = rest.StartsWith('[') ? rest[1..Math.Max(1, rest.IndexOf(']', StringComparison.Ordinal))] : rest.Split(':', '/')[0];
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out IPAddress? parsed) && IPAddress.IsLoopback(parsed));
    }

    /// <summary>Refuses to be open to others without a key.</summary>
    /// <exception cref="HostStartupException">Somebody else could call, and no key is asked for.</exception>
    public static void Check(IReadOnlyList<string> addresses, string? apiKey)
    {
        if (apiKey is null && addresses.FirstOrDefault(address => !IsLoopback(address)) is { } open)
        {
            throw new HostStartupException("The host would be open to everybody:", [$"{open} can be reached from other machines: set EmbeddedHost:ApiKey, or listen on localhost."]);
        }
    }
}
