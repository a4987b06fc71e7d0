using RiskDurable.Embedded.Hosting;
using RiskDurable.Embedded.Worker.Builder;
using RiskDurable.Functions.Hosting;

namespace RiskDurable.Cli.Local;

/// <summary>The application over a data folder, answering HTTP on the loopback interface.</summary>
internal sealed class LocalServer : IAsyncDisposable
{
    private readonly EmbeddedHost _host;

    private LocalServer(EmbeddedHost host) => _host = host;

    /// <summary>Where it answers.</summary>
    public Uri Address => _host.BaseAddress!;

    /// <summary>Starts it; what an earlier process left unfinished goes on.</summary>
    /// <param name="place">State and objects.</param>
    /// <param name="port">The port; 0 for any free one.</param>
    /// <param name="address">IP address to listen on; null for the loopback interface.</param>
    /// <param name="key">The key that callers must present; null for the one of the settings, or else none.</param>
    /// <param name="portfolioRoots">Folders below which requests may name portfolios, separated by <c>;</c>; null for the settings'.</param>
    /// <param name="logLevel">From which level on the host writes to the console.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    /// <exception cref="HostStartupException">Another process holds the data folder, or a setting is wrong.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<LocalServer> StartAsync(
        DataPlace place, int port, string? address, string? key, string? portfolioRoots, string logLevel, CancellationToken cancellationToken)
    {
        string data = Path.GetFullPath(place.Folder);
        var settings = new Dictionary<string, string?>
        {
            ["Risk:DataFolder"] = data,
            ["Risk:Store"] = place.Store,
            ["AzureFunctionsJobHost:logging:logLevel:default"] = logLevel,
            ["AzureFunctionsJobHost:logging:logLevel:Host"] = logLevel,

            // Why it does not start is told by the exception.
            ["Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host"] = "None",
        };
        if (portfolioRoots is not null)
        {
            settings["Risk:PortfolioRoots"] = portfolioRoots;
        }

        var options = new EmbeddedHostOptions
        {
            // The program's own folder, with its host.json: a command means the same wherever it is called.
            ContentRoot = AppContext.BaseDirectory,
            StateFolder = Path.Combine(data, "state"),
            Port = port,
            Address = address,
            ApiKey = key,
            FunctionAssemblies = [typeof(RiskApplication).Assembly],
            Settings = settings,
        };
        return new LocalServer(await EmbeddedHost.StartAsync(options, Compose, cancellationToken));
    }

    /// <summary>Waits until the server stops by itself, or the caller has enough.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task WaitAsync(CancellationToken cancellationToken) => _host.WaitForShutdownAsync(cancellationToken);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static void Compose(FunctionsApplicationBuilder builder)
    {
        builder.ConfigureFunctionsWebApplication();
        builder.AddRiskDurable();
    }
}
