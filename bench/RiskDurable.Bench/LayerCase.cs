using RiskDurable.Kernel;

namespace RiskDurable.Bench;

/// <summary>One layer on one thread, from its ELTs to its year losses: the baseline and the kernel in turns.</summary>
internal sealed class LayerCase(SyntheticData data, IndexedTable table, MachineLimits limits, Figures figures)
{
    private readonly LayerSimulator _simulator = new();
    private readonly BlockYearLosses[] _years = new BlockYearLosses[table.Blocks.Length];
    private long _hits;

    public void Run(string name, EventLossTable[] elts)
    {
        LayerModel layer = SyntheticData.Layer(elts, LayerTerms.GroundUp);
        var baseline = new GatherBaseline(data);
        double saved = Measure(name, layer, baseline);
        double meanYear = baseline.Aggregate.Average();
        Measure($"{name}, every trial in order", layer with { Terms = KernelCases.Binding(meanYear) }, baseline);
        figures.Add(name, "layers until the index has paid", table.Seconds / saved);
    }

    private double Measure(string name, LayerModel layer, GatherBaseline baseline)
    {
        double[] seconds = Timing.Best(data.Options.Repeats, () => baseline.Run(layer), () => Simulate(layer));
        Compare(baseline);
        double occurrences = data.Options.Occurrences;
        figures.Add(name, "baselineSeconds", seconds[0]);
        figures.Add(name, "seconds", seconds[1]);
        figures.Add(name, "ratio", seconds[0] / seconds[1]);
        figures.Add(name, "baseline ns an occurrence", seconds[0] * 1e9 / occurrences);
        figures.Add(name, "ns an occurrence", seconds[1] * 1e9 / occurrences);
        figures.Add(name, "gather limit ns an occurrence", limits.GatherSeconds[0] * 1e9);
        figures.Add(name, "hits", _hits);
        figures.Add(name, "million hits/s", _hits / seconds[1] / 1e6);
        figures.Add(name, "ns a hit", seconds[1] * 1e9 / _hits);

        // The trial of each hit, and where the terms bind its position; the event's entry in the index and its loss.
        bool ordered = layer.Terms.AggregateRetention > 0;
        double bytes = _hits * (ordered ? 4.0 : 2.0);
        figures.Add(name, "index bytes read, MB", bytes / 1e6);
        figures.Add(name, "share of the streaming limit", bytes / seconds[1] / limits.StreamBytesPerSecond[0]);
        return seconds[0] - seconds[1];
    }

    private void Simulate(LayerModel layer)
    {
        _hits = 0;
        for (int block = 0; block < _years.Length; block++)
        {
            _years[block] = _simulator.SimulateYears(table.Blocks[block], layer);
            _hits += _simulator.LastHits;
        }
    }

    /// <summary>Both must have worked out the same, but for the rounding of sums in another order.</summary>
    private void Compare(GatherBaseline baseline)
    {
        double largestSum = baseline.Aggregate.Max();
        for (int block = 0; block < _years.Length; block++)
        {
            double[] aggregate = new double[table.Blocks[block].TrialCount];
            double[] largest = new double[aggregate.Length];
            for (int i = 0; i < _years[block].Count; i++)
            {
                aggregate[_years[block].Trials[i]] = _years[block].Aggregate[i];
                largest[_years[block].Trials[i]] = _years[block].MaxOccurrence[i];
            }

            for (int trial = 0; trial < aggregate.Length; trial++)
            {
                int at = table.Blocks[block].FirstTrial + trial;
                if (Math.Abs(aggregate[trial] - baseline.Aggregate[at]) > 1e-9 * largestSum
                    || Math.Abs(largest[trial] - baseline.MaxOccurrence[at]) > 1e-9 * largestSum)
                {
                    throw new InvalidOperationException($"Trial {at}: {aggregate[trial]} and {largest[trial]}, the baseline {baseline.Aggregate[at]} and {baseline.MaxOccurrence[at]}.");
                }
            }
        }
    }
}
