using RiskDurable.Kernel;

namespace RiskDurable.Bench;

/// <summary>
/// The paper's layer net of the recoveries of a layer over a third of its subject, with its recoveries by occurrence, against the same layer
/// gross of them; on one thread.
/// </summary>
internal static class InuringCase
{
    public static void Run(SyntheticData data, IndexedTable table, Figures figures)
    {
        EventLossTable[] elts = data.Elts(100, 15, 20_000);
        var memory = new LossMemory();
        var simulator = new LayerSimulator(memory: memory);
        var keeping = new LayerSimulator();
        LayerModel inuring = SyntheticData.Layer(elts[..5], LayerTerms.GroundUp with { OccurrenceRetention = 1e5, OccurrenceLimit = 1e6 });
        OccurrenceLosses[] recoveries = [.. table.Blocks.Select(block => keeping.Simulate(block, inuring, []).Recoveries)];
        LayerModel whole = SyntheticData.Layer(elts, LayerTerms.GroundUp);
        double meanYear = table.Blocks.Sum(block => keeping.SimulateYears(block, whole).Aggregate.ToArray().Sum()) / data.Options.Trials;
        LayerModel gross = whole with { Terms = KernelCases.Binding(meanYear) };
        LayerModel net = gross with { Subject = [.. gross.Subject, new SubjectSource(null, -1, 1)] };
        OccurrenceLosses?[] upstream = new OccurrenceLosses?[net.Subject.Count];
        long hits = 0;
        double[] seconds = Timing.Best(
            data.Options.Repeats,
            () => Simulate(gross, _ => []),
            () => hits = Simulate(net, block =>
            {
                upstream[^1] = recoveries[block];
                return upstream;
            }));
        figures.Add("inuring", "seconds, gross", seconds[0]);
        figures.Add("inuring", "seconds", seconds[1]);
        figures.Add("inuring", "net over gross", seconds[1] / seconds[0]);
        figures.Add("inuring", "ns a hit", seconds[1] * 1e9 / hits);

        long Simulate(LayerModel layer, Func<int, OccurrenceLosses?[]> upstreamOf)
        {
            long visited = 0;
            for (int block = 0; block < table.Blocks.Length; block++)
            {
                simulator.Simulate(table.Blocks[block], layer, upstreamOf(block));
                visited += simulator.LastHits;
                memory.TakeBack();
            }

            return visited;
        }
    }
}
