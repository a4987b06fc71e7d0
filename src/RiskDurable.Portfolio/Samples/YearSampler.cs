namespace RiskDurable.Portfolio.Samples;

/// <summary>
/// Draws years: for each peril a number of occurrences (Poisson, or negative binomial where years cluster), their days by season,
/// some of them close behind one another, and the events by frequency. Days carry hundredths, so that equal days occur.
/// </summary>
internal sealed class YearSampler(EventCatalogue catalogue, double eventsPerTrial, long seed, SampleStream stream)
{
    private const int HundredthsPerYear = 36_500;
    private const double MeanClusterGap = 300;

    private readonly SampleRandom _random = new(seed, stream, 0);
    private long[] _keys = new long[64];
    private int[] _events = new int[64];

    /// <summary>Number of occurrences of the year drawn last.</summary>
    public int Count { get; private set; }

    /// <summary>Event numbers of the year drawn last, by day.</summary>
    public ReadOnlySpan<int> Events => _events.AsSpan(0, Count);

    /// <summary>Day of an occurrence, in [1, 366).</summary>
    public double Day(int index) => 1 + ((_keys[index] >> 32) / 100.0);

    public void Draw(int year)
    {
        _random.Restart(seed, stream, year);
        Count = 0;
        for (int p = 0; p < Peril.All.Count; p++)
        {
            Peril peril = Peril.All[p];
            double mean = eventsPerTrial * peril.FrequencyShare;
            if (double.IsFinite(peril.Dispersion))
            {
                mean *= _random.Gamma(peril.Dispersion) / peril.Dispersion;
            }

            int count = _random.Poisson(mean);
            long day = 0;
            for (int i = 0; i < count; i++)
            {
                bool follows = i > 0 && _random.Chance(peril.ClusterChance);
                day = follows ? day + (long)(MeanClusterGap * _random.Exponential()) : SeasonDay(peril);
                day = ((day % HundredthsPerYear) + HundredthsPerYear) % HundredthsPerYear;
                Add(day, catalogue.Draw(p, _random));
            }
        }

        // The number of the occurrence is part of the key: equal days keep the order in which they were drawn.
        Array.Sort(_keys, _events, 0, Count);
    }

    private long SeasonDay(Peril peril) => double.IsNaN(peril.PeakDay)
        ? _random.Below(HundredthsPerYear)
        : (long)Math.Floor(100 * (peril.PeakDay + (peril.SeasonWidth * _random.Normal())));

    private void Add(long day, int number)
    {
        if (Count == _keys.Length)
        {
            Array.Resize(ref _keys, Count * 2);
            Array.Resize(ref _events, Count * 2);
        }

        _keys[Count] = (day << 32) | (uint)Count;
        _events[Count] = number;
        Count++;
    }
}
