using RiskDurable.Kernel;

namespace RiskDurable.Portfolio.Tables;

/// <summary>Rows of an ELT in file order, on their way to one entry an event.</summary>
/// <param name="hasUncertainty">Whether the table has an exposure column.</param>
/// <param name="hasDeviations">Whether the table has a standard deviation column.</param>
internal sealed class EltRows(bool hasUncertainty, bool hasDeviations)
{
    private const int MostRows = 1 << 29;

    private long[] _eventIds = new long[1024];
    private long[] _places = new long[1024];
    private double[] _means = new double[1024];
    private double[] _independent = hasUncertainty ? new double[1024] : [];
    private double[] _correlated = hasUncertainty ? new double[1024] : [];
    private double[] _exposures = hasUncertainty ? new double[1024] : [];
    private int _count;

    public bool IsFull => _count >= MostRows;

    public void Add(long eventId, double mean, double independent, double correlated, double exposure, long place)
    {
        if (_count == _eventIds.Length)
        {
            Grow();
        }

        _eventIds[_count] = eventId;
        _means[_count] = mean;
        _places[_count] = place;
        if (hasUncertainty)
        {
            _independent[_count] = independent;
            _correlated[_count] = correlated;
            _exposures[_count] = exposure;
        }

        _count++;
    }

    /// <summary>The table; null when an event is given twice with standard deviations, which is reported.</summary>
    public EventLossTable? ToTable(TableProblems problems)
    {
        int[] order = FileOrderWithinEvents();
        int entries = 0;
        for (int i = 0; i < _count; i++)
        {
            entries += i == 0 || _eventIds[i] != _eventIds[i - 1] ? 1 : 0;
        }

        long[] eventIds = new long[entries];
        double[] means = new double[entries];
        int width = hasUncertainty ? entries : 0;
        var uncertainty = new LossUncertainty(new double[width], new double[width], new double[width]);
        int entry = -1;
        for (int i = 0; i < _count; i++)
        {
            int row = order[i];
            if (i == 0 || _eventIds[i] != _eventIds[i - 1])
            {
                eventIds[++entry] = _eventIds[i];
            }
            else if (hasDeviations)
            {
                problems.Add(
                    _places[row],
                    FormattableString.Invariant($"Event {_eventIds[i]} was given before ({_places[order[i - 1]]}); ")
                    + "standard deviations of two rows cannot be added up, give one row an event.");
            }

            means[entry] += _means[row];
            if (hasUncertainty)
            {
                uncertainty.SdIndependent[entry] += _independent[row];
                uncertainty.SdCorrelated[entry] += _correlated[row];
                uncertainty.Exposure[entry] += _exposures[row];
            }
        }

        CheckSums(eventIds, means, problems);
        return problems.Any ? null : new EventLossTable(eventIds, means, hasUncertainty ? uncertainty : null);
    }

    private static void CheckSums(long[] eventIds, double[] means, TableProblems problems)
    {
        for (int i = 0; i < means.Length; i++)
        {
            if (!double.IsFinite(means[i]))
            {
                problems.Add("", FormattableString.Invariant($"The mean losses of event {eventIds[i]} add up to more than a double can hold."));
            }
        }
    }

    /// <summary>Sorts the ids, and says for each the row it came from; rows of one event stay in file order.</summary>
    private int[] FileOrderWithinEvents()
    {
        int[] order = new int[_count];
        bool ascends = true;
        for (int i = 0; i < _count; i++)
        {
            order[i] = i;
            ascends &= i == 0 || _eventIds[i] >= _eventIds[i - 1];
        }

        if (ascends)
        {
            return order;
        }

        // The sort is not stable: rows of one event are put back into file order afterwards, so that a sum has one value.
        Array.Sort(_eventIds, order, 0, _count);
        for (int start = 0; start < _count;)
        {
            int end = start + 1;
            while (end < _count && _eventIds[end] == _eventIds[start])
            {
                end++;
            }

            Array.Sort(order, start, end - start);
            start = end;
        }

        return order;
    }

    private void Grow()
    {
        int size = _eventIds.Length * 2;
        Array.Resize(ref _eventIds, size);
        Array.Resize(ref _places, size);
        Array.Resize(ref _means, size);
        if (hasUncertainty)
        {
            Array.Resize(ref _independent, size);
            Array.Resize(ref _correlated, size);
            Array.Resize(ref _exposures, size);
        }
    }
}
