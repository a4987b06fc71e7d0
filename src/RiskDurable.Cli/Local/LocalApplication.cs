using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using RiskDurable.Azure;
using RiskDurable.Cli.Remote;
using RiskDurable.Embedded.DurableTask.Client;
using RiskDurable.Embedded.Hosting;
using RiskDurable.Embedded.Worker.Builder;
using RiskDurable.Execution.Running;
using RiskDurable.Execution.Storage;
using RiskDurable.Functions.Cache;
using RiskDurable.Functions.Hosting;
using RiskDurable.Functions.Rollup;
using RiskDurable.Functions.Runs;

namespace RiskDurable.Cli.Local;

/// <summary>The application, running in this process on the embedded host over a data folder.</summary>
internal sealed class LocalApplication : IAsyncDisposable
{
    private readonly EmbeddedHost _host;

    private readonly string? _key;

    private LocalApplication(EmbeddedHost host, string? key) => (_host, _key) = (host, key);

    /// <summary>Where the application answers HTTP.</summary>
    /// <exception cref="InvalidOperationException">It does not.</exception>
    public Uri Address => _host.BaseAddress ?? throw new InvalidOperationException("The application does not answer HTTP.");

    /// <summary>The application as a caller sees it; disposed by the caller.</summary>
    public Deployment Http() => new(Address, _key);

    /// <summary>Starts, watches and steers orchestrations.</summary>
    public DurableTaskClient Client => _host.Client;

    /// <summary>Packed inputs and outputs.</summary>
    public IObjectStore Store => _host.Services.GetRequiredService<IObjectStore>();

    /// <summary>Plans in memory.</summary>
    public PlanLibrary Plans => _host.Services.GetRequiredService<PlanLibrary>();

    /// <summary>Removes what nobody needs any more from the store.</summary>
    public StoreCleaning CleaningOfStore => _host.Services.GetRequiredService<StoreCleaning>();

    /// <summary>Lets go of runs that ended long ago.</summary>
    public RunRetention RetentionOfRuns => _host.Services.GetRequiredService<RunRetention>();

    /// <summary>Starts the application for a command; what an earlier process left unfinished goes on.</summary>
    /// <param name="place">State and objects.</param>
    /// <param name="threads">Activities at the same time, but for analyses of deals.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    /// <param name="listens">Whether to answer HTTP as well: this process alone, at a free port and by a key of its own.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be reached or may not be used.</exception>
    /// <exception cref="HostStartupException">Another process holds the data folder, or a setting is wrong.</exception>
    public static async Task<LocalApplication> StartAsync(DataPlace place, int threads, CancellationToken cancellationToken, bool listens = false)
    {
        // A command says itself what there is to say.
        EmbeddedHostOptions options = OptionsOf(place, logLevel: "None", new()
        {
            [RiskApplication.JobSlotsSetting] = threads.ToString(CultureInfo.InvariantCulture),
            ["AzureFunctionsJobHost:extensions:durableTask:maxConcurrentActivityFunctions"] = (threads + RiskApplication.DealSlots).ToString(CultureInfo.InvariantCulture),
        });
        options = options with { ListenForHttp = listens, ApiKey = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)) };
        EmbeddedHost host = await EmbeddedHost.StartAsync(options, Compose, cancellationToken);
        if (place.Store != StoreAddress.Disk)
        {
            await CheckStoreAsync(host, cancellationToken);
        }

        return new LocalApplication(host, options.ApiKey);
    }

    /// <summary>Starts the application as a server; what an earlier process left unfinished goes on.</summary>
    /// <param name="place">State and objects.</param>
    /// <param name="door">How it is reached.</param>
    /// <param name="logLevel">From which level on the host writes to the console.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    /// <exception cref="HostStartupException">Another process holds the data folder, or a setting is wrong.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<LocalApplication> ServeAsync(DataPlace place, ServerDoor door, string logLevel, CancellationToken cancellationToken)
    {
        // Why it does not start is told by the exception.
        Dictionary<string, string?> settings = new() { ["Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host"] = "None" };
        if (door.PortfolioRoots is { } roots)
        {
            settings["Risk:PortfolioRoots"] = roots;
        }

        EmbeddedHostOptions options = OptionsOf(place, logLevel, settings);
        options = options with { Port = door.Port, Address = door.Address, ApiKey = door.Key };
        return new LocalApplication(await EmbeddedHost.StartAsync(options, Compose, cancellationToken), door.Key);
    }

    /// <summary>Waits until the application stops by itself, or the caller has enough.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task WaitAsync(CancellationToken cancellationToken) => _host.WaitForShutdownAsync(cancellationToken);

    /// <summary>A store that cannot be used is told at once, and not by the first job that needs it.</summary>
    private static async Task CheckStoreAsync(EmbeddedHost host, CancellationToken cancellationToken)
    {
        try
        {
            await host.Services.GetRequiredService<IObjectStore>().ExistsAsync(ObjectKey.OfContent(ObjectKind.Manifest, []), cancellationToken);
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes the output cache forget objects that cannot be read, and whatever else of the plan is gone.</summary>
    /// <param name="runner">The plan.</param>
    /// <param name="damaged">The objects.</param>
    /// <param name="cancellationToken">Stops.</param>
    public Task ForgetAsync(JobRunner runner, IReadOnlyCollection<ObjectKey> damaged, CancellationToken cancellationToken) =>
        _host.Services.GetRequiredService<LostOutputs>().ForgetAsync(Client, runner, damaged, cancellationToken);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static EmbeddedHostOptions OptionsOf(DataPlace place, string logLevel, Dictionary<string, string?> settings)
    {
        string data = Path.GetFullPath(place.Folder);
        settings["Risk:DataFolder"] = data;
        settings["Risk:Store"] = place.Store;
        settings["AzureFunctionsJobHost:logging:logLevel:default"] = logLevel;
        settings["AzureFunctionsJobHost:logging:logLevel:Host"] = logLevel;
        return new EmbeddedHostOptions
        {
            // The program's own folder, with its host.json: a command means the same wherever it is called.
            ContentRoot = AppContext.BaseDirectory,
            StateFolder = Path.Combine(data, "state"),
            Port = 0,
            FunctionAssemblies = [typeof(RiskApplication).Assembly],
            Settings = settings,
        };
    }

    private static void Compose(FunctionsApplicationBuilder builder)
    {
        builder.ConfigureFunctionsWebApplication();
        builder.AddRiskDurable();
    }
}

/// <summary>How a server is reached.</summary>
/// <param name="Port">The port; 0 for any free one.</param>
/// <param name="Address">IP address to listen on; null for the loopback interface.</param>
/// <param name="Key">The key that callers must present; null for the one of the settings, or else none.</param>
/// <param name="PortfolioRoots">Folders below which requests may name portfolios, separated by <c>;</c>; null for the settings'.</param>
internal sealed record ServerDoor(int Port, string? Address, string? Key, string? PortfolioRoots);
