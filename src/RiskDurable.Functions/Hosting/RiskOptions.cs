using RiskDurable.Azure;

namespace RiskDurable.Functions.Hosting;

/// <summary>Settings of the application, section <c>Risk</c>.</summary>
public sealed class RiskOptions
{
    /// <summary>
    /// Where objects and documents are: <c>disk</c> (below <see cref="DataFolder"/>), <c>azurite</c>, Azurite's connection string, or addresses of
    /// storage accounts, <c>https://ACCOUNT.blob.core.windows.net</c>, with spaces or commas between them.
    /// </summary>
    public string Store { get; set; } = StoreAddress.Disk;

    /// <summary>Container of the objects in each storage account; created if it is missing and the identity may.</summary>
    public string StoreContainer { get; set; } = "risk-objects";

    /// <summary>Container of the documents in the first storage account; likewise.</summary>
    public string DocumentContainer { get; set; } = "risk-documents";

    /// <summary>Folder of the object store, where it is on disk, and of scratch files; relative to the current folder.</summary>
    public string DataFolder { get; set; } = ".riskdurable";

    /// <summary>
    /// Folders below which a request over HTTP may name portfolios, separated by <c>;</c>, relative to the current folder; <c>blob:CONTAINER</c> is a
    /// container of the first storage account.
    /// </summary>
    public string PortfolioRoots { get; set; } = ".";

    /// <summary>Container of uploads in the first storage account; with a store on disk they are in <c>uploads</c> below the data folder.</summary>
    public string UploadContainer { get; set; } = "risk-uploads";

    /// <summary>Megabytes that one request may carry of a file of a portfolio; a larger file comes in parts. The host of Azure Functions has a limit of its own, 100 MB.</summary>
    public long LargestUploadMegabytes { get; set; } = 64;

    /// <summary>Megabytes that a file may have that comes in parts.</summary>
    public long LargestFileMegabytes { get; set; } = 16 * 1024;

    /// <summary>How long the output cache keeps a key after its last use.</summary>
    public TimeSpan CacheTimeToLive { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long it keeps a key at most, however often it is used.</summary>
    public TimeSpan CacheCap { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Shards of the output cache, a power of two up to 256; a shard of 5,000 keys has 160 KB of state.</summary>
    public int CacheShards { get; set; } = 64;

    /// <summary>How long a run may leave a job that it claimed without a sign before another run takes it over.</summary>
    public TimeSpan ClaimLease { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Seconds of computing that a batch of jobs, one activity, is meant to take. Few large activities beat many small ones; but a batch is what is
    /// done again after a crash, and what progress moves by.
    /// </summary>
    public double BatchSeconds { get; set; } = 0.5;

    /// <summary>Cores that a rollup's jobs are spread over: what its expected time is reckoned with. Where it is not given: this machine's.</summary>
    public int Cores { get; set; } = Environment.ProcessorCount;

    /// <summary>How long a run may make no progress before it counts as stuck.</summary>
    public TimeSpan StuckAfter { get; set; } = TimeSpan.FromMinutes(20);

    /// <summary>How long a run may take beyond what its plan expected before it counts as late.</summary>
    public TimeSpan LateAfter { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How long runs, ingestions and analyses that have ended stay known; a portfolio's latest completed run stays however old it is.</summary>
    public TimeSpan RunRetention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long to wait before looking again at jobs that another run is at.</summary>
    public TimeSpan ClaimPoll { get; set; } = TimeSpan.FromSeconds(2);
}
