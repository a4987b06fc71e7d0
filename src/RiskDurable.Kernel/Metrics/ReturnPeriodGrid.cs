namespace RiskDurable.Kernel.Metrics;

/// <summary>
/// Return periods at which curves are read, with the ranks they need among a number of trials, or the trials' weights. Made once for a run
/// and shared by all nodes; immutable.
/// </summary>
public sealed class ReturnPeriodGrid
{
    private readonly double[] _returnPeriods;
    private readonly TailRank[] _ranks;
    private readonly BinomialRanks[] _intervalRanks;

    /// <summary>Return periods above the number of trials are left out.</summary>
    /// <param name="trialCount">Number of trials, at least 1, equally likely.</param>
    /// <param name="returnPeriods">Years, each at least 1; the order is kept.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no trial, or a return period is below 1 or not a finite number.</exception>
    public ReturnPeriodGrid(int trialCount, params ReadOnlySpan<double> returnPeriods)
        : this(trialCount, RankConvention.Empirical, null, returnPeriods)
    {
    }

    /// <summary>
    /// Return periods beyond the largest loss are left out: those above the number of trials, or (where trials have weights) above what the
    /// weight of each node's worst trial stands for.
    /// </summary>
    /// <param name="trialCount">Number of trials, at least 1.</param>
    /// <param name="convention">Return period of a rank.</param>
    /// <param name="weights">The trials' weights; null where all count alike.</param>
    /// <param name="returnPeriods">Years, each at least 1; the order is kept.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no trial, or a return period is below 1 or not a finite number.</exception>
    /// <exception cref="ArgumentException">The weights are of another number of trials.</exception>
    public ReturnPeriodGrid(int trialCount, RankConvention convention, TrialWeights? weights, params ReadOnlySpan<double> returnPeriods)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trialCount, 1);
        if (weights is not null && weights.TrialCount != trialCount)
        {
            throw new ArgumentException($"There are {trialCount} trials, but {weights.TrialCount} weights.", nameof(weights));
        }

        TrialCount = trialCount;
        Convention = convention;
        Weights = weights;
        _returnPeriods = returnPeriods.ToArray();
        ShortestReturnPeriod = double.PositiveInfinity;
        var ranks = new List<TailRank>(returnPeriods.Length);
        foreach (double returnPeriod in returnPeriods)
        {
            if (TailRank.TryFind(trialCount, convention, returnPeriod, out TailRank rank))
            {
                ranks.Add(rank);
            }

            ShortestReturnPeriod = Math.Min(ShortestReturnPeriod, returnPeriod);
        }

        _ranks = [.. ranks];
        _intervalRanks = new BinomialRanks[_ranks.Length];
        for (int i = 0; i < _ranks.Length; i++)
        {
            _intervalRanks[i] = BinomialRanks.For(trialCount, _ranks[i].ReturnPeriod);
            DeepestRank = Math.Max(DeepestRank, Math.Max(_ranks[i].Rank, _intervalRanks[i].Lower));
        }
    }

    /// <summary>2, 5, 10, 25, 50, 100, 200, 250, 500, 1000, 5000 and 10000 years.</summary>
    public static ReadOnlySpan<double> DefaultReturnPeriods => [2, 5, 10, 25, 50, 100, 200, 250, 500, 1000, 5000, 10000];

    /// <summary>Number of trials.</summary>
    public int TrialCount { get; }

    /// <summary>Return period of a rank.</summary>
    public RankConvention Convention { get; }

    /// <summary>The trials' weights; null where all count alike.</summary>
    public TrialWeights? Weights { get; }

    /// <summary>All return periods that were given.</summary>
    public ReadOnlySpan<double> ReturnPeriods => _returnPeriods;

    /// <summary>The return periods that so many equally likely trials reach, in the order given, with their ranks.</summary>
    public ReadOnlySpan<TailRank> Ranks => _ranks;

    /// <summary>The smallest loss looked at, by rank; intervals included; 0 without return periods.</summary>
    internal int DeepestRank { get; }

    /// <summary>The shortest return period; infinite without return periods.</summary>
    internal double ShortestReturnPeriod { get; }

    /// <summary>Ranks of the 95 % interval of each loss in <see cref="Ranks"/>.</summary>
    internal ReadOnlySpan<BinomialRanks> IntervalRanks => _intervalRanks;

    /// <summary>The grid of <see cref="DefaultReturnPeriods"/>.</summary>
    /// <param name="trialCount">Number of trials, at least 1.</param>
    public static ReturnPeriodGrid Default(int trialCount) => new(trialCount, DefaultReturnPeriods);
}
