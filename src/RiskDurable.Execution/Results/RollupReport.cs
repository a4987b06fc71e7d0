using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Running;
using RiskDurable.Kernel.Metrics;

namespace RiskDurable.Execution.Results;

/// <summary>The results of a rollup as <c>report.json</c> holds them. Amounts in reporting currency.</summary>
/// <param name="Schema">Version of this form.</param>
/// <param name="RunId">The run's id.</param>
/// <param name="CreatedAt">When the run ended.</param>
/// <param name="Version">The product's version.</param>
/// <param name="KernelVersion">The version of the numbers.</param>
/// <param name="Sampling">What a loss is: <c>mean</c>, or drawn from <c>beta</c> distributions.</param>
/// <param name="Seed">The seed of what is drawn; null for means.</param>
/// <param name="Portfolio">What was rolled up.</param>
/// <param name="Inputs">Digests of the inputs.</param>
/// <param name="Nodes">The nodes by ordinal path.</param>
public sealed record RollupReport(
    string Schema,
    string RunId,
    DateTimeOffset CreatedAt,
    string Version,
    int KernelVersion,
    string Sampling,
    ulong? Seed,
    ReportedPortfolio Portfolio,
    InputDigests Inputs,
    IReadOnlyList<ReportedNode> Nodes)
{
    /// <summary>The schema this version reads and writes.</summary>
    public const string CurrentSchema = "riskdurable/report/1";
}

/// <summary>The portfolio of a report.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Currency">Reporting currency.</param>
/// <param name="Fx">Reporting-currency units for one unit of each currency.</param>
/// <param name="Trials">Number of trials.</param>
/// <param name="Occurrences">Rows of the YET.</param>
/// <param name="Deals">Number of deals.</param>
/// <param name="Layers">Number of layers.</param>
/// <param name="RankConvention">Return period of a rank.</param>
public sealed record ReportedPortfolio(
    string Id,
    string Name,
    string Currency,
    IReadOnlyDictionary<string, double> Fx,
    int Trials,
    long Occurrences,
    int Deals,
    int Layers,
    RankConvention RankConvention);

/// <summary>SHA-256 digests of packed inputs.</summary>
/// <param name="Manifest">Of the manifest, which names all the others.</param>
/// <param name="Deals">Of the deals.</param>
/// <param name="Blocks">Of the trial blocks, in order.</param>
/// <param name="Elts">Of the ELTs, by id.</param>
/// <param name="Weights">Of the trials' weights; null where all count alike.</param>
public sealed record InputDigests(
    string Manifest, string Deals, IReadOnlyList<string> Blocks, IReadOnlyDictionary<string, string> Elts, string? Weights = null);

/// <summary>A node of a report.</summary>
/// <param name="Node">Its path.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Name">A deal's name; else null.</param>
/// <param name="Aal">Average annual loss.</param>
/// <param name="StandardDeviation">Of the annual loss; null with a single trial.</param>
/// <param name="StandardError">Of the AAL; null with a single trial.</param>
/// <param name="AttachmentProbability">Share of trials with an aggregate loss above 0.</param>
/// <param name="ExpectedReinstatementPremium">Mean reinstatement premium of a year.</param>
/// <param name="ExhaustionProbability">Layers: share of trials that use up the aggregate limit.</param>
/// <param name="RateOnLine">Layers: premium / occurrence limit; null when unlimited.</param>
/// <param name="LossOnLine">Layers: expected loss at 100 % / occurrence limit; null when unlimited.</param>
/// <param name="Curves">The four exceedance curves.</param>
/// <param name="Contributions">Contributions to the parent's AEP TVaR.</param>
/// <param name="EffectiveTrials">Where trials have weights: as many equally likely trials would give means as precise; else null.</param>
public sealed record ReportedNode(
    string Node,
    NodeKind Kind,
    string? Name,
    double Aal,
    double? StandardDeviation,
    double? StandardError,
    double AttachmentProbability,
    double ExpectedReinstatementPremium,
    double? ExhaustionProbability,
    double? RateOnLine,
    double? LossOnLine,
    IReadOnlyList<ReportedCurve> Curves,
    IReadOnlyList<TvarContribution> Contributions,
    double? EffectiveTrials = null)
{
    /// <summary>A node as the report shows it.</summary>
    /// <param name="report">A report job's result.</param>
    public static ReportedNode Of(NodeReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        AnnualLossStatistics annual = report.Metrics.Annual;
        return new ReportedNode(
            report.Node,
            report.Kind,
            report.Name,
            annual.AverageAnnualLoss,
            annual.StandardDeviation,
            annual.StandardError,
            annual.AttachmentProbability,
            annual.ExpectedReinstatementPremium,
            report.Metrics.Layer?.ExhaustionProbability,
            report.Metrics.Layer?.RateOnLine,
            report.Metrics.Layer?.LossOnLine,
            [.. report.Metrics.Points.GroupBy(point => point.Type).Select(curve => new ReportedCurve(
                (int)curve.Key,
                curve.Key,
                [.. curve.Select(point => new ReportedPoint(point.ReturnPeriod, point.Loss, point.Interval.Lower, point.Interval.Upper))]))],
            report.Contributions,
            annual.EffectiveTrials);
    }
}

/// <summary>An exceedance curve.</summary>
/// <param name="EpType">As in Open Results Data: 1 OEP, 2 OEP TVaR, 3 AEP, 4 AEP TVaR.</param>
/// <param name="Name">The type's name.</param>
/// <param name="Points">Its points by return period.</param>
public sealed record ReportedCurve(int EpType, EpType Name, IReadOnlyList<ReportedPoint> Points);

/// <summary>A point of a curve.</summary>
/// <param name="ReturnPeriod">Years.</param>
/// <param name="Loss">Loss, reporting currency.</param>
/// <param name="Lower">Lower end of its 95 % interval, where the trials give one.</param>
/// <param name="Upper">Upper end.</param>
public sealed record ReportedPoint(double ReturnPeriod, double Loss, double? Lower, double? Upper);
