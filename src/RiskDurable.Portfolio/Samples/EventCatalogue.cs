using RiskDurable.Kernel;

namespace RiskDurable.Portfolio.Samples;

/// <summary>
/// The events that can happen: how often each does, which is very uneven, and how strong it is; rare ones tend to be strong.
/// Events of all perils are numbered through; <see cref="EventId"/> gives the id in the files.
/// </summary>
internal sealed class EventCatalogue
{
    // A yearly frequency has a Pareto tail this heavy over the events of a peril.
    private const double FrequencyTail = 1.2;
    private const double RareIsStrong = -0.3;

    private readonly int[] _firstEvent;
    private readonly EventSampler[] _samplers;

    public EventCatalogue(long seed, double eventsPerTrial)
    {
        int events = Peril.All.Sum(peril => peril.Events);
        Frequencies = new double[events];
        Intensities = new double[events];
        _firstEvent = new int[Peril.All.Count + 1];
        _samplers = new EventSampler[Peril.All.Count];
        for (int p = 0; p < Peril.All.Count; p++)
        {
            Peril peril = Peril.All[p];
            int first = _firstEvent[p];
            _firstEvent[p + 1] = first + peril.Events;
            Span<double> frequencies = Frequencies.AsSpan(first, peril.Events);
            Fill(new SampleRandom(seed, SampleStream.Peril, p), frequencies, Intensities.AsSpan(first, peril.Events));
            _samplers[p] = new EventSampler(frequencies, first);
            foreach (ref double frequency in frequencies)
            {
                frequency *= eventsPerTrial * peril.FrequencyShare;
            }
        }
    }

    /// <summary>Mean occurrences a year, one an event.</summary>
    public double[] Frequencies { get; }

    /// <summary>Relative strength, one an event.</summary>
    public double[] Intensities { get; }

    public int Count => Frequencies.Length;

    /// <summary>The numbers of a peril's events.</summary>
    public Range EventsOf(int peril) => _firstEvent[peril].._firstEvent[peril + 1];

    /// <summary>An event's id in the files.</summary>
    public long EventId(int number)
    {
        int peril = 0;
        while (_firstEvent[peril + 1] <= number)
        {
            peril++;
        }

        return ((peril + 1) * Peril.IdsPerPeril) + (number - _firstEvent[peril]) + 1;
    }

    /// <summary>Draws one of a peril's events by its frequency.</summary>
    public int Draw(int peril, SampleRandom random) => _samplers[peril].Draw(random);

    private static void Fill(SampleRandom random, Span<double> weights, Span<double> intensities)
    {
        double sum = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = Math.Min(random.Pareto(FrequencyTail), 2000);
            intensities[i] = random.LogNormal(1) * PortableMath.Pow(weights[i], RareIsStrong);
            sum += weights[i];
        }

        foreach (ref double weight in weights)
        {
            weight /= sum;
        }
    }
}
