namespace RiskDurable.Portfolio.Model;

/// <summary>A validated portfolio: what <c>portfolio.json</c> and its deals say. Tables are named here, and read elsewhere.</summary>
/// <param name="Id">Identifier, unique among portfolios.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Currency">Reporting currency.</param>
/// <param name="Fx">Reporting-currency units for one unit of each currency; holds the reporting currency itself, at 1.</param>
/// <param name="Trials">Number of simulated years, at least 1.</param>
/// <param name="YetFile">The year-event table, relative to the portfolio's root.</param>
/// <param name="Elts">Every ELT that a subject names, by id.</param>
/// <param name="Rollup">Tag names of the hierarchy, outermost first.</param>
/// <param name="Deals">The deals, in file order.</param>
/// <param name="TrialsFile">The table of the trials' weights, relative to the portfolio's root; null where all trials count alike.</param>
public sealed record PortfolioDefinition(
    string Id,
    string Name,
    string Currency,
    IReadOnlyDictionary<string, double> Fx,
    int Trials,
    string YetFile,
    IReadOnlyDictionary<string, EltReference> Elts,
    IReadOnlyList<string> Rollup,
    IReadOnlyList<Deal> Deals,
    string? TrialsFile = null);

/// <summary>Where an ELT is and in which currency its losses are.</summary>
/// <param name="Id">The ELT's id.</param>
/// <param name="File">Its file, relative to the portfolio's root.</param>
/// <param name="Currency">Currency of its amounts.</param>
public sealed record EltReference(string Id, string File, string Currency);
