using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Results;
using RiskDurable.Execution.Running;
using RiskDurable.Kernel;
using RiskDurable.Kernel.Metrics;
using RiskDurable.Portfolio;
using RiskDurable.Portfolio.Model;

namespace RiskDurable.Execution.Analytics;

/// <summary>Metrics from what the blocks yielded: of each variant's deal and layers, and of the whole portfolio after each change.</summary>
internal sealed class AnalysisFigures
{
    private readonly RollupPlan _plan;
    private readonly ReturnPeriodGrid _grid;
    private readonly AnalysisGraph _graph;
    private readonly BlockAnalysis[] _blocks;
    private readonly RootLosses[] _roots;
    private readonly NodeMetrics?[] _rootMetrics;
    private readonly Dictionary<VariantNumbers, ReportedNode[]> _nodes = new(ReferenceEqualityComparer.Instance);

    /// <param name="plan">The plan.</param>
    /// <param name="grid">Where curves are read, with the trials' weights.</param>
    /// <param name="graph">What was simulated.</param>
    /// <param name="blocks">What came of it, by block.</param>
    /// <param name="roots">The whole portfolio, by block.</param>
    /// <param name="unchangedRoot">Its metrics at these return periods, where they are known.</param>
    public AnalysisFigures(
        RollupPlan plan,
        ReturnPeriodGrid grid,
        AnalysisGraph graph,
        BlockAnalysis[] blocks,
        RootLosses[] roots,
        NodeMetrics? unchangedRoot)
    {
        _plan = plan;
        _grid = grid;
        _graph = graph;
        _blocks = blocks;
        _roots = roots;
        _rootMetrics = new NodeMetrics?[graph.Impacts.Count];
        _rootMetrics[0] = unchangedRoot;
    }

    private int Trials => _plan.Manifest.Trials;

    /// <summary>The work on a variant, a node each; to be done once, in any order and on any thread.</summary>
    public IEnumerable<Action<AnalysisMetrics>> Of(VariantNumbers variant)
    {
        Deal deal = variant.Variant.Deal;
        var nodes = new ReportedNode[1 + deal.Layers.Count];
        _nodes.Add(variant, nodes);
        NodePath path = NodePath.ForDeal(_plan.Manifest.Rollup, deal);
        double rate = _plan.Manifest.Fx[deal.Currency];
        yield return metrics => nodes[0] = NodeOf(path, NodeKind.Deal, deal.Name, DealMetrics(metrics, variant.Deal, rate));
        for (int i = 0; i < deal.Layers.Count; i++)
        {
            int number = i;
            Layer layer = deal.Layers[i];
            int task = _graph.Deals[variant.Deal].Layers[i].Layer;
            yield return metrics => nodes[1 + number] = NodeOf(path.Layer(layer.Id), NodeKind.Layer, null, LayerMetrics(metrics, task, layer, rate));
        }
    }

    /// <summary>The work on the whole portfolio.</summary>
    public IEnumerable<Action<AnalysisMetrics>> OfRoots() => Enumerable.Range(0, _rootMetrics.Length)
        .Where(impact => _rootMetrics[impact] is null)
        .Select(impact => (Action<AnalysisMetrics>)(metrics => _rootMetrics[impact] = RootMetrics(metrics, impact)));

    /// <summary>Metrics of the whole portfolio after a change; the work is done.</summary>
    public NodeMetrics Root(int impact) => _rootMetrics[impact]!;

    /// <summary>A variant's results; the work is done.</summary>
    public AnalysedVariant Result(string dealId, int without, VariantNumbers variant)
    {
        ReportedNode[] nodes = _nodes[variant];
        string[] dependants = [.. _graph.Impacts[without].Deals.Union(_graph.Impacts[variant.With].Deals).Where(id => id != dealId).Order(StringComparer.Ordinal)];
        return new AnalysedVariant(variant.Variant.Name, nodes[0], nodes[1..], MarginalImpact.Of(Root(without), Root(variant.With), dependants));
    }

    private static ReportedNode NodeOf(NodePath path, NodeKind kind, string? name, NodeMetrics metrics) =>
        ReportedNode.Of(new NodeReport(path.Text, kind, name, metrics, []));

    private NodeMetrics DealMetrics(AnalysisMetrics metrics, int deal, double rate)
    {
        Fill(metrics.Years, block => block.Deals[deal], new LossSource(0, 0, Share: 1, rate), double.NaN);
        return NodeMetrics.Of(metrics.Years.View(Trials), _grid, metrics.Workspace);
    }

    private NodeMetrics LayerMetrics(AnalysisMetrics metrics, int task, Layer layer, double rate)
    {
        void FillAt(LossSource source) =>
            Fill(metrics.Years, block => task < 0 ? BlockYearLosses.None : block.Layers[task], source, layer.Terms.AggregateLimit);

        var losses = new LossSource(0, 0, layer.Share, rate);
        FillAt(losses);
        NodeMetrics computed = NodeMetrics.Of(metrics.Years.View(Trials), _grid, metrics.Workspace);
        return computed with { Layer = LayerYears.MeasuresOf(layer, losses, metrics.Years, computed.Annual, FillAt) };
    }

    private void Fill(NodeYears years, Func<BlockAnalysis, BlockYearLosses> select, LossSource source, double aggregateLimit)
    {
        years.Begin();
        for (int block = 0; block < _blocks.Length; block++)
        {
            years.Add(select(_blocks[block]), source, _plan.Manifest.Blocks[block].FirstTrial, aggregateLimit);
        }
    }

    private NodeMetrics RootMetrics(AnalysisMetrics metrics, int impact)
    {
        (double[] aggregate, double[] maxOccurrence, double[] premium) = metrics.Dense(Trials);
        for (int block = 0; block < _blocks.Length; block++)
        {
            int first = _plan.Manifest.Blocks[block].FirstTrial;
            _roots[block].Aggregate.CopyTo(aggregate, first);
            _roots[block].MaxOccurrence.CopyTo(maxOccurrence, first);
            _roots[block].ReinstatementPremium.CopyTo(premium, first);
            BlockYearLosses changed = _blocks[block].Roots[impact];
            for (int i = 0; i < changed.Count; i++)
            {
                int trial = first + changed.Trials[i];
                aggregate[trial] = changed.Aggregate[i];
                maxOccurrence[trial] = changed.MaxOccurrence[i];
                premium[trial] = changed.ReinstatementPremium[i];
            }
        }

        return NodeMetrics.Of(
            NodeYearLosses.Dense(aggregate.AsSpan(0, Trials), maxOccurrence.AsSpan(0, Trials), premium.AsSpan(0, Trials)), _grid, metrics.Workspace);
    }
}

/// <summary>Work arrays of metrics; one a thread.</summary>
/// <param name="weights">The trials' weights; null where all count alike.</param>
internal sealed class AnalysisMetrics(TrialWeights? weights)
{
    private double[] _aggregate = [];
    private double[] _maxOccurrence = [];
    private double[] _premium = [];

    public MetricsWorkspace Workspace { get; } = new();

    public NodeYears Years { get; } = new(weights);

    /// <summary>Three columns of at least so many trials.</summary>
    public (double[] Aggregate, double[] MaxOccurrence, double[] ReinstatementPremium) Dense(int trials)
    {
        if (_aggregate.Length < trials)
        {
            _aggregate = new double[trials];
            _maxOccurrence = new double[trials];
            _premium = new double[trials];
        }

        return (_aggregate, _maxOccurrence, _premium);
    }
}
