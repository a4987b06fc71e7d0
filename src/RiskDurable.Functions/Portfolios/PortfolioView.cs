using RiskDurable.Functions.Http;

namespace RiskDurable.Functions.Portfolios;

/// <summary>A portfolio as the API shows it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Manifest">Hash of the manifest packed last; null where none was.</param>
/// <param name="Summary">What is in it.</param>
/// <param name="PackedAt">When it was packed last.</param>
/// <param name="PackedBy">By whom.</param>
/// <param name="LatestRun">The rollup that completed last; null before the first.</param>
/// <param name="PortfolioUri">This portfolio's address.</param>
public sealed record PortfolioView(
    string Id, string? Manifest, PortfolioSummary? Summary, DateTimeOffset? PackedAt, string? PackedBy, LatestRunView? LatestRun, string PortfolioUri)
{
    internal static PortfolioView Of(PortfolioEntry entry, ApiLinks links) => new(
        entry.Id,
        entry.Latest?.Manifest,
        entry.Latest?.Summary,
        entry.Latest?.PackedAt,
        entry.Latest?.PackedBy,
        entry.LatestRun is { } run ? new LatestRunView(run.RunId, run.Plan.Manifest, run.CompletedAt, run.StartedBy, links.Run(run.RunId)) : null,
        links.Portfolio(entry.Id));
}

/// <summary>The rollup of a portfolio that completed last.</summary>
/// <param name="RunId">Its id.</param>
/// <param name="Manifest">Hash of the manifest it ran on.</param>
/// <param name="CompletedAt">When.</param>
/// <param name="StartedBy">By whom.</param>
/// <param name="RunUri">Its address.</param>
public sealed record LatestRunView(string RunId, string Manifest, DateTimeOffset CompletedAt, string? StartedBy, string RunUri);

/// <summary>The portfolios that are known.</summary>
/// <param name="Portfolios">By ordinal id.</param>
public sealed record PortfolioList(IReadOnlyList<PortfolioView> Portfolios);
