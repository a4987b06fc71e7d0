using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace RiskDurable.Embedded.Hosting;

/// <summary>Where the host is reached.</summary>
internal sealed class HostAddress(string? apiKey)
{
    /// <summary>Null while nobody listens.</summary>
    public Uri? Base { get; private set; }

    /// <summary>Root of the management API with the key, if there is one, as its query.</summary>
    public string? ManagementRoot { get; private set; }

    public void ReadFrom(IServer server)
    {
        // A wildcard is an address to listen on, not one to call.
        string? listened = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();
        if (listened is null)
        {
            return;
        }

        Base = new Uri(listened
            .Replace("://[::]", "://localhost", StringComparison.Ordinal).Replace("://0.0.0.0", "://localhost", StringComparison.Ordinal)
            .Replace("://+", "://localhost", StringComparison.Ordinal).Replace("://*", "://localhost", StringComparison.Ordinal));
        string root = Base.GetLeftPart(UriPartial.Authority) + Http.ManagementEndpoints.Root;
        ManagementRoot = apiKey is null ? root : $"{root}?code={Uri.EscapeDataString(apiKey)}";
    }
}
