namespace RiskDurable.Reference;

/// <summary>Gives a random portfolio standard deviations, exposures and perhaps a z for each occurrence.</summary>
public static class RandomUncertainty
{
    public static Book AddTo(Book book, int seed)
    {
        var random = new Random(seed);
        bool hasZ = random.Chance(0.5);
        return book with
        {
            Seed = (ulong)random.NextInt64(),
            Yet = hasZ ? [.. book.Yet.Select(row => row with { Z = (random.NextDouble() * 0.999) + 0.0005 })] : book.Yet,
            Elts = [.. book.Elts.Select(elt => random.Chance(0.8) ? elt with { Rows = [.. elt.Rows.DistinctBy(row => row.EventId).Select(row => Uncertain(random, row))] } : elt)],
        };
    }

    private static LossRow Uncertain(Random random, LossRow row)
    {
        double exposure = (row.MeanLoss * random.Pick(1.01, 1.5, 4, 30, 1000)) + 1e-6;

        // From nearly certain to nearly all or nothing; some rows have none at all.
        double deviation = random.Pick(0, 0.01, 0.3, 0.7, 0.97) * Math.Sqrt(row.MeanLoss * (exposure - row.MeanLoss));
        double shared = random.Pick(0, 0.2, 0.5, 1);
        return row with { SdIndependent = (1 - shared) * deviation, SdCorrelated = shared * deviation, Exposure = exposure };
    }
}
