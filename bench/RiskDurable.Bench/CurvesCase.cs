using RiskDurable.Kernel.Metrics;

namespace RiskDurable.Bench;

/// <summary>
/// Moments and curves of many nodes on all cores. The losses are made before the clock starts: a few dozen years' columns with no zeros in them,
/// which the nodes take in turns.
/// </summary>
internal static class CurvesCase
{
    private const int Distinct = 48;

    public static void Run(BenchOptions options, Figures figures)
    {
        int trials = options.Trials;
        var random = new SplitMix(11);
        double[][] aggregate = new double[Distinct][];
        for (int i = 0; i < Distinct; i++)
        {
            aggregate[i] = Losses(ref random, trials);
        }

        double[][] largest = [.. aggregate.Select(column => column.Select(loss => 0.6 * loss).ToArray())];
        double[] premiums = new double[trials];
        int cores = Math.Min(2, Environment.ProcessorCount);
        ReturnPeriodGrid grid = ReturnPeriodGrid.Default(trials);
        MetricsWorkspace[] workspaces = [.. Enumerable.Range(0, cores).Select(_ => new MetricsWorkspace())];
        double[] sums = new double[cores];
        double started = Timing.Now(cores);
        Timing.OnThreads(cores, thread =>
        {
            double sum = 0;
            for (int node = thread; node < options.Nodes; node += cores)
            {
                NodeYearLosses years = NodeYearLosses.Dense(aggregate[node % Distinct], largest[node % Distinct], premiums);
                sum += NodeMetrics.Of(years, grid, workspaces[thread]).Points.Count;
            }

            sums[thread] = sum;
        });
        double seconds = Timing.Now(cores) - started;
        figures.Add("curves", "nodes", options.Nodes);
        figures.Add("curves", "trials", trials);
        figures.Add("curves", "seconds", seconds);
        figures.Add("curves", "threads", cores);
        figures.Add("curves", "ms a node and core", seconds * cores * 1e3 / options.Nodes);
        figures.Add("curves", "points", sums.Sum());
    }

    private static double[] Losses(ref SplitMix random, int trials)
    {
        double[] losses = new double[trials];
        for (int i = 0; i < trials; i++)
        {
            losses[i] = 1e5 / Math.Sqrt(1 - random.Uniform());
        }

        return losses;
    }
}
