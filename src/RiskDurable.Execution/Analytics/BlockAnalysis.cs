using RiskDurable.Kernel;

namespace RiskDurable.Execution.Analytics;

/// <summary>What one trial block yields for a request.</summary>
/// <param name="Layers">Year losses of each layer, at 100 %, deal currency.</param>
/// <param name="Deals">Year losses of each deal, deal currency.</param>
/// <param name="Roots">For each impact the years of the whole portfolio that it changes, reporting currency.</param>
internal sealed record BlockAnalysis(BlockYearLosses[] Layers, BlockYearLosses[] Deals, BlockYearLosses[] Roots);

/// <summary>Simulates what a request needs over one trial block. Keeps its work arrays between blocks; one a thread.</summary>
/// <param name="sampling">How losses are drawn; null where each is its mean.</param>
internal sealed class BlockAnalyzer(LossSampling? sampling)
{
    private readonly LayerSimulator _simulator = new(sampling: sampling);
    private readonly LossRollup _rollup = new();
    private readonly RootChange _root = new();

    public BlockAnalysis Run(TrialBlock block, RootLosses root, AnalysisGraph graph, LayerModel[] models, CancellationToken cancellationToken)
    {
        var layers = new LayerLosses[models.Length];
        for (int number = 0; number < layers.Length; number++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            IReadOnlyList<TaskSource> sources = graph.Layers[number].Sources;
            var upstream = new OccurrenceLosses?[sources.Count];
            for (int term = 0; term < upstream.Length; term++)
            {
                upstream[term] = sources[term].EltHash is null ? layers[sources[term].Layer].Recoveries : null;
            }

            layers[number] = _simulator.Simulate(block, models[number], upstream);
        }

        var deals = new (OccurrenceLosses Occurrences, BlockYearLosses Years)[graph.Deals.Count];
        for (int number = 0; number < deals.Length; number++)
        {
            deals[number] = Sum(block, graph.Deals[number], layers);
        }

        var roots = new BlockYearLosses[graph.Impacts.Count];
        for (int number = 0; number < roots.Length; number++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _root.Begin(block);
            foreach (RootDelta delta in graph.Impacts[number].Deltas)
            {
                _root.Add(deals[delta.Deal].Occurrences, deals[delta.Deal].Years, delta.Sign * graph.Deals[delta.Deal].Rate);
            }

            roots[number] = _root.End(root);
        }

        return new BlockAnalysis([.. layers.Select(layer => layer.Years)], [.. deals.Select(deal => deal.Years)], roots);
    }

    /// <summary>As a map job does it: layers by position in the deal.</summary>
    private (OccurrenceLosses Occurrences, BlockYearLosses Years) Sum(TrialBlock block, DealTask deal, LayerLosses[] layers)
    {
        _rollup.Begin(block);
        foreach (DealLayer layer in deal.Layers)
        {
            if (layer.Sign != 0 && layer.Layer >= 0)
            {
                _rollup.Add(layers[layer.Layer].Recoveries, layers[layer.Layer].Years, layer.Sign * layer.Share);
            }
        }

        return _rollup.End();
    }
}
