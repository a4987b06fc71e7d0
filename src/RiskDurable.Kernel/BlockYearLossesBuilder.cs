namespace RiskDurable.Kernel;

/// <summary>Collects rows of <see cref="BlockYearLosses"/>, leaving out those of all zeros. Keeps its arrays; one a thread.</summary>
internal sealed class BlockYearLossesBuilder
{
    private int[] _trials = [];
    private double[] _aggregate = [];
    private double[] _maxOccurrence = [];
    private double[] _reinstatementPremium = [];
    private double[] _noPremiums = [];
    private int _count;

    /// <summary>Starts over; keeps its arrays.</summary>
    /// <param name="most">Rows that may come.</param>
    public void Begin(int most)
    {
        _count = 0;
        if (_trials.Length < most)
        {
            _trials = new int[most];
            _aggregate = new double[most];
            _maxOccurrence = new double[most];
            _reinstatementPremium = new double[most];
        }
    }

    public void Add(int trial, double aggregate, double maxOccurrence, double reinstatementPremium)
    {
        int at = _count;
        _trials[at] = trial;
        _aggregate[at] = aggregate;
        _maxOccurrence[at] = maxOccurrence;
        _reinstatementPremium[at] = reinstatementPremium;
        _count = at + (aggregate == 0 && maxOccurrence == 0 && reinstatementPremium == 0 ? 0 : 1);
    }

    /// <summary>
    /// Year losses of a node of the hierarchy from its losses by occurrence: sums run in order of time, the largest occurrence is that
    /// of the node's own sums.
    /// </summary>
    /// <param name="block">The trial block.</param>
    /// <param name="occurrences">The node's losses by occurrence.</param>
    /// <param name="reinstatementPremiums">The node's reinstatement premium, one a trial of the block.</param>
    public BlockYearLosses OfOccurrences(TrialBlock block, OccurrenceLosses occurrences, ReadOnlySpan<double> reinstatementPremiums)
    {
        Begin(block.TrialCount);
        int[] positions = occurrences.Positions;
        ReadOnlySpan<double> losses = occurrences.Losses.AsSpan(0, positions.Length);
        int next = 0;
        for (int trial = 0; trial < block.TrialCount; trial++)
        {
            int end = block.TrialStarts[trial + 1];
            double sum = 0;

            // Compared, not Math.Max: no loss is NaN, and every node's losses go through here.
            double largest = 0;
            for (; next < positions.Length && positions[next] < end; next++)
            {
                sum += losses[next];
                largest = losses[next] > largest ? losses[next] : largest;
            }

            Add(trial, sum, largest, reinstatementPremiums[trial]);
        }

        return Build();
    }

    /// <summary>Years with nothing but reinstatement premiums; for whoever has the losses by occurrence as well.</summary>
    /// <param name="premiums">The reinstatement premium of each trial of the block.</param>
    public BlockYearLosses OfReinstatementPremiums(ReadOnlySpan<double> premiums)
    {
        Begin(premiums.Length);
        for (int trial = 0; trial < premiums.Length; trial++)
        {
            Add(trial, 0, 0, premiums[trial]);
        }

        return Build();
    }

    public BlockYearLosses Build() => _count == 0
        ? BlockYearLosses.None
        : new(Copy(_trials), Copy(_aggregate), Copy(_maxOccurrence), ReinstatementPremiums());

    /// <summary>Most layers have none: their columns of zeros are one array, as long as it has the length.</summary>
    private double[] ReinstatementPremiums()
    {
        if (_reinstatementPremium.AsSpan(0, _count).ContainsAnyExcept(0.0))
        {
            return Copy(_reinstatementPremium);
        }

        if (_noPremiums.Length != _count)
        {
            _noPremiums = new double[_count];
        }

        return _noPremiums;
    }

    private T[] Copy<T>(T[] column)
    {
        T[] copy = GC.AllocateUninitializedArray<T>(_count);
        column.AsSpan(0, _count).CopyTo(copy);
        return copy;
    }
}
