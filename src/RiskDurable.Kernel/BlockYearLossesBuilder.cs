namespace RiskDurable.Kernel;

/// <summary>Collects rows of <see cref="BlockYearLosses"/>, leaving out those of all zeros. Keeps its arrays; one a thread.</summary>
/// <param name="memory">Where what is built goes.</param>
internal sealed class BlockYearLossesBuilder(LossMemory memory)
{
    private int[] _trials = [];
    private double[] _aggregate = [];
    private double[] _maxOccurrence = [];
    private double[] _reinstatementPremium = [];
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
        ReadOnlySpan<int> positions = occurrences.Positions;
        ReadOnlySpan<double> losses = occurrences.Losses[..positions.Length];
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
        : new(Copy(_trials, memory.Positions(_count)), Copy(_aggregate), Copy(_maxOccurrence), ReinstatementPremiums());

    private ReadOnlyMemory<double> ReinstatementPremiums() =>
        _reinstatementPremium.AsSpan(0, _count).ContainsAnyExcept(0.0) ? Copy(_reinstatementPremium) : BlockYearLosses.Zeros(_count);

    private Memory<double> Copy(double[] column) => Copy(column, memory.Losses(_count));

    private static Memory<T> Copy<T>(T[] column, Memory<T> to)
    {
        column.AsSpan(0, to.Length).CopyTo(to.Span);
        return to;
    }
}
