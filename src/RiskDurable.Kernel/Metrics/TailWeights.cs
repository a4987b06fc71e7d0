namespace RiskDurable.Kernel.Metrics;

/// <summary>
/// The weight of each trial in a parent's TVaR, by which a child's losses are averaged to its contribution (co-TVaR). Trials tied
/// at a boundary share their weight evenly, so the contributions do not depend on the order of trials, and those of all
/// children add up to the parent's TVaR within rounding. Definition: docs/kernel.md, "Contributions".
/// </summary>
public sealed class TailWeights
{
    private readonly double _unlistedWeight;
    private readonly int[] _trials;
    private readonly double[] _weights;

    private TailWeights(int trialCount, TailRank tail, double unlistedWeight, int[] trials, double[] weights)
    {
        TrialCount = trialCount;
        Tail = tail;
        _unlistedWeight = unlistedWeight;
        _trials = trials;
        _weights = weights;
    }

    /// <summary>Number of trials N.</summary>
    public int TrialCount { get; }

    /// <summary>Return period and rank k of the tail.</summary>
    public TailRank Tail { get; }

    /// <summary>Weights of the tail at a return period.</summary>
    /// <param name="parent">The parent's losses by trial.</param>
    /// <param name="returnPeriod">Years, 1 to N.</param>
    /// <param name="workspace">Memory to reuse, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">The return period is below 1 or above N.</exception>
    public static TailWeights For(in YearLosses parent, double returnPeriod, MetricsWorkspace? workspace = null)
    {
        int deepest = TailRank.TryFind(parent.TrialCount, returnPeriod, out TailRank tail) ? tail.Rank : 0;
        return For(ExceedanceCurve.Of(parent, deepest, workspace ?? new MetricsWorkspace()), parent, returnPeriod);
    }

    /// <summary>Weights of the tail at a return period, from a curve already made of the parent's losses.</summary>
    /// <param name="curve">The curve of <paramref name="parent"/>, down to the tail's rank.</param>
    /// <param name="parent">The parent's losses by trial.</param>
    /// <param name="returnPeriod">Years, 1 to N.</param>
    /// <exception cref="ArgumentOutOfRangeException">The return period is below 1 or above N, or the curve does not hold its
    /// rank.</exception>
    public static TailWeights For(in ExceedanceCurve curve, in YearLosses parent, double returnPeriod)
    {
        TailRank tail = curve.Find(returnPeriod);
        var boundary = TailBoundary.Of(curve, parent, tail);

        // Trials that are not listed have a loss of 0, and where the tail reaches down to 0 they all carry the same weight.
        double unlisted = boundary.WeightOf(0);
        int count = 0;
        foreach (double amount in parent.Amounts)
        {
            count += boundary.WeightOf(amount) != unlisted ? 1 : 0;
        }

        var trials = new int[count];
        var weights = new double[count];
        int next = 0;
        for (int i = 0; next < count; i++)
        {
            double weight = boundary.WeightOf(parent.Amounts[i]);
            if (weight != unlisted)
            {
                trials[next] = parent.IsDense ? i : parent.Trials[i];
                weights[next++] = weight;
            }
        }

        return new TailWeights(parent.TrialCount, tail, unlisted, trials, weights);
    }

    /// <summary>The weight of a trial, k already divided out; the weights of all trials add up to 1.</summary>
    /// <param name="trial">Zero-based trial.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such trial.</exception>
    public double WeightOf(int trial)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(trial);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(trial, TrialCount);
        int position = Array.BinarySearch(_trials, trial);
        return (position >= 0 ? _weights[position] : _unlistedWeight) / Tail.Rank;
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
        return sum / Tail.Rank;
    }

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

            double weight = listed < _trials.Length && _trials[listed] == trial ? _weights[listed] : _unlistedWeight;
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
