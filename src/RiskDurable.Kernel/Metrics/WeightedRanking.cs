namespace RiskDurable.Kernel.Metrics;

/// <summary>Fills a workspace with weighted losses by rank: loss, and sums over ranks of the weights, their squares, and weight * loss.</summary>
/// <param name="weights">The weights.</param>
/// <param name="workspace">Where the columns go: <c>Positive</c>, <c>PositiveSums</c>, <c>Negative</c>, <c>NegativeSums</c>.</param>
/// <param name="deepest">Cumulative weight down to which ranks are needed.</param>
internal ref struct WeightedRanking(TrialWeights weights, MetricsWorkspace workspace, double deepest)
{
    // As long as all trials with a weight, however many are needed: no column moves while it is written.
    private readonly Span<double> _losses = workspace.Positive(weights.Counted);
    private readonly Span<double> _cumulativeWeights = workspace.PositiveSums(weights.Counted);
    private readonly Span<double> _cumulativeSquares = workspace.Negative(weights.Counted);
    private readonly Span<double> _sums = workspace.NegativeSums(weights.Counted);

    private double _cumulative;
    private double _squares;
    private double _sum;

    /// <summary>Number of ranks so far.</summary>
    public int Count { get; private set; }

    /// <summary>Ranks losses: those above 0, then the years without, then those below.</summary>
    public void Add(in YearLosses losses)
    {
        AddSorted(losses, positive: true);
        AddZeros(losses);
        AddSorted(losses, positive: false);
    }

    private void AddSorted(in YearLosses losses, bool positive)
    {
        if (_cumulative >= deepest)
        {
            return;
        }

        Span<double> keys = workspace.Scratch(losses.Amounts.Length);
        Span<int> trials = workspace.Trials(losses.Amounts.Length);
        int count = 0;
        for (int i = 0; i < losses.Amounts.Length; i++)
        {
            double amount = losses.Amounts[i];
            int trial = losses.IsDense ? i : losses.Trials[i];
            if ((positive ? amount > 0 : amount < 0) && weights.Values[trial] > 0)
            {
                keys[count] = -amount;
                trials[count++] = trial;
            }
        }

        keys = keys[..count];
        trials = trials[..count];
        keys.Sort(trials);
        for (int first = 0; first < count && _cumulative < deepest;)
        {
            // The sort leaves equal losses in any order; by trial they are in one order only.
            int end = first + 1;
            while (end < count && keys[end] == keys[first])
            {
                end++;
            }

            trials[first..end].Sort();
            for (; first < end && _cumulative < deepest; first++)
            {
                Append(-keys[first], weights.Values[trials[first]]);
            }
        }
    }

    private void AddZeros(in YearLosses losses)
    {
        int listed = 0;
        for (int trial = 0; trial < losses.TrialCount && _cumulative < deepest; trial++)
        {
            double amount = losses.IsDense ? losses.Amounts[trial]
                : listed < losses.Trials.Length && losses.Trials[listed] == trial ? losses.Amounts[listed++] : 0;
            if (amount == 0 && weights.Values[trial] > 0)
            {
                Append(0, weights.Values[trial]);
            }
        }
    }

    private void Append(double loss, double weight)
    {
        int rank = Count++;
        _cumulative += weight;
        _squares += weight * weight;
        _sum += weight * loss;
        _losses[rank] = loss;
        _cumulativeWeights[rank] = _cumulative;
        _cumulativeSquares[rank] = _squares;
        _sums[rank] = _sum;
    }
}
