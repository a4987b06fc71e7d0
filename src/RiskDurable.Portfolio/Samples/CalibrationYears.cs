namespace RiskDurable.Portfolio.Samples;

/// <summary>Some years, drawn apart from the year-event table, by which aggregate terms and their premiums are set.</summary>
internal sealed class CalibrationYears
{
    private const int Years = 4000;

    private readonly int[] _starts = new int[Years + 1];
    private readonly List<int> _events = [];

    public CalibrationYears(EventCatalogue catalogue, double eventsPerTrial, long seed)
    {
        var years = new YearSampler(catalogue, eventsPerTrial, seed, SampleStream.CalibrationYear);
        for (int year = 0; year < Years; year++)
        {
            years.Draw(year);
            foreach (int number in years.Events)
            {
                _events.Add(number);
            }

            _starts[year + 1] = _events.Count;
        }
    }

    /// <summary>Yearly sums of what falls into an occurrence layer, ascending.</summary>
    /// <param name="losses">A loss for every event of the catalogue.</param>
    /// <param name="retention">Occurrence retention.</param>
    /// <param name="limit">Occurrence limit.</param>
    public double[] Sums(double[] losses, double retention, double limit)
    {
        double[] sums = new double[Years];
        for (int year = 0; year < Years; year++)
        {
            double sum = 0;
            for (int i = _starts[year]; i < _starts[year + 1]; i++)
            {
                sum += Math.Min(Math.Max(losses[_events[i]] - retention, 0), limit);
            }

            sums[year] = sum;
        }

        Array.Sort(sums);
        return sums;
    }

    /// <summary>The sum that this share of years stays below.</summary>
    public static double Quantile(double[] sums, double share) => sums[(int)(share * (sums.Length - 1))];

    /// <summary>Mean yearly loss to an aggregate layer.</summary>
    public static double ExpectedLoss(double[] sums, double retention, double limit)
    {
        double total = 0;
        foreach (double sum in sums)
        {
            total += Math.Min(Math.Max(sum - retention, 0), limit);
        }

        return total / sums.Length;
    }
}
