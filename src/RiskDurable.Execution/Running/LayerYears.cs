using RiskDurable.Execution.Planning;
using RiskDurable.Kernel.Metrics;
using RiskDurable.Portfolio.Model;

namespace RiskDurable.Execution.Running;

/// <summary>What only a layer has, from its year losses.</summary>
internal static class LayerYears
{
    /// <summary>The measures of a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="losses">Its share and its rate.</param>
    /// <param name="years">Its year losses; overwritten where its share is 0.</param>
    /// <param name="annual">Their moments.</param>
    /// <param name="fill">Fills <paramref name="years"/> with the layer's losses at another share.</param>
    public static LayerMeasures MeasuresOf(Layer layer, in LossSource losses, NodeYears years, AnnualLossStatistics annual, Action<LossSource> fill)
    {
        // With a limit of 0 every year has used it up.
        double exhausted = layer.Terms.AggregateLimit == 0 ? 1 : Math.Min(years.ExhaustedWeight / (years.Weights?.Total ?? annual.Trials), 1);
        double averageAnnualLoss = annual.AverageAnnualLoss;
        if (layer.Share == 0)
        {
            fill(losses with { Share = 1 });
            averageAnnualLoss = AnnualLossStatistics.Of(years.View(annual.Trials), years.Weights).AverageAnnualLoss;
        }

        double expected = averageAnnualLoss / (losses.Rate * (layer.Share == 0 ? 1 : layer.Share));
        return LayerMeasures.Of(exhausted, layer.Terms.OccurrenceLimit, layer.Premium, expected);
    }
}
