using System.Collections.Concurrent;
using RiskDurable.Execution.Analytics;
using RiskDurable.Execution.Running;
using RiskDurable.Functions.Rollup;

namespace RiskDurable.Functions.DealAnalytics;

/// <summary>Analyzers in memory: the last few plans that deals were compared with.</summary>
/// <param name="plans">The plans.</param>
/// <param name="tables">Trial blocks and ELTs.</param>
/// <param name="roots">Whole portfolios' losses.</param>
public sealed class AnalyzerLibrary(PlanLibrary plans, TableCache tables, RootLossCache roots)
{
    private const int MostAnalyzers = 4;

    private readonly ConcurrentDictionary<string, DealAnalyzer> _analyzers = new(StringComparer.Ordinal);

    /// <summary>The analyzer for a plan.</summary>
    /// <param name="plan">The plan's reference.</param>
    /// <exception cref="Execution.Storage.UnreadableObjectException">Its manifest or deals are missing.</exception>
    public async Task<DealAnalyzer> AnalyzerOfAsync(PlanReference plan)
    {
        ArgumentNullException.ThrowIfNull(plan);

        // Of the settings an analysis uses the return periods and the rank convention alone.
        string key = $"{plan.Manifest}|{string.Join(',', plan.Settings.ReturnPeriods)}|{plan.Settings.RankConvention}|{plan.Settings.Sampling?.Seed}";
        if (_analyzers.TryGetValue(key, out DealAnalyzer? known))
        {
            return known;
        }

        JobRunner runner = await plans.RunnerOfAsync(plan).ConfigureAwait(false);
        if (_analyzers.Count >= MostAnalyzers)
        {
            _analyzers.Clear();
        }

        return _analyzers.GetOrAdd(key, _ => new DealAnalyzer(tables, roots, runner.Plan, Environment.ProcessorCount));
    }
}
