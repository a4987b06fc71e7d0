using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using RiskDurable.Azure;
using RiskDurable.Execution.Analytics;
using RiskDurable.Execution.Running;
using RiskDurable.Execution.Storage;
using RiskDurable.Functions.DealAnalytics;
using RiskDurable.Functions.Portfolios;
using RiskDurable.Functions.Rollup;
using RiskDurable.Functions.Runs;
using RiskDurable.Portfolio.Files;

namespace RiskDurable.Functions.Hosting;

/// <summary>The composition of the application, the same on every host.</summary>
public static class RiskApplication
{
    /// <summary>Activity slots that only analyses of deals may use, on a host that runs rollups as well; see docs/deal-analytics.md.</summary>
    public const int DealSlots = 2;

    /// <summary>Name of the setting with the number of batches of jobs that the embedded host runs at once; one a core where nothing is said.</summary>
    public const string JobSlotsSetting = "EmbeddedHost:ActivityLanes:jobs:MostSlots";

    /// <summary>Adds the application's services.</summary>
    /// <param name="builder">The host's builder.</param>
    public static void AddRiskDurable(this FunctionsApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);

        // Weaker than every other source: a trigger's %NAME% must be there, or the host does not start.
        ((IConfigurationBuilder)builder.Configuration).Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData = new Dictionary<string, string?>
            {
                [NightlyRollup.ScheduleSetting] = NightlyRollup.DefaultSchedule,
                ["EmbeddedHost:ActivityLanes:deals:Functions"] = nameof(Functions.DealAnalytics.DealAnalytics.AnalyzeDeals),
                ["EmbeddedHost:ActivityLanes:deals:ReservedSlots"] = DealSlots.ToString(CultureInfo.InvariantCulture),
                ["EmbeddedHost:ActivityLanes:jobs:Functions"] = nameof(RollupActivities.RunJobs),
                [JobSlotsSetting] = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture),
            },
        });
        builder.AddTelemetryExport();
        builder.Services.AddOptions<RiskOptions>().Bind(builder.Configuration.GetSection("Risk"));
        AddStores(builder);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(services => new TableCache(services.GetRequiredService<IObjectStore>()));
        builder.Services.AddSingleton<RightOfWay>();
        builder.Services.AddSingleton<PlanLibrary>();
        builder.Services.AddSingleton(services => new RootLossCache(services.GetRequiredService<IObjectStore>(), services.GetRequiredService<TableCache>()));
        builder.Services.AddSingleton<AnalyzerLibrary>();
        builder.Services.AddSingleton<AnalysisDocuments>();
        builder.Services.AddSingleton<Cache.OutputCache>();
        builder.Services.AddSingleton<PortfolioRoots>();
        builder.Services.AddSingleton<PortfolioSources>();
        builder.Services.AddSingleton<RunCancellation>();
        builder.Services.AddSingleton<PublishedRuns>();
        builder.Services.AddSingleton<RunRetention>();
        builder.Services.AddSingleton<LostOutputs>();
        builder.Services.AddSingleton<Cache.StoreCleaning>();
    }

    private static void AddStores(FunctionsApplicationBuilder builder)
    {
        string? store = builder.Configuration["Risk:Store"];
        if (!StoreAddress.TryParse(store, out StoreAddress? address, out string? problem))
        {
            throw new InvalidOperationException($"Setting Risk:Store: {problem}");
        }

        if (address.IsDisk)
        {
            builder.Services.AddSingleton<IObjectStore>(services => new DiskObjectStore(Path.Combine(OptionsOf(services).DataFolder, "objects")));
            builder.Services.AddSingleton<IDocumentStore>(services => new DiskDocumentStore(Path.Combine(OptionsOf(services).DataFolder, "documents")));
            builder.Services.AddSingleton<IUploadArea>(services => new FolderUploads(Path.Combine(OptionsOf(services).DataFolder, "uploads")));
            return;
        }

        builder.Services.AddSingleton(services => new BlobAccounts(address, services.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<IObjectStore>(services =>
            new BlobObjectStore(services.GetRequiredService<BlobAccounts>(), OptionsOf(services).StoreContainer));
        builder.Services.AddSingleton<IDocumentStore>(services =>
            new BlobDocumentStore(services.GetRequiredService<BlobAccounts>(), OptionsOf(services).DocumentContainer));
        builder.Services.AddSingleton<IUploadArea>(services =>
            new BlobUploads(services.GetRequiredService<BlobAccounts>(), OptionsOf(services).UploadContainer));
    }

    private static RiskOptions OptionsOf(IServiceProvider services) => services.GetRequiredService<IOptions<RiskOptions>>().Value;
}
