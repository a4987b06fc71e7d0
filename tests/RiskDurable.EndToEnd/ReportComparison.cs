using System.Globalization;
using RiskDurable.Execution.Results;
using RiskDurable.Execution.Running;
using RiskDurable.Reference;
using NodeMetrics = RiskDurable.Reference.NodeMetrics;
using NodeYears = RiskDurable.Reference.NodeYears;

namespace RiskDurable.EndToEnd;

/// <summary>Holds the node metrics of <c>report.json</c> against the reference.</summary>
internal static class ReportComparison
{
    /// <summary>A deviation from the mean is a difference of losses: it keeps their absolute error.</summary>
    private const double DeviationError = 1e-12;

    public static List<string> Of(ReferenceResult expected, RollupReport report)
    {
        var differences = new List<string>();
        string[] nodes = [.. report.Nodes.Select(node => node.Node)];
        if (!nodes.SequenceEqual(expected.Nodes.Keys.Order(StringComparer.Ordinal)))
        {
            differences.Add($"report: the nodes are {string.Join(' ', nodes)}");
            return differences;
        }

        Dictionary<(string, int, double), double> points = expected.Ept().ToDictionary(row => (row.Node, row.EpType, row.ReturnPeriod), row => row.Loss);
        foreach (ReportedNode node in report.Nodes)
        {
            Compare(expected, node, differences);
            foreach ((ReportedCurve curve, ReportedPoint point) in node.Curves.SelectMany(curve => curve.Points.Select(point => (curve, point))))
            {
                NodeYears years = expected.Nodes[node.Node];
                double floor = (curve.EpType <= 2 ? years.MaxOccurrenceBound : years.AggregateBound).Max();
                Check($"{node.Node} curve {curve.Name} at {point.ReturnPeriod}", points[(node.Node, curve.EpType, point.ReturnPeriod)], point.Loss, floor, differences);
                if (point.Lower > point.Loss || point.Upper < point.Loss)
                {
                    differences.Add($"report {node.Node} curve {curve.Name} at {point.ReturnPeriod}: the loss is outside its interval");
                }
            }
        }

        foreach ((string parent, IReadOnlyList<string> children) in expected.Children)
        {
            Contributions(expected, parent, [.. report.Nodes.Where(node => children.Contains(node.Node))], differences);
        }

        return differences;
    }

    private static void Compare(ReferenceResult expected, ReportedNode node, List<string> differences)
    {
        NodeYears years = expected.Nodes[node.Node];
        NodeMetrics metrics = expected.Metrics[node.Node];
        double spread = years.AggregateBound.Max() + (DeviationError * years.Aggregate.Max(Math.Abs));
        Check($"{node.Node} AAL", metrics.Aal, node.Aal, years.AggregateBound.Average() + (DeviationError * years.Aggregate.Average(Math.Abs)), differences);
        Check($"{node.Node} standard deviation", years.Trials > 1 ? metrics.StandardDeviation : null, node.StandardDeviation, spread, differences);
        Check($"{node.Node} standard error", years.Trials > 1 ? metrics.StandardError : null, node.StandardError, spread, differences);
        Check(
            $"{node.Node} expected reinstatement premium",
            metrics.ExpectedReinstatementPremium,
            node.ExpectedReinstatementPremium,
            years.ReinstatementPremiumBound.Average() + (DeviationError * years.ReinstatementPremium.Average(Math.Abs)),
            differences);
        Check($"{node.Node} rate on line", metrics.RateOnLine, node.RateOnLine, 0, differences);
        Check($"{node.Node} loss on line", metrics.LossOnLine, node.LossOnLine, metrics.LossOnLineBound, differences);
        Count($"{node.Node} attachment probability", metrics.AttachedTrials, node.AttachmentProbability, years.Trials, differences);
        if (metrics.ExhaustionProbability is null != node.ExhaustionProbability is null)
        {
            differences.Add($"report {node.Node}: exhaustion probability is {node.ExhaustionProbability}");
        }
        else if (node.ExhaustionProbability is double exhaustion)
        {
            Count($"{node.Node} exhaustion probability", metrics.ExhaustedTrials, exhaustion, years.Trials, differences);
        }
    }

    private static void Contributions(ReferenceResult expected, string parent, ReportedNode[] children, List<string> differences)
    {
        NodeYears years = expected.Nodes[parent];
        foreach (double period in ExceedanceCurve.Answerable(years.Trials))
        {
            double[] weights = TailContribution.Weights(years.Aggregate, period);
            bool certain = TailContribution.IsCertain(years, period);
            double sum = 0;
            double gross = 0;
            foreach (ReportedNode child in children)
            {
                TvarContribution[] given = [.. child.Contributions.Where(contribution => contribution.ReturnPeriod == period)];
                if (given.Length != 1)
                {
                    differences.Add($"report {child.Node}: {given.Length} contributions at {period}");
                    return;
                }

                NodeYears own = expected.Nodes[child.Node];
                double amount = weights.Zip(own.Aggregate).Sum(trial => trial.First * Math.Abs(trial.Second));
                if (certain)
                {
                    double wanted = weights.Zip(own.Aggregate).Sum(trial => trial.First * trial.Second) * expected.Signs[child.Node];
                    Check($"{child.Node} contribution at {period}", wanted, given[0].Amount, own.AggregateBound.Max() + (DeviationError * amount), differences);
                }

                sum += given[0].Amount;
                gross += own.Aggregate.Max(Math.Abs) * Math.Abs(expected.Signs[child.Node]);
            }

            double tail = new ExceedanceCurve(years.Aggregate).TailValueAt(period);
            Check($"{parent} sum of contributions at {period}", tail, sum, years.AggregateBound.Max() + (DeviationError * gross), differences);
        }
    }

    private static void Count(string place, (int Least, int Most) trials, double probability, int of, List<string> differences)
    {
        double count = probability * of;
        if (count < trials.Least - 1e-6 || count > trials.Most + 1e-6 || Math.Abs(count - Math.Round(count)) > 1e-6)
        {
            differences.Add(string.Create(CultureInfo.InvariantCulture, $"report {place}: {count} trials, expected {trials.Least}..{trials.Most} of {of}"));
        }
    }

    private static void Check(string place, double? expected, double? actual, double floor, List<string> differences)
    {
        if (expected is null || actual is null ? expected is null != actual is null : !ResultComparison.Agree(expected.Value, actual.Value, floor))
        {
            differences.Add(string.Create(CultureInfo.InvariantCulture, $"report {place}: expected {expected:R}, found {actual:R} (floor {floor:R})"));
        }
    }
}
