using RiskDurable.Kernel;

namespace RiskDurable.Bench;

/// <summary>Eight layers over one subject, against one of them, on one thread.</summary>
internal static class TowerCase
{
    private const int Height = 8;

    public static void Run(SyntheticData data, IndexedTable table, Figures figures)
    {
        EventLossTable[] elts = data.Elts(100, 15, 20_000);
        LayerModel whole = SyntheticData.Layer(elts, LayerTerms.GroundUp);
        LayerModel[] tower = [.. Enumerable.Range(0, Height).Select(i => whole with
        {
            // Each as wide as all below it together, the top one open.
            Terms = LayerTerms.GroundUp with
            {
                OccurrenceRetention = i == 0 ? 0 : 1e5 * (1 << (i - 1)),
                OccurrenceLimit = i == Height - 1 ? double.PositiveInfinity : 1e5 * (i == 0 ? 1 : 1 << (i - 1)),
            },
        })];
        var simulator = new LayerSimulator();
        double[] seconds = Timing.Best(data.Options.Repeats, () => Simulate(simulator, table, [tower[0]]), () => Simulate(simulator, table, tower));
        figures.Add("tower", "seconds, one layer", seconds[0]);
        figures.Add("tower", "seconds", seconds[1]);
        figures.Add("tower", "tower over one layer", seconds[1] / seconds[0]);
    }

    private static void Simulate(LayerSimulator simulator, IndexedTable table, LayerModel[] layers)
    {
        foreach (TrialBlock block in table.Blocks)
        {
            simulator.SimulateYears(block, layers);
        }
    }
}
