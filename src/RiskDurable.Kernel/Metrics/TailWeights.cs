namespace RiskDurable.Kernel.Metrics;

/// <summary>
/// The weight of each trial in a parent's TVaR, by which a child's losses are averaged to its contribution (co-TVaR). Trials tied
/// at a boundary share their weight evenly, so the contributions do not depend on the order of trials, and those of all
/// children add up to the parent's TVaR within rounding. Definition: docs/kernel.md, "Contributions".
/// </summary>
public sealed class TailWeights
{
    private readonly double _tailWeight;
    private readonly double _unlistedWeight;
    private readonly TrialWeights? _unlistedWeights;
    private readonly int[] _trials;
    private readonly double[] _weights;

    private TailWeights(in YearLosses parent, in TailBoundary boundary, double tailWeight, TrialWeights? weights)
    {
        TrialCount = parent.TrialCount;
        _tailWeight = tailWeight;

        // Trials that are not listed have a loss of 0, and where the tail reaches down to 0 they all carry the same weight, or the same
        // multiple of their own.
        _unlistedWeight = boundary.WeightOf(0);
        _unlistedWeights = weights;
        int count = 0;
        foreach (double amount in parent.Amounts)
        {
            count += boundary.WeightOf(amount) != _unlistedWeight ? 1 : 0;
        }

        _trials = new int[count];
        _weights = new double[count];
        int next = 0;
        for (int i = 0; next < count; i++)
        {
            double weight = boundary.WeightOf(parent.Amounts[i]);
            if (weight != _unlistedWeight)
            {
                int trial = parent.IsDense ? i : parent.Trials[i];
                _trials[next] = trial;
                _weights[next++] = weights is null ? weight : weight * weights.Values[trial];
            }
        }
    }

    /// <summary>Number of trials N.</summary>
    public int TrialCount { get; }

    /// <summary>Weights of the tail at a return period, among equally likely trials of which rank k has return period N/k.</summary>
    /// <param name="parent">The parent's losses by trial.</param>
    /// <param name="returnPeriod">Years, 1 to N.</param>
    /// <exception cref="ArgumentOutOfRangeException">The return period is below 1 or above N.</exception>
    public static TailWeights For(in YearLosses parent, double returnPeriod) =>
        TryFor(parent, new ReturnPeriodGrid(parent.TrialCount, returnPeriod), returnPeriod, new MetricsWorkspace())
            ?? throw new ArgumentOutOfRangeException(
                nameof(returnPeriod), returnPeriod, $"{parent.TrialCount} trials reach no return period above {parent.TrialCount} years.");

    /// <summary>Weights of the tail at a return period.</summary>
    /// <param name="parent">The parent's losses by trial.</param>
    /// <param name="grid">Weights of the trials and return periods of their ranks; the return periods in it do not matter.</param>
    /// <param name="returnPeriod">Years, at least 1.</param>
    /// <param name="workspace">Memory to reuse.</param>
    /// <returns>Null where the return period lies beyond the parent's curve.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The return period is below 1 or not a finite number.</exception>
    public static TailWeights? TryFor(in YearLosses parent, ReturnPeriodGrid grid, double returnPeriod, MetricsWorkspace workspace)
    {
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentNullException.ThrowIfNull(workspace);
        if (grid.Weights is { } weights)
        {
            WeightedCurve weighted = WeightedCurve.Of(parent, weights, grid.Convention, returnPeriod, workspace);
            return weighted.TryFind(returnPeriod, out WeightedTail at)
                ? new TailWeights(parent, TailBoundary.Of(weighted, parent, weights, at), at.CumulativeWeight, weights)
                : null;
        }

        if (!TailRank.TryFind(parent.TrialCount, grid.Convention, returnPeriod, out TailRank tail))
        {
            return null;
        }

        ExceedanceCurve curve = ExceedanceCurve.Of(parent, tail.Rank, workspace);
        return new TailWeights(parent, TailBoundary.Of(curve, parent, tail), tail.Rank, null);
    }

    /// <summary>The weight of a trial, that of the tail already divided out; the weights of all trials add up to 1.</summary>
    /// <param name="trial">Zero-based trial.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such trial.</exception>
    public double WeightOf(int trial)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(trial);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(trial, TrialCount);
        int position = Array.BinarySearch(_trials, trial);
        return (position >= 0 ? _weights[position] : Unlisted(trial)) / _tailWeight;
    }

    /// <summary>
    /// What a child contributes to the parent's TVaR: the weighted mean of its losses, in their currency. The same bits for dense
    /// and sparse children.
    /// </summary>
    /// <param name="child">The child's losses, signed as they enter the parent.</param>
    /// <exception cref="ArgumentException">The child has another number of trials.</exception>
    public double Contribution(in YearLosses child)
    {
        if (child.TrialCount != TrialCount)
        {
            throw new ArgumentException($"The weights are for {TrialCount} trials, the child has {child.TrialCount}.", nameof(child));
        }

        double sum = (child.IsDense, _unlistedWeight) switch
        {
            (true, 0) => TailOfDense(child.Amounts),
            (false, 0) => TailOfSparse(child.Trials, child.Amounts),
            _ => AllTrials(child),
        };
        return sum / _tailWeight;
    }

    private double Unlisted(int trial) => _unlistedWeights is null ? _unlistedWeight : _unlistedWeight * _unlistedWeights.Values[trial];

    private double TailOfDense(ReadOnlySpan<double> amounts)
    {
        var sum = new TrialSum();
        for (int i = 0; i < _trials.Length; i++)
        {
            sum.Add(_trials[i], _weights[i] * amounts[_trials[i]]);
        }

        return sum.Total;
    }

    // The tail is short and the child may be long: leap from one trial of the tail to the next.
    private double TailOfSparse(ReadOnlySpan<int> trials, ReadOnlySpan<double> amounts)
    {
        var sum = new TrialSum();
        int position = 0;
        for (int i = 0; i < _trials.Length; i++)
        {
            position = FirstAtOrAfter(trials, position, _trials[i]);
            if (position == trials.Length)
            {
                break;
            }

            if (trials[position] == _trials[i])
            {
                sum.Add(_trials[i], _weights[i] * amounts[position]);
            }
        }

        return sum.Total;
    }

    private double AllTrials(in YearLosses child)
    {
        var sum = new TrialSum();
        int listed = 0;
        for (int i = 0; i < child.Amounts.Length; i++)
        {
            int trial = child.IsDense ? i : child.Trials[i];
            while (listed < _trials.Length && _trials[listed] < trial)
            {
                listed++;
            }

            double weight = listed < _trials.Length && _trials[listed] == trial ? _weights[listed] : Unlisted(trial);
            sum.Add(trial, weight * child.Amounts[i]);
        }

        return sum.Total;
    }

    private static int FirstAtOrAfter(ReadOnlySpan<int> trials, int start, int trial)
    {
        int step = 1, low = start;
        while (low + step <= trials.Length && trials[low + step - 1] < trial)
        {
            low += step;
            step *= 2;
        }

        int high = Math.Min(low + step, trials.Length);
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (trials[middle] < trial)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
