namespace RiskDurable.Portfolio.Model;

/// <summary>Deals to analyse against a portfolio, each on its own.</summary>
/// <param name="Portfolio">What the request calls the portfolio.</param>
/// <param name="Deals">The deals; at least one.</param>
/// <param name="ReturnPeriods">Years at which curves are read, each at least 1; null for those of the rollup.</param>
public sealed record AnalysisRequest(string Portfolio, IReadOnlyList<DealCase> Deals, IReadOnlyList<double>? ReturnPeriods);

/// <summary>A deal and the variants of its terms to compare.</summary>
/// <param name="Id">The deal's id.</param>
/// <param name="InPortfolio">Whether the portfolio has a deal of this id; it is then what the variants replace.</param>
/// <param name="Variants">The deal as given, named <see cref="DealVariant.AsGiven"/>, then the variants of the request.</param>
public sealed record DealCase(string Id, bool InPortfolio, IReadOnlyList<DealVariant> Variants);

/// <summary>A deal on certain terms.</summary>
/// <param name="Name">The variant's name, unique for its deal.</param>
/// <param name="Deal">The deal; its id is that of its case.</param>
public sealed record DealVariant(string Name, Deal Deal)
{
    /// <summary>The name of the deal as the request, or else the portfolio, has it.</summary>
    public const string AsGiven = "base";
}
