using System.Globalization;
using RiskDurable.Cli.Terminal;
using RiskDurable.Execution.Packing;
using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Storage;
using RiskDurable.Functions.Runs;

namespace RiskDurable.Cli.Remote;

/// <summary>
/// Brings the objects that a run's results are made of to this machine. What is here already is not fetched again: after a change, or an interruption,
/// only what is new travels.
/// </summary>
/// <param name="deployment">Has them.</param>
/// <param name="store">Where to.</param>
/// <param name="progress">Shown how it goes.</param>
internal sealed class RemoteObjects(Deployment deployment, IObjectStore store, IStageProgress progress)
{
    // Most are small, and waited for rather than received.
    private const int AtOnce = 4;

    private int _fetched;
    private long _bytes;

    /// <summary>The plan of a run, with its manifest and deals.</summary>
    /// <param name="manifest">Hash of the portfolio's manifest.</param>
    /// <param name="settings">The run's settings.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="Local.RunFailedException">The deployment does not answer, or has not got them.</exception>
    public async Task<RollupPlan> PlanAsync(string manifest, RollupSettings settings, CancellationToken cancellationToken)
    {
        await FetchAsync([new ObjectKey(ObjectKind.Manifest, manifest)], cancellationToken);
        PortfolioManifest portfolio = await PortfolioManifest.ReadAsync(store, manifest, cancellationToken);
        await FetchAsync([new ObjectKey(ObjectKind.Deals, portfolio.Deals)], cancellationToken);
        return RollupPlan.Create(portfolio, await portfolio.ReadDealsAsync(store, cancellationToken), settings);
    }

    /// <summary>Fetches what a plan's results are made of: reports, and year losses of all nodes.</summary>
    /// <param name="plan">The plan; the deployment has run all its jobs.</param>
    /// <param name="cancellationToken">Stops; what came by then stays.</param>
    /// <exception cref="Local.RunFailedException">The deployment does not answer, or has not got them.</exception>
    public Task FetchResultsAsync(RollupPlan plan, CancellationToken cancellationToken) => FetchAsync(
        plan.Groups.SelectMany(group => Enumerable.Range(0, plan.Manifest.Blocks.Count)
            .SelectMany(block => plan.SourcesOf(group.Index, block)).Prepend(plan.ReportKey(group.Index))),
        cancellationToken);

    private async Task FetchAsync(IEnumerable<ObjectKey> keys, CancellationToken cancellationToken)
    {
        IReadOnlySet<ObjectKey> missing = await store.FindMissingAsync(keys, cancellationToken);
        _fetched = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(missing, options, async (key, cancel) =>
        {
            await store.WriteAsync(key, await ReadAsync(key, cancel), cancel);
            int fetched = Interlocked.Increment(ref _fetched);
            progress.Report("fetching results", (double)fetched / missing.Count, string.Create(
                CultureInfo.InvariantCulture, $"{fetched:N0} of {missing.Count:N0} objects, {Interlocked.Read(ref _bytes) / 1048576.0:N1} MiB"));
        });
    }

    private async Task<byte[]> ReadAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        var data = new MemoryStream();
        byte[] range;
        do
        {
            range = await deployment.GetRangeAsync($"api/objects/{key.Name}", data.Length, ObjectApi.LargestRange, cancellationToken);
            await data.WriteAsync(range, cancellationToken);
            Interlocked.Add(ref _bytes, range.Length);
        }
        while (range.Length == ObjectApi.LargestRange);
        return data.ToArray();
    }
}
