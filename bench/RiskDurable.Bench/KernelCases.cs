using RiskDurable.Kernel;

namespace RiskDurable.Bench;

/// <summary>The cases of <c>kernel</c>, and what they share.</summary>
internal static class KernelCases
{
    public static IReadOnlyList<string> Names { get; } = ["index", "paper", "sparse", "dense", "tower", "inuring", "million", "portfolio", "uncertainty", "curves", "rollup"];

    public static async Task<int> RunAsync(BenchOptions options)
    {
        var figures = new Figures();
        Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}, {options.Trials:N0} trials x {options.EventsPerTrial:N0} events, "
            + $"{options.Catalogue:N0} events in the catalogue, blocks of {options.BlockTrials:N0} trials, best of {options.Repeats}");
        MachineLimits limits = MachineLimits.Measure(options.Catalogue, options.Repeats);
        figures.Add("machine", "first use of memory, us/MB, small pages", limits.TouchSeconds[0] * 1e6);
        figures.Add("machine", "first use of memory, us/MB, large pages", limits.TouchSeconds[1] * 1e6);
        for (int threads = 1; threads <= limits.GatherSeconds.Length; threads++)
        {
            figures.Add("machine", $"stream GB/s, {threads} thread(s)", limits.StreamBytesPerSecond[threads - 1] / 1e9);
            figures.Add("machine", $"random gather ns, {threads} thread(s)", limits.GatherSeconds[threads - 1] * 1e9);
        }

        if (options.Cases.Any(name => name is not ("rollup" or "curves" or "portfolio")))
        {
            RunOnTable(options, limits, figures);
        }

        if (options.Cases.Contains("portfolio"))
        {
            PortfolioCase.Run(options, figures);
        }

        if (options.Cases.Contains("curves"))
        {
            PeakMemory.Reset();
            CurvesCase.Run(options, figures);
            figures.Add("curves", "peakMiB", PeakMemory.MiB());
        }

        if (options.Cases.Contains("rollup"))
        {
            PeakMemory.Reset();
            await RollupCase.RunAsync(options, figures);
            figures.Add("rollup", "peakMiB", PeakMemory.MiB());
        }

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
        figures.Add("index", "peakMiB", PeakMemory.MiB());
        foreach (string name in options.Cases.Where(name => name is not ("index" or "portfolio" or "curves" or "rollup")))
        {
            PeakMemory.Reset();
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
                case "inuring":
                    InuringCase.Run(data, table, figures);
                    break;
                case "million":
                    MillionCase.Run(data, table, figures);
                    break;
                case "uncertainty":
                    UncertaintyCase.Run(data, table, figures);
                    break;
            }

            figures.Add(name, "peakMiB", PeakMemory.MiB());
        }
    }

    /// <summary>Aggregate terms that take part of the year's losses and then run out, in nearly every trial.</summary>
    /// <param name="meanYear">The layer's mean year.</param>
    public static LayerTerms Binding(double meanYear) =>
        LayerTerms.GroundUp with { AggregateRetention = 0.2 * meanYear, AggregateLimit = 0.3 * meanYear };
}
