using System.Collections.Concurrent;
using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Results;
using RiskDurable.Execution.Running;
using RiskDurable.Execution.Storage;
using RiskDurable.Kernel;
using RiskDurable.Kernel.Metrics;
using RiskDurable.Portfolio;
using RiskDurable.Portfolio.Model;
using RiskDurable.Portfolio.Reading;

namespace RiskDurable.Execution.Analytics;

/// <summary>
/// Analyses deals against a portfolio that was rolled up: what a deal and its layers would be as nodes of the rollup, to the bit, and what the
/// deal does to the whole portfolio (docs/deal-analytics.md).
/// </summary>
/// <remarks>For several callers at once. Holds the plan's deals; trial blocks, ELTs and the portfolio's losses are in the caches that are shared.</remarks>
public sealed class DealAnalyzer
{
    private readonly TableCache _tables;
    private readonly RootLossCache _roots;
    private readonly RollupPlan _plan;
    private readonly AnalysisBook _book;
    private readonly int _threads;
    private readonly ConcurrentBag<BlockAnalyzer> _blockAnalyzers = [];
    private readonly ConcurrentBag<AnalysisMetrics> _metrics = [];
    private volatile KnownRoot? _knownRoot;

    /// <summary>Prepares analyses against a plan.</summary>
    /// <param name="tables">Trial blocks and ELTs.</param>
    /// <param name="roots">The portfolio's losses.</param>
    /// <param name="plan">The plan of a rollup; its reduce jobs have run.</param>
    /// <param name="threads">Trial blocks at the same time, at least 1; results do not depend on it.</param>
    public DealAnalyzer(TableCache tables, RootLossCache roots, RollupPlan plan, int threads)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _tables = tables;
        _roots = roots;
        _plan = plan;
        _book = new AnalysisBook(plan);
        _threads = threads;
    }

    /// <summary>What requests may refer to.</summary>
    public KnownPortfolio Portfolio => _book.Known;

    /// <summary>Analyses deals.</summary>
    /// <param name="request">The deals; read against <see cref="Portfolio"/>.</param>
    /// <param name="manifestHash">Hash of the plan's manifest.</param>
    /// <param name="runId">The rollup's id, for the record; or null.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="UnreadableObjectException">A packed table or an output of the rollup is missing or damaged.</exception>
    public async Task<DealAnalysis> AnalyzeAsync(AnalysisRequest request, string manifestHash, string? runId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var graph = new AnalysisGraph(_book);
        List<(DealCase Case, int Without, List<VariantNumbers> Variants)> cases = [.. request.Deals.Select(deal => Add(graph, deal))];
        LayerModel[] models = await graph.LoadAsync(_tables, cancellationToken).ConfigureAwait(false);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _threads, CancellationToken = cancellationToken };
        var blocks = new BlockAnalysis[_plan.Manifest.Blocks.Count];
        var roots = new RootLosses[blocks.Length];
        await Parallel.ForAsync(0, blocks.Length, parallel, async (block, cancel) =>
        {
            TrialBlock trials = await _tables.BlockAsync(_plan.Manifest.Blocks[block].Hash, cancel).ConfigureAwait(false);
            roots[block] = await _roots.GetAsync(_plan, block, cancel).ConfigureAwait(false);
            BlockAnalyzer analyzer = _blockAnalyzers.TryTake(out BlockAnalyzer? free) ? free : new BlockAnalyzer(_plan.Settings.Sampling);
            blocks[block] = analyzer.Run(trials, roots[block], graph, models, cancel);
            _blockAnalyzers.Add(analyzer);
        }).ConfigureAwait(false);

        double[] periods = [.. request.ReturnPeriods ?? _plan.Settings.ReturnPeriods];
        KnownRoot? known = _knownRoot;
        TrialWeights? weights = await _tables.WeightsAsync(_plan.Manifest, cancellationToken).ConfigureAwait(false);
        var figures = new AnalysisFigures(
            _plan, new ReturnPeriodGrid(_plan.Manifest.Trials, _plan.Settings.RankConvention, weights, periods), graph, blocks, roots, known?.Periods.SequenceEqual(periods) == true ? known.Metrics : null);
        var work = figures.OfRoots().Concat(cases.SelectMany(at => at.Variants).SelectMany(figures.Of)).ToArray();
        await Parallel.ForEachAsync(work, parallel, (figure, _) =>
        {
            AnalysisMetrics metrics = _metrics.TryTake(out AnalysisMetrics? free) ? free : new AnalysisMetrics(weights);
            figure(metrics);
            _metrics.Add(metrics);
            return ValueTask.CompletedTask;
        }).ConfigureAwait(false);
        _knownRoot = new(periods, figures.Root(0));

        return new DealAnalysis(
            DealAnalysis.CurrentSchema,
            runId,
            manifestHash,
            KernelVersion.Current,
            _plan.Manifest.Portfolio,
            _plan.Manifest.Currency,
            _plan.Manifest.Trials,
            ReportedNode.Of(new NodeReport(NodePath.Root.Text, NodeKind.Portfolio, null, figures.Root(0), [])),
            [.. cases.Select(at => new AnalysedDeal(at.Case.Id, at.Case.InPortfolio, [.. at.Variants.Select(variant => figures.Result(at.Case.Id, at.Without, variant))]))]);
    }

    private sealed record KnownRoot(double[] Periods, NodeMetrics Metrics);

    private (DealCase Case, int Without, List<VariantNumbers> Variants) Add(AnalysisGraph graph, DealCase at)
    {
        int without = at.InPortfolio ? graph.AddImpact(BookChange.Without(_book, at.Id)) : 0;
        var variants = new List<VariantNumbers>();
        foreach (DealVariant variant in at.Variants)
        {
            BookChange change = BookChange.With(_book, variant.Deal);
            int deal = graph.AddDeal(change, variant.Deal);
            variants.Add(new VariantNumbers(variant, deal, graph.AddImpact(change)));
        }

        return (at, without, variants);
    }
}

/// <summary>Where a variant's numbers are.</summary>
/// <param name="Variant">The variant.</param>
/// <param name="Deal">Its deal in <see cref="AnalysisGraph.Deals"/>.</param>
/// <param name="With">The portfolio with it in <see cref="AnalysisGraph.Impacts"/>.</param>
internal sealed record VariantNumbers(DealVariant Variant, int Deal, int With);
