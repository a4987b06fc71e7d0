using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Storage;
using RiskDurable.Kernel.Metrics;
using RiskDurable.Portfolio.Model;

namespace RiskDurable.Execution.Running;

/// <summary>A report job: metrics, curves and contributions of a group of nodes over all trial blocks.</summary>
internal sealed class ReportJob(IObjectStore store, RollupPlan plan)
{
    private readonly MetricsWorkspace _workspace = new();
    private readonly MetricsWorkspace _parentWorkspace = new();

    public async ValueTask<JobOutcome> RunAsync(int groupNumber, CancellationToken cancellationToken)
    {
        ReportGroup group = plan.Groups[groupNumber];
        var sources = new BlockSections(store, plan, group);
        var grid = new ReturnPeriodGrid(plan.Manifest.Trials, [.. plan.Settings.ReturnPeriods]);
        var years = new NodeYears();
        var parents = new Dictionary<LossSource, List<(double ReturnPeriod, TailWeights Weights)>>();
        var reports = new List<NodeReport>(group.Nodes.Count);
        await sources.LoadAsync(cancellationToken).ConfigureAwait(false);
        foreach (ReportNode node in group.Nodes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var contributions = new List<TvarContribution>();
            if (node.Parent is { } parent)
            {
                if (!parents.TryGetValue(parent, out List<(double ReturnPeriod, TailWeights Weights)>? tails))
                {
                    sources.Fill(years, parent, double.NaN);
                    tails = parents[parent] = TailsOf(years);
                }

                sources.Fill(years, node.Losses, AggregateLimitOf(node));
                contributions.AddRange(tails.Select(tail => new TvarContribution(tail.ReturnPeriod, ContributionOf(node, years, tail.Weights))));
            }
            else
            {
                sources.Fill(years, node.Losses, double.NaN);
            }

            NodeMetrics metrics = NodeMetrics.Of(years.View(plan.Manifest.Trials), grid, _workspace);
            if (node.Layer is { } layer)
            {
                metrics = metrics with { Layer = MeasuresOf(node, layer, sources, years, metrics.Annual.AverageAnnualLoss) };
            }

            reports.Add(new NodeReport(node.Path.Text, node.Kind, node.Name, metrics, contributions));
        }

        byte[] output = ReportJson.Pack(reports);
        await store.WriteAsync(plan.ReportKey(groupNumber), output, cancellationToken).ConfigureAwait(false);
        return new JobOutcome(0, output.Length);
    }

    private static double AggregateLimitOf(ReportNode node) => node.Layer?.Terms.AggregateLimit ?? double.NaN;

    private double ContributionOf(ReportNode node, NodeYears years, TailWeights weights)
    {
        // The sum is the same with every sign; a layer that counts nowhere above itself contributes nothing, and not -0.
        double contribution = node.Sign * weights.Contribution(YearLosses.Sparse(years.Trials, years.Aggregate, plan.Manifest.Trials));
        return contribution == 0 ? 0 : contribution;
    }

    private List<(double ReturnPeriod, TailWeights Weights)> TailsOf(NodeYears parent)
    {
        YearLosses losses = YearLosses.Sparse(parent.Trials, parent.Aggregate, plan.Manifest.Trials);
        var tails = new List<(double, TailWeights)>();
        foreach (double period in plan.Settings.ContributionPeriods)
        {
            if (TailRank.TryFind(plan.Manifest.Trials, period, out _))
            {
                tails.Add((period, TailWeights.For(losses, period, _parentWorkspace)));
            }
        }

        return tails;
    }

    private LayerMeasures MeasuresOf(ReportNode node, Layer layer, BlockSections sources, NodeYears years, double averageAnnualLoss)
    {
        int trials = plan.Manifest.Trials;

        // With a limit of 0 every year has used it up.
        int exhausted = layer.Terms.AggregateLimit == 0 ? trials : years.ExhaustedTrials;
        if (layer.Share == 0)
        {
            sources.Fill(years, node.Losses with { Share = 1 }, double.NaN);
            averageAnnualLoss = AnnualLossStatistics.Of(years.View(trials)).AverageAnnualLoss;
        }

        double expected = averageAnnualLoss / (node.Losses.Rate * (layer.Share == 0 ? 1 : layer.Share));
        return LayerMeasures.Of(trials, exhausted, layer.Terms.OccurrenceLimit, layer.Premium, expected);
    }
}
