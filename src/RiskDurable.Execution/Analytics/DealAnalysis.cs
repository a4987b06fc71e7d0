using System.Text.Json;
using System.Text.Json.Serialization;
using RiskDurable.Execution.Results;
using RiskDurable.Kernel.Metrics;

namespace RiskDurable.Execution.Analytics;

/// <summary>Answer to a request to analyse deals. Amounts in reporting currency.</summary>
/// <param name="Schema">Version of this form.</param>
/// <param name="Run">The rollup that the deals are compared with; null where none was named.</param>
/// <param name="Manifest">Hash of its manifest.</param>
/// <param name="KernelVersion">Version of the kernel.</param>
/// <param name="PortfolioId">The portfolio's id.</param>
/// <param name="Currency">Reporting currency.</param>
/// <param name="Trials">Number of trials.</param>
/// <param name="Portfolio">The whole portfolio as the rollup left it.</param>
/// <param name="Deals">The deals, in the order of the request.</param>
public sealed record DealAnalysis(
    string Schema,
    string? Run,
    string Manifest,
    int KernelVersion,
    string PortfolioId,
    string Currency,
    int Trials,
    ReportedNode Portfolio,
    IReadOnlyList<AnalysedDeal> Deals)
{
    /// <summary>The schema this version writes.</summary>
    public const string CurrentSchema = "riskdurable/analysis/1";

    /// <summary>The answer as JSON, UTF-8.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, AnalysisJson.Default.DealAnalysis);

    /// <summary>Reads an answer back.</summary>
    /// <param name="json">As <see cref="ToBytes"/> writes it.</param>
    /// <exception cref="JsonException">It is none.</exception>
    public static DealAnalysis Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, AnalysisJson.Default.DealAnalysis) ?? throw new JsonException("The analysis is null.");
}

/// <summary>A deal on the terms that were asked for.</summary>
/// <param name="Id">The deal's id.</param>
/// <param name="InPortfolio">Whether the portfolio has it already.</param>
/// <param name="Variants">The deal as given first, then its variants.</param>
public sealed record AnalysedDeal(string Id, bool InPortfolio, IReadOnlyList<AnalysedVariant> Variants);

/// <summary>A deal on certain terms.</summary>
/// <param name="Name">The variant's name.</param>
/// <param name="Deal">The deal's node, as in a rollup of the portfolio with it.</param>
/// <param name="Layers">The nodes of its layers, in the deal's order.</param>
/// <param name="Impact">What it does to the whole portfolio.</param>
public sealed record AnalysedVariant(string Name, ReportedNode Deal, IReadOnlyList<ReportedNode> Layers, MarginalImpact Impact);

/// <summary>Marginal impact of a deal: the whole portfolio with it, less the whole portfolio without it, trial by trial the same.</summary>
/// <param name="Dependants">Ids of other deals of the portfolio whose losses the deal changes, as they refer to its layers.</param>
/// <param name="Aal">Average annual loss.</param>
/// <param name="StandardDeviation">Of the aggregate loss; null with a single trial.</param>
/// <param name="AttachmentProbability">Share of trials with an aggregate loss above 0.</param>
/// <param name="ExpectedReinstatementPremium">Mean reinstatement premium of a year.</param>
/// <param name="Curves">The four curves.</param>
public sealed record MarginalImpact(
    IReadOnlyList<string> Dependants,
    MarginalFigure Aal,
    MarginalFigure? StandardDeviation,
    MarginalFigure AttachmentProbability,
    MarginalFigure ExpectedReinstatementPremium,
    IReadOnlyList<MarginalCurve> Curves)
{
    // Where trials have weights, the longest return period is that of the worst trial's weight, and the deal may make another trial the worst.
    private static IEnumerable<(ExceedancePoint Without, ExceedancePoint With)> Shared(
        IReadOnlyList<ExceedancePoint> without, IReadOnlyList<ExceedancePoint> with) => without.Join(
            with, point => (point.Type, point.ReturnPeriod), point => (point.Type, point.ReturnPeriod), (before, after) => (before, after));

    /// <summary>The impact from the metrics of both portfolios.</summary>
    internal static MarginalImpact Of(NodeMetrics without, NodeMetrics with, IReadOnlyList<string> dependants)
    {
        static MarginalFigure Figure(double without, double with) => new(without, with, with - without);
        return new MarginalImpact(
            dependants,
            Figure(without.Annual.AverageAnnualLoss, with.Annual.AverageAnnualLoss),
            without.Annual.StandardDeviation is { } before && with.Annual.StandardDeviation is { } after ? Figure(before, after) : null,
            Figure(without.Annual.AttachmentProbability, with.Annual.AttachmentProbability),
            Figure(without.Annual.ExpectedReinstatementPremium, with.Annual.ExpectedReinstatementPremium),
            [.. Shared(without.Points, with.Points)
                .GroupBy(pair => pair.Without.Type)
                .Select(curve => new MarginalCurve((int)curve.Key, curve.Key, [.. curve.Select(pair => new MarginalPoint(
                    pair.Without.ReturnPeriod, pair.Without.Loss, pair.With.Loss, pair.With.Loss - pair.Without.Loss))]))]);
    }
}

/// <summary>A figure of the whole portfolio.</summary>
/// <param name="Without">Without the deal.</param>
/// <param name="With">With it.</param>
/// <param name="Marginal">The difference: with, less without.</param>
public sealed record MarginalFigure(double Without, double With, double Marginal);

/// <summary>A curve of the whole portfolio without and with the deal.</summary>
/// <param name="EpType">As in Open Results Data: 1 OEP, 2 OEP TVaR, 3 AEP, 4 AEP TVaR.</param>
/// <param name="Name">The type's name.</param>
/// <param name="Points">Its points by return period.</param>
public sealed record MarginalCurve(int EpType, EpType Name, IReadOnlyList<MarginalPoint> Points);

/// <summary>A point of both curves.</summary>
/// <param name="ReturnPeriod">Years.</param>
/// <param name="Without">The loss without the deal.</param>
/// <param name="With">The loss with it.</param>
/// <param name="Marginal">The difference: with, less without.</param>
public sealed record MarginalPoint(double ReturnPeriod, double Without, double With, double Marginal);

/// <summary>JSON of an answer.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DealAnalysis))]
internal sealed partial class AnalysisJson : JsonSerializerContext;
