using RiskDurable.Kernel;

namespace RiskDurable.Bench;

/// <summary>
/// The paper's layer with every loss drawn from its own beta distribution, over 800,000 trials on all cores, index excluded: once with standard
/// deviations that are independent alone, once with half of them correlated. The table is gone through as often as it takes, as in the
/// case of a million trials.
/// </summary>
internal static class UncertaintyCase
{
    private const int Trials = 800_000;

    public static void Run(SyntheticData data, IndexedTable table, Figures figures)
    {
        EventLossTable[] means = data.Elts(100, 15, 20_000);
        Measure("uncertainty", 0, means, data, table, figures);
        Measure("uncertainty, half correlated", 0.5, means, data, table, figures);
    }

    private static void Measure(string name, double correlated, EventLossTable[] means, SyntheticData data, IndexedTable table, Figures figures)
    {
        SubjectSource[] subject = [.. means.Select((elt, number) => new SubjectSource(WithUncertainty(elt, correlated), 1, 1, LossSampling.StreamOf($"E{number}")))];
        var layer = new LayerModel(LayerTerms.GroundUp, subject, 0, []);
        int cores = Math.Min(2, Environment.ProcessorCount);
        int jobs = (int)((long)Trials * table.Blocks.Length / data.Options.Trials);
        var subjects = new SubjectCache();
        LayerSimulator[] simulators = [.. Enumerable.Range(0, cores).Select(_ => new LayerSimulator(subjects, new LossSampling(1)))];
        double seconds = Timing.BestOnThreads(Math.Min(data.Options.Repeats, 2), cores, thread =>
        {
            for (int job = thread; job < jobs; job += cores)
            {
                simulators[thread].SimulateYears(table.Blocks[job % table.Blocks.Length], layer);
            }
        });
        double draws = means.Sum(elt => (double)elt.Count) / data.Options.Catalogue * data.Options.EventsPerTrial * Trials;
        figures.Add(name, "seconds", seconds);
        figures.Add(name, "threads", cores);
        figures.Add(name, "draws, millions", draws / 1e6);
        figures.Add(name, "core ns a draw", seconds * cores * 1e9 / draws);
    }

    /// <summary>Every row its own shape: coefficients of variation from 0.4 to 3, exposures of twice to 200 times the mean.</summary>
    private static EventLossTable WithUncertainty(EventLossTable elt, double correlated)
    {
        var random = new SplitMix(7);
        double[] independentParts = new double[elt.Count];
        double[] correlatedParts = new double[elt.Count];
        double[] exposures = new double[elt.Count];
        for (int i = 0; i < elt.Count; i++)
        {
            double mean = elt.MeanLosses[i];
            exposures[i] = mean * (2 + (198 * random.Uniform() * random.Uniform()));
            double deviation = Math.Min(mean * (0.4 + (2.6 * random.Uniform())), 0.9 * Math.Sqrt(mean * (exposures[i] - mean)));
            independentParts[i] = (1 - correlated) * deviation;
            correlatedParts[i] = correlated * deviation;
        }

        return new EventLossTable(elt.EventIds, elt.MeanLosses, new LossUncertainty(independentParts, correlatedParts, exposures));
    }
}
