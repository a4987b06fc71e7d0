using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Storage;
using RiskDurable.Kernel.Metrics;

namespace RiskDurable.Execution.Running;

/// <summary>A report job: metrics, curves and contributions of a group of nodes over all trial blocks.</summary>
internal sealed class ReportJob(IObjectStore store, TableCache tables, RollupPlan plan, Func<CancellationToken, ValueTask> pauseAsync)
{
    private readonly MetricsWorkspace _workspace = new();
    private readonly MetricsWorkspace _parentWorkspace = new();

    public async ValueTask<JobOutcome> RunAsync(int groupNumber, CancellationToken cancellationToken)
    {
        ReportGroup group = plan.Groups[groupNumber];
        using var sources = new BlockSections(store, plan, group);
        TrialWeights? weights = await tables.WeightsAsync(plan.Manifest, cancellationToken).ConfigureAwait(false);
        var grid = new ReturnPeriodGrid(plan.Manifest.Trials, plan.Settings.RankConvention, weights, [.. plan.Settings.ReturnPeriods]);
        var years = new NodeYears(weights);
        var parents = new Dictionary<LossSource, List<(double ReturnPeriod, TailWeights Weights)>>();
        var reports = new List<NodeReport>(group.Nodes.Count);
        await sources.LoadAsync(cancellationToken).ConfigureAwait(false);
        foreach (ReportNode node in group.Nodes)
        {
            await pauseAsync(cancellationToken).ConfigureAwait(false);
            var contributions = new List<TvarContribution>();
            if (node.Parent is { } parent)
            {
                if (!parents.TryGetValue(parent, out List<(double ReturnPeriod, TailWeights Weights)>? tails))
                {
                    sources.Fill(years, parent, double.NaN);
                    tails = parents[parent] = TailsOf(years, grid);
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
                metrics = metrics with
                {
                    Layer = LayerYears.MeasuresOf(layer, node.Losses, years, metrics.Annual, full => sources.Fill(years, full, double.NaN)),
                };
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

    private List<(double ReturnPeriod, TailWeights Weights)> TailsOf(NodeYears parent, ReturnPeriodGrid grid)
    {
        YearLosses losses = YearLosses.Sparse(parent.Trials, parent.Aggregate, plan.Manifest.Trials);
        var tails = new List<(double, TailWeights)>();
        foreach (double period in plan.Settings.ContributionPeriods)
        {
            if (TailWeights.TryFor(losses, grid, period, _parentWorkspace) is { } weights)
            {
                tails.Add((period, weights));
            }
        }

        return tails;
    }
}
