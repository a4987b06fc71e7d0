using System.Diagnostics;
using RiskDurable.Kernel;

namespace RiskDurable.Bench;

/// <summary>The cases of <c>kernel</c>, and what they share.</summary>
internal static class KernelCases
{
    public static IReadOnlyList<string> Names { get; } = ["index", "paper", "sparse", "dense", "tower", "million", "portfolio", "uncertainty", "curves", "rollup"];

    public static async Task<int> RunAsync(BenchOptions options)
    {
        var figures = new Figures();
        Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}, {options.Trials:N0} trials x {options.EventsPerTrial:N0} events, "
            + $"{options.Catalogue:N0} events in the catalogue, blocks of {options.BlockTrials:N0} trials, best of {options.Repeats}");
        MachineLimits limits = MachineLimits.Measure(options.Catalogue, options.Repeats);
        for (int threads = 1; threads <= limits.GatherSeconds.Length; threads++)
        {
            figures.Add("machine", $"stream GB/s, {threads} thread(s)", limits.StreamBytesPerSecond[threads - 1] / 1e9);
            figures.Add("machine", $"random gather ns, {threads} thread(s)", limits.GatherSeconds[threads - 1] * 1e9);
        }

        if (options.Cases.Any(name => name is not ("rollup" or "curves")))
        {
            RunOnTable(options, limits, figures);
        }

        if (options.Cases.Contains("curves"))
        {
            CurvesCase.Run(options, figures);
        }

        if (options.Cases.Contains("rollup"))
        {
            await RollupCase.RunAsync(options, figures);
        }

        figures.Add("machine", "peakMiB", Process.GetCurrentProcess().PeakWorkingSet64 / 1048576.0);
        if (options.JsonFile is not null)
        {
            figures.Write(options.JsonFile);
        }

        return 0;
    }

    private static void RunOnTable(BenchOptions options, MachineLimits limits, Figures figures)
    {
        var data = new SyntheticData(options);
        var table = new IndexedTable(data, figures);
        foreach (string name in options.Cases)
        {
            switch (name)
            {
                case "paper":
                    new LayerCase(data, table, limits, figures).Run(name, data.Elts(100, 15, 20_000));
                    break;
                case "sparse":
                    new LayerCase(data, table, limits, figures).Run(name, data.Elts(100, 1, 20_000));
                    break;
                case "dense":
                    new LayerCase(data, table, limits, figures).Run(name, data.Elts(100, 1, options.Catalogue));
                    break;
                case "tower":
                    TowerCase.Run(data, table, figures);
                    break;
                case "million":
                    MillionCase.Run(data, table, figures);
                    break;
                case "uncertainty":
                    UncertaintyCase.Run(data, table, figures);
                    break;
                case "portfolio":
                    PortfolioCase.Run(data, figures);
                    break;
            }
        }
    }

    /// <summary>Aggregate terms that take part of the year's losses and then run out, in nearly every trial.</summary>
    /// <param name="meanYear">The layer's mean year.</param>
    public static LayerTerms Binding(double meanYear) =>
        LayerTerms.GroundUp with { AggregateRetention = 0.2 * meanYear, AggregateLimit = 0.3 * meanYear };
}
