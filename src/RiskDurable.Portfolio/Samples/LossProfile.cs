namespace RiskDurable.Portfolio.Samples;

/// <summary>Losses by event with the events' frequencies: what terms and premiums of a sample's layers are set by.</summary>
internal sealed class LossProfile
{
    private readonly double[] _descending;
    private readonly double[] _frequencies;

    /// <param name="catalogue">The events.</param>
    /// <param name="events">Event numbers.</param>
    /// <param name="losses">A loss an event.</param>
    public LossProfile(EventCatalogue catalogue, ReadOnlySpan<int> events, ReadOnlySpan<double> losses)
    {
        _descending = new double[events.Length];
        _frequencies = new double[events.Length];
        for (int i = 0; i < events.Length; i++)
        {
            _descending[i] = -losses[i];
            _frequencies[i] = catalogue.Frequencies[events[i]];
            Frequency += _frequencies[i];
        }

        Array.Sort(_descending, _frequencies);
        foreach (ref double loss in _descending.AsSpan())
        {
            loss = -loss;
        }
    }

    /// <summary>Occurrences with a loss, a year.</summary>
    public double Frequency { get; }

    /// <summary>The loss that is exceeded this often a year.</summary>
    public double LossAt(double frequency)
    {
        double sum = 0;
        for (int i = 0; i < _descending.Length; i++)
        {
            sum += _frequencies[i];
            if (sum > frequency)
            {
                return _descending[i];
            }
        }

        return _descending.Length == 0 ? 0 : _descending[^1];
    }

    /// <summary>Expected yearly loss to an occurrence layer, before aggregate terms.</summary>
    public double ExpectedLoss(double retention, double limit)
    {
        double sum = 0;
        for (int i = 0; i < _descending.Length && _descending[i] > retention; i++)
        {
            sum += _frequencies[i] * Math.Min(_descending[i] - retention, limit);
        }

        return sum;
    }
}
