using RiskDurable.Kernel;

namespace RiskDurable.Bench;

/// <summary>
/// The paper's layer over a million trials on all cores, index excluded. The table is gone through as often as it takes to make a million
/// trials of it: it is larger than any cache, so that a pass finds nothing of the one before.
/// </summary>
internal static class MillionCase
{
    private const int Trials = 1_000_000;

    public static void Run(SyntheticData data, IndexedTable table, Figures figures)
    {
        LayerModel free = SyntheticData.Layer(data.Elts(100, 15, 20_000), LayerTerms.GroundUp);
        var simulator = new LayerSimulator();
        double sum = table.Blocks.Sum(block => simulator.SimulateYears(block, free).Aggregate.ToArray().Sum());
        LayerModel bound = free with { Terms = KernelCases.Binding(sum / data.Options.Trials) };
        int cores = Math.Min(2, Environment.ProcessorCount);
        foreach ((string name, LayerModel layer) in new[] { ("million", free), ("million, every trial in order", bound) })
        {
            int jobs = (int)((long)Trials * table.Blocks.Length / data.Options.Trials);
            LayerSimulator[] simulators = [.. Enumerable.Range(0, cores).Select(_ => new LayerSimulator())];
            double seconds = Timing.BestOnThreads(data.Options.Repeats, cores, thread =>
            {
                for (int job = thread; job < jobs; job += cores)
                {
                    simulators[thread].SimulateYears(table.Blocks[job % table.Blocks.Length], layer);
                }
            });
            figures.Add(name, "seconds", seconds);
            figures.Add(name, "threads", cores);
        }
    }
}
