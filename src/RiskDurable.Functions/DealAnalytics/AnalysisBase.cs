using RiskDurable.Execution.Packing;
using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Storage;
using RiskDurable.Functions.Http;
using RiskDurable.Functions.Portfolios;
using RiskDurable.Functions.Rollup;
using RiskDurable.Functions.Runs;

namespace RiskDurable.Functions.DealAnalytics;

/// <summary>What deals are compared with: a portfolio as a rollup left it.</summary>
/// <param name="RunId">The rollup; null where a manifest was named that no known rollup is of.</param>
/// <param name="Plan">Its plan.</param>
public sealed record AnalysisBase(string? RunId, PlanReference Plan)
{
    /// <summary>Finds what a request names: a run, a manifest or a portfolio, which stands for its latest completed rollup.</summary>
    /// <param name="client">Reads.</param>
    /// <param name="store">Where manifests are.</param>
    /// <param name="published">Rollups that completed, in this task hub or in another one over the same store.</param>
    /// <param name="name">A run's id, a manifest's hash or a portfolio's id.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The base; or null and the answer to give instead.</returns>
    internal static async Task<(AnalysisBase? Base, IResult? Refusal)> FindAsync(
        DurableTaskClient client, IObjectStore store, PublishedRuns published, string name, CancellationToken cancellationToken)
    {
        if (await RunReader.FindAsync(client, name, cancellationToken).ConfigureAwait(false) is { } run)
        {
            return run.RuntimeStatus == OrchestrationRuntimeStatus.Completed && RunReader.StatusOf(run) is { Phase: not RollupStatus.RefusedPhase, Plan: { } plan }
                ? (new AnalysisBase(run.InstanceId, plan), null)
                : (null, ApiProblem.Conflict($"Run '{name}' has no results to compare with: it has not completed. Wait for its end, or name another run."));
        }

        if (await published.FindAsync(name, cancellationToken).ConfigureAwait(false) is { } elsewhere)
        {
            return (new AnalysisBase(elsewhere.RunId, elsewhere.Plan), null);
        }

        bool isManifest = name.Length == 64 && name.All(char.IsAsciiHexDigitLower)
            && await store.ExistsAsync(new ObjectKey(ObjectKind.Manifest, name), cancellationToken).ConfigureAwait(false);
        string portfolio = isManifest
            ? (await PortfolioManifest.ReadAsync(store, name, cancellationToken).ConfigureAwait(false)).Portfolio
            : name;
        CompletedRun? latest = await published.LatestAsync(portfolio, cancellationToken).ConfigureAwait(false);
        if (isManifest)
        {
            return latest is not null && latest.Plan.Manifest == name
                ? (new AnalysisBase(latest.RunId, latest.Plan), null)
                : (new AnalysisBase(null, new PlanReference(name, RollupSettings.Default)), null);
        }

        if (latest is not null)
        {
            return (new AnalysisBase(latest.RunId, latest.Plan), null);
        }

        return await PortfolioCatalogue.FindAsync(client, portfolio, cancellationToken).ConfigureAwait(false) is null
            ? (null, ApiProblem.NotFound(
                $"There is no portfolio, no run and no manifest '{name}'; of a portfolio a rollup must have completed. Looked for in {published.Place}: an app for rollups must name the same store, the same account first."))
            : (null, ApiProblem.Conflict($"No rollup of portfolio '{name}' has completed yet: start one with POST /api/rollups, and wait for its end."));
    }
}
