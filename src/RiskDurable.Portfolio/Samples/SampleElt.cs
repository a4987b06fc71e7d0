using RiskDurable.Kernel;

namespace RiskDurable.Portfolio.Samples;

/// <summary>An ELT of the sample: losses of one cedant's book from one peril. Drawn again from its seed rather than kept.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Events">Event numbers, ascending.</param>
/// <param name="Losses">Mean losses, cents as fractions.</param>
/// <param name="Uncertainty">Per event: independent and correlated standard deviation, exposure; null where the ELT has none.</param>
internal sealed record SampleElt(string Id, int[] Events, double[] Losses, (double Independent, double Correlated, double Exposure)[]? Uncertainty)
{
    private const int FewestRows = 2_000;
    private const double RowsSpread = 9;
    private const double ShareWithUncertainty = 0.3;

    // Losses are scaled so that one of this size is exceeded once in ten years.
    private const double ReferenceFrequency = 0.1;

    public static SampleElt Draw(EventCatalogue catalogue, long seed, int number, int peril)
    {
        var random = new SampleRandom(seed, SampleStream.Elt, number);
        (int first, int count) = catalogue.EventsOf(peril).GetOffsetAndLength(catalogue.Count);

        // The events that can reach the book: a stretch of the peril's, with gaps.
        double rows = FewestRows * PortableMath.Exp(random.Unit() * PortableMath.Log(RowsSpread));
        int stretch = (int)Math.Min(count, rows * 4 / 3);
        int start = first + random.Below(count - stretch + 1);
        var events = new List<int>(stretch);
        var losses = new List<double>(stretch);
        for (int e = start; e < start + stretch; e++)
        {
            if (random.Chance(0.75))
            {
                events.Add(e);
                losses.Add(catalogue.Intensities[e] * random.LogNormal(0.9) * (random.Chance(0.05) ? random.Pareto(1.3) : 1));
            }
        }

        int[] numbers = [.. events];
        double[] amounts = [.. losses];
        var profile = new LossProfile(catalogue, numbers, amounts);
        double reference = 3e7 * random.LogNormal(0.9);
        double scale = reference / profile.LossAt(Math.Min(ReferenceFrequency, 0.3 * profile.Frequency));
        double exposure = reference * random.Between(10, 60);
        foreach (ref double loss in amounts.AsSpan())
        {
            // Damage saturates: no loss is above the exposure.
            double raw = loss * scale;
            loss = Math.Max(0.01, ToCents(raw / (1 + (raw / exposure))));
        }

        bool hasUncertainty = random.Chance(ShareWithUncertainty);
        return new SampleElt($"E{number + 1:D5}", numbers, amounts, hasUncertainty ? DrawUncertainty(random, amounts, exposure) : null);
    }

    private static (double, double, double)[] DrawUncertainty(SampleRandom random, double[] losses, double exposure)
    {
        var rows = new (double, double, double)[losses.Length];
        for (int i = 0; i < losses.Length; i++)
        {
            // Only part of the book lies where the event strikes; a beta distribution needs sd^2 < mean (exposure - mean).
            double mean = losses[i];
            double exposed = ToCents(Math.Max(mean * 1.1, Math.Min(exposure * 1.2, mean * random.Between(2, 25)))) + 0.01;
            double sd = Math.Min(mean * random.Between(0.3, 1.2), 0.9 * Math.Sqrt(mean * (exposed - mean)));
            double correlated = ToCents(sd * random.Between(0.2, 0.6));
            double independent = ToCents(Math.Max(0, sd - correlated));

            // Cents may be too coarse for the smallest losses: rounded up, the deviation would be above its bound.
            bool isSound = independent + correlated <= Math.Sqrt(mean * (ToCents(exposed) - mean));
            rows[i] = (isSound ? independent : 0, isSound ? correlated : 0, ToCents(exposed));
        }

        return rows;
    }

    private static double ToCents(double amount) => Math.Floor((amount * 100) + 0.5) / 100;
}
