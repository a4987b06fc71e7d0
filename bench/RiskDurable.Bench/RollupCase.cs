using RiskDurable.Execution.Packing;
using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Running;
using RiskDurable.Execution.Storage;
using RiskDurable.Kernel;
using RiskDurable.Portfolio.Files;
using RiskDurable.Portfolio.Model;
using RiskDurable.Portfolio.Writing;

namespace RiskDurable.Bench;

/// <summary>
/// A rollup of packed tables from end to end (map, reduce and report jobs with their objects on disk), against the time that the kernel
/// takes for the same layers alone, from tables in memory to losses by occurrence and by year. Both begin with nothing but the tables: blocks
/// must be indexed and subjects merged. A tenth of the hits survives its layer's retention.
/// </summary>
internal static class RollupCase
{
    private const int Deals = 400;
    private const int Rows = 20_000;

    public static async Task RunAsync(BenchOptions options, Figures figures)
    {
        BenchOptions small = options with { Trials = Math.Max(options.Trials / 10, 1) };
        var data = new SyntheticData(small);
        string folder = Directory.CreateTempSubdirectory("riskdurable-bench-").FullName;
        try
        {
            WritePortfolio(folder, data);
            var store = new DiskObjectStore(Path.Combine(folder, "objects"));
            var pack = new PackSettings(Math.Min(small.BlockTrials, Math.Max(1, small.Trials / 4)), 2);
            PackedPortfolio packed = await new PortfolioPacker(store, new DiskDocumentStore(Path.Combine(folder, "documents")), pack, Path.Combine(folder, "work"))
                .PackAsync(new FolderFiles(folder), null, CancellationToken.None);
            RollupPlan plan = RollupPlan.Create(
                packed.Manifest,
                await packed.Manifest.ReadDealsAsync(store, CancellationToken.None),
                RollupSettings.Default with { Depth = ReportDepth.Tags });
            int cores = Math.Min(2, Environment.ProcessorCount);
            double kernel = Kernel(data, pack.BlockTrials, cores);
            double whole = double.PositiveInfinity;
            for (int repeat = 0; repeat < options.Repeats; repeat++)
            {
                Clear(folder, repeat);
                var runner = new JobRunner(store, new TableCache(store), plan);
                double started = Timing.Now(cores);
                IReadOnlyList<StageProgress> stages = await new DirectRollup(runner, store, cores).RunAsync(null, CancellationToken.None);
                whole = Math.Min(whole, Timing.Now(cores) - started);
                if (repeat == 0)
                {
                    figures.Add("rollup", "layers", Deals);
                    figures.Add("rollup", "trials", small.Trials);
                    figures.Add("rollup", "hits", stages.Sum(stage => stage.Hits));
                }
            }

            figures.Add("rollup", "seconds", whole);
            figures.Add("rollup", "kernelSeconds", kernel);
            figures.Add("rollup", "whole run over kernel", whole / kernel);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Rank 90 % of losses 1e5 / sqrt(1 - u).
    private static LayerTerms Terms => LayerTerms.GroundUp with { OccurrenceRetention = 1e5 / Math.Sqrt(0.1), OccurrenceLimit = 1e6 };

    private static void WritePortfolio(string folder, SyntheticData data)
    {
        var deals = new List<Deal>();
        var elts = new Dictionary<string, EltReference>();
        Directory.CreateDirectory(Path.Combine(folder, "elts"));
        for (int i = 0; i < Deals; i++)
        {
            string id = $"E{i:0000}";
            string file = $"elts/{id}.parquet";
            EltWriter.Write(Path.Combine(folder, file), data.Elt(1_000 + (ulong)i, Rows));
            elts[id] = new EltReference(id, file, "USD");
            var layer = new Layer("L1", [new SubjectTerm(id, null, 1)], Terms, 0.5, LayerPosition.Assumed, 0, []);
            deals.Add(new Deal($"D{i:0000}", $"Deal {i}", "USD", new Dictionary<string, string> { ["lob"] = $"lob{i % 5}", ["region"] = $"r{i % 4}" }, [layer]));
        }

        using (var yet = new YetWriter(Path.Combine(folder, "yet.parquet")))
        {
            int perTrial = data.Options.EventsPerTrial;
            for (int i = 0; i < data.Events.Length; i++)
            {
                yet.Add((i / perTrial) + 1, data.Events[i], 365.0 * (i % perTrial) / perTrial);
            }

            yet.Complete();
        }

        PortfolioWriter.Write(folder, new PortfolioDefinition(
            "bench", "Bench", "USD", new Dictionary<string, double> { ["USD"] = 1 }, data.Options.Trials, "yet.parquet", elts, ["lob", "region"], deals));
    }

    private static double Kernel(SyntheticData data, int blockTrials, int cores)
    {
        var blocks = new SyntheticData(data.Options with { BlockTrials = blockTrials });
        TrialBlock[] indexed = [.. Enumerable.Range(0, blocks.BlockCount).Select(block => blocks.Rows(block).Build())];
        LayerModel[] layers = [.. Enumerable.Range(0, Deals).Select(i => SyntheticData.Layer([data.Elt(1_000 + (ulong)i, Rows)], Terms))];
        return Timing.Best(data.Options.Repeats, () =>
        {
            var subjects = new SubjectCache();
            Timing.OnThreads(cores, thread =>
            {
                var simulator = new LayerSimulator(subjects);
                for (int i = thread; i < indexed.Length; i += cores)
                {
                    TrialBlock packed = indexed[i];
                    var block = new TrialBlock(packed.FirstTrial, packed.TrialStarts, packed.EventIds, packed.EventStarts, packed.Positions);
                    foreach (LayerModel layer in layers)
                    {
                        simulator.Simulate(block, layer, []);
                    }
                }
            });
        })[0] / (Timing.OfProcessor ? cores : 1);
    }

    /// <summary>Outputs go, packed tables stay.</summary>
    /// <remarks>Moved and not deleted: a file system may take care not to use again what was deleted seconds ago, which new files would pay for.</remarks>
    private static void Clear(string folder, int repeat)
    {
        string cleared = Directory.CreateDirectory(Path.Combine(folder, $"cleared-{repeat}")).FullName;
        foreach (string output in Directory.EnumerateFiles(Path.Combine(folder, "objects"), "*", SearchOption.AllDirectories))
        {
            if (Path.GetExtension(output) is ".map" or ".years" or ".recoveries" or ".reduce" or ".report")
            {
                File.Move(output, Path.Combine(cleared, Path.GetFileName(output)));
            }
        }
    }
}
