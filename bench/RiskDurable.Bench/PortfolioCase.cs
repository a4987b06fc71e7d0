using RiskDurable.Kernel;

namespace RiskDurable.Bench;

/// <summary>
/// Thousands of layers with an ELT each, on all cores, block by block: a block is indexed, every layer simulated over it, and the block
/// dropped. Index building counts; making up the year-event table does not. No more than one block is in memory, so that the peak does not depend
/// on the number of trials.
/// </summary>
internal static class PortfolioCase
{
    private const int Rows = 20_000;

    public static void Run(BenchOptions options, Figures figures)
    {
        EventLossTable[] elts = [.. Enumerable.Range(0, options.Layers).Select(i => SyntheticData.Elt(1_000 + (ulong)i, Rows, options.Catalogue))];
        LayerModel[] free = [.. elts.Select(elt => SyntheticData.Layer([elt], LayerTerms.GroundUp))];
        LayerModel[] bound =
        [
            .. elts.Select(elt => SyntheticData.Layer(
                [elt], KernelCases.Binding(elt.MeanLosses.Sum() * options.EventsPerTrial / options.Catalogue))),
        ];
        Measure("portfolio", options, free, figures);
        Measure("portfolio, every trial in order", options, bound, figures);
    }

    private static void Measure(string name, BenchOptions options, LayerModel[] layers, Figures figures)
    {
        PeakMemory.Reset();
        int cores = Math.Min(2, Environment.ProcessorCount);
        double[] means = new double[layers.Length];
        long hits = 0;
        double seconds = 0;
        double indexing = 0;
        LayerSimulator[] simulators = [.. Enumerable.Range(0, cores).Select(_ => new LayerSimulator())];
        int blocks = (options.Trials + options.BlockTrials - 1) / options.BlockTrials;
        TrialBlockBuilder? rows = null;
        for (int number = 0; number < blocks; number++)
        {
            // What the block before has left behind goes first.
            GC.Collect();
            rows = RowsOf(options, number, rows);
            double started = Timing.Now(cores);
            TrialBlock block = rows.Build();
            double indexed = Timing.Now(cores);
            indexing += indexed - started;
            Timing.OnThreads(cores, thread =>
            {
                long mine = 0;
                for (int i = thread; i < layers.Length; i += cores)
                {
                    foreach (double loss in simulators[thread].SimulateYears(block, layers[i]).Aggregate)
                    {
                        means[i] += loss;
                    }

                    mine += simulators[thread].LastHits;
                }

                Interlocked.Add(ref hits, mine);
            });
            seconds += Timing.Now(cores) - started;
            Console.Error.Write($"\r  {name}: block {number + 1} of {blocks}, {seconds:F1} s, peak {PeakMemory.MiB():F0} MiB ");
        }

        Console.Error.WriteLine();
        figures.Add(name, "layers", layers.Length);
        figures.Add(name, "seconds", seconds);
        figures.Add(name, "of which indexing", indexing);
        figures.Add(name, "threads", cores);
        figures.Add(name, "hits", hits);
        figures.Add(name, "core ns a hit", (seconds - indexing) * cores * 1e9 / hits);
        figures.Add(name, "mean year of all layers", means.Sum() / options.Trials);
        figures.Add(name, "peakMiB", PeakMemory.MiB());
    }

    private static TrialBlockBuilder RowsOf(BenchOptions options, int block, TrialBlockBuilder? builder)
    {
        int trials = Math.Min(options.BlockTrials, options.Trials - (block * options.BlockTrials));
        return new SyntheticData(options with { Trials = trials, BlockTrials = trials }, seed: 1 + (ulong)block).Rows(0, builder);
    }
}
