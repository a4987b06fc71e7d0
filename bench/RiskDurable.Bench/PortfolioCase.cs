using RiskDurable.Kernel;

namespace RiskDurable.Bench;

/// <summary>
/// Thousands of layers with an ELT each, on all cores, block by block: a block is indexed, every layer simulated over it, and the block
/// dropped. Index building counts; reading the year-event table does not.
/// </summary>
internal static class PortfolioCase
{
    private const int Rows = 20_000;

    public static void Run(SyntheticData data, Figures figures)
    {
        EventLossTable[] elts = data.Elts(1_000, data.Options.Layers, Rows);
        LayerModel[] free = [.. elts.Select(elt => SyntheticData.Layer([elt], LayerTerms.GroundUp))];
        LayerModel[] bound =
        [
            .. elts.Select(elt => SyntheticData.Layer(
                [elt], KernelCases.Binding(elt.MeanLosses.Sum() * data.Options.EventsPerTrial / data.Options.Catalogue))),
        ];
        Measure("portfolio", data, free, figures);
        Measure("portfolio, every trial in order", data, bound, figures);
    }

    private static void Measure(string name, SyntheticData data, LayerModel[] layers, Figures figures)
    {
        int cores = Math.Min(2, Environment.ProcessorCount);
        double[] means = new double[layers.Length];
        long hits = 0;
        double seconds = 0;
        double indexing = 0;
        LayerSimulator[] simulators = [.. Enumerable.Range(0, cores).Select(_ => new LayerSimulator())];
        for (int number = 0; number < data.BlockCount; number++)
        {
            TrialBlockBuilder rows = data.Rows(number);
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
            Console.Error.Write($"\r  {name}: block {number + 1} of {data.BlockCount}, {seconds:F1} s ");
        }

        Console.Error.WriteLine();
        figures.Add(name, "layers", layers.Length);
        figures.Add(name, "seconds", seconds);
        figures.Add(name, "of which indexing", indexing);
        figures.Add(name, "threads", cores);
        figures.Add(name, "hits", hits);
        figures.Add(name, "core ns a hit", (seconds - indexing) * cores * 1e9 / hits);
        figures.Add(name, "mean year of all layers", means.Sum() / data.Options.Trials);
    }
}
