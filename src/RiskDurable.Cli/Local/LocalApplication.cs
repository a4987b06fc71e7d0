using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using RiskDurable.Azure;
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

    private LocalApplication(EmbeddedHost host)
    {
        _host = host;
    }

    /// <summary>Where the application answers HTTP, and the key that it asks for; null where it does not.</summary>
    public (Uri Address, string Key)? Http { get; private init; }

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

    /// <summary>Starts the application; what an earlier process left unfinished goes on.</summary>
    /// <param name="place">State and objects.</param>
    /// <param name="threads">Activities at the same time, but for analyses of deals.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    /// <param name="listens">Whether to answer HTTP as well: this process alone, at a free port and by a key of its own.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be reached or may not be used.</exception>
    /// <exception cref="HostStartupException">Another process holds the data folder, or a setting is wrong.</exception>
    public static async Task<LocalApplication> StartAsync(DataPlace place, int threads, CancellationToken cancellationToken, bool listens = false)
    {
        string data = Path.GetFullPath(place.Folder);
        string key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var options = new EmbeddedHostOptions
        {
            // The program's own folder, with its host.json: a command means the same wherever it is called.
            ContentRoot = AppContext.BaseDirectory,
            StateFolder = Path.Combine(data, "state"),
            ListenForHttp = listens,
            Port = 0,
            ApiKey = key,
            FunctionAssemblies = [typeof(RiskApplication).Assembly],
            Settings = new Dictionary<string, string?>
            {
                ["Risk:DataFolder"] = data,
                ["Risk:Store"] = place.Store,
                [RiskApplication.JobSlotsSetting] = threads.ToString(CultureInfo.InvariantCulture),
                ["AzureFunctionsJobHost:extensions:durableTask:maxConcurrentActivityFunctions"] = (threads + RiskApplication.DealSlots).ToString(CultureInfo.InvariantCulture),

                // A command says itself what there is to say.
                ["AzureFunctionsJobHost:logging:logLevel:default"] = "None",
                ["AzureFunctionsJobHost:logging:logLevel:Host"] = "None",
            },
        };
        EmbeddedHost host = await EmbeddedHost.StartAsync(options, Compose, cancellationToken);
        if (place.Store != StoreAddress.Disk)
        {
            await CheckStoreAsync(host, cancellationToken);
        }

        return new LocalApplication(host) { Http = host.BaseAddress is { } address ? (address, key) : null };
    }

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

    /// <summary>Makes the output cache forget an object that cannot be read, and whatever else of the plan is gone.</summary>
    /// <param name="runner">The plan.</param>
    /// <param name="key">The object.</param>
    /// <param name="cancellationToken">Stops.</param>
    public Task ForgetAsync(JobRunner runner, ObjectKey key, CancellationToken cancellationToken) =>
        _host.Services.GetRequiredService<LostOutputs>().ForgetAsync(Client, runner, [key], cancellationToken);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static void Compose(FunctionsApplicationBuilder builder)
    {
        builder.ConfigureFunctionsWebApplication();
        builder.AddRiskDurable();
    }
}
