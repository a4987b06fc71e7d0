using RiskDurable.Execution.Analytics;
using RiskDurable.Execution.Results;

namespace RiskDurable.Execution.Tests.Analytics;

/// <summary>Holds marginal impacts against the difference of two rollups.</summary>
internal static class MarginalDifference
{
    /// <param name="impact">The impact.</param>
    /// <param name="without">The whole portfolio of a rollup without the deal; null where no deal is left.</param>
    /// <param name="with">The whole portfolio of a rollup with it.</param>
    /// <param name="tolerance">Largest difference, reporting currency; 0 for the same bits.</param>
    public static IEnumerable<string> From(MarginalImpact impact, ReportedNode? without, ReportedNode with, double tolerance)
    {
        IEnumerable<(string Figure, double Expected, double Actual)> figures =
        [
            ("AAL without", without?.Aal ?? 0, impact.Aal.Without),
            ("AAL with", with.Aal, impact.Aal.With),
            ("AAL", with.Aal - (without?.Aal ?? 0), impact.Aal.Marginal),
            ("reinstatement premium", with.ExpectedReinstatementPremium - (without?.ExpectedReinstatementPremium ?? 0), impact.ExpectedReinstatementPremium.Marginal),
            .. with.Curves.SelectMany(curve => curve.Points.SelectMany(point => Points(impact, without, curve, point))),
        ];
        if (tolerance == 0)
        {
            figures = figures.Append((
                "attachment probability", with.AttachmentProbability - (without?.AttachmentProbability ?? 0), impact.AttachmentProbability.Marginal));
        }

        foreach ((string figure, double expected, double actual) in figures.Where(figure => !(Math.Abs(figure.Expected - figure.Actual) <= tolerance)))
        {
            yield return $"{figure}: {actual:R}, the difference of two rollups is {expected:R}";
        }
    }

    /// <summary>The largest loss of any layer, either way: what rounding is measured by where the whole portfolio's losses cancel.</summary>
    public static double Scale(RollupReport report) =>
        report.Nodes.Sum(node => node.Curves.SelectMany(curve => curve.Points).Select(point => Math.Abs(point.Loss)).Append(Math.Abs(node.Aal)).Max());

    private static IEnumerable<(string Figure, double Expected, double Actual)> Points(
        MarginalImpact impact, ReportedNode? without, ReportedCurve curve, ReportedPoint with)
    {
        MarginalPoint point = impact.Curves.Single(other => other.EpType == curve.EpType).Points.Single(other => other.ReturnPeriod == with.ReturnPeriod);
        double before = without?.Curves.Single(other => other.EpType == curve.EpType).Points.Single(other => other.ReturnPeriod == with.ReturnPeriod).Loss ?? 0;
        string name = FormattableString.Invariant($"{curve.Name} {with.ReturnPeriod}");
        yield return ($"{name} without", before, point.Without);
        yield return ($"{name} with", with.Loss, point.With);
        yield return (name, with.Loss - before, point.Marginal);
    }
}
