using RiskDurable.Kernel;
using RiskDurable.Kernel.Metrics;

namespace RiskDurable.Execution.Planning;

/// <summary>How deep the results go.</summary>
public enum ReportDepth
{
    /// <summary>The whole portfolio only.</summary>
    Portfolio,

    /// <summary>Down to the deepest roll-up tag.</summary>
    Tags,

    /// <summary>Down to deals.</summary>
    Deals,

    /// <summary>Down to layers.</summary>
    Layers,
}

/// <summary>What is asked of a rollup.</summary>
/// <param name="Depth">How deep the results go.</param>
/// <param name="ReturnPeriods">Years at which curves are read; those above the number of trials are left out.</param>
/// <param name="ContributionPeriods">Years at which a node's contribution to its parent's TVaR is given.</param>
/// <param name="RankConvention">Return period of a rank.</param>
/// <param name="Sampling">How losses are drawn; null where each is its mean.</param>
public sealed record RollupSettings(
    ReportDepth Depth,
    IReadOnlyList<double> ReturnPeriods,
    IReadOnlyList<double> ContributionPeriods,
    RankConvention RankConvention = RankConvention.Empirical,
    LossSampling? Sampling = null)
{
    /// <summary>Down to layers, at the default return periods, contributions at 100 and 250 years.</summary>
    public static RollupSettings Default { get; } = new(ReportDepth.Layers, [.. ReturnPeriodGrid.DefaultReturnPeriods], [100, 250]);
}
