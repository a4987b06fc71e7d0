namespace RiskDurable.Kernel.Metrics;

/// <summary>
/// Year losses of weighted trials by rank, largest first, equal ones by trial; the return period of rank k follows from the weight of ranks
/// 1 to k. With equal weights it is <see cref="ExceedanceCurve"/>. Definitions: docs/kernel.md, "Weights". Lives in a
/// <see cref="MetricsWorkspace"/> and is valid until that is used for another curve.
/// </summary>
internal readonly ref struct WeightedCurve
{
    // As near counts as the same cumulative weight: so much of a trial's mean weight, or what a long sum may lose.
    private const double ToleranceOfMean = 1e-9;
    private const double ToleranceOfTotal = 1e-12;

    private const double NormalQuantile = 1.959963984540054; // of probability 0.975

    private readonly TrialWeights _weights;
    private readonly double _years;
    private readonly ReadOnlySpan<double> _losses;
    private readonly ReadOnlySpan<double> _cumulative;
    private readonly ReadOnlySpan<double> _cumulativeSquares;
    private readonly ReadOnlySpan<double> _sums;

    private WeightedCurve(TrialWeights weights, double years, MetricsWorkspace workspace, int ranks)
    {
        _weights = weights;
        _years = years;
        _losses = workspace.Positive(ranks);
        _cumulative = workspace.PositiveSums(ranks);
        _cumulativeSquares = workspace.Negative(ranks);
        _sums = workspace.NegativeSums(ranks);
    }

    /// <summary>Ranks losses as deep as a return period and its interval need.</summary>
    /// <param name="losses">Losses by trial.</param>
    /// <param name="weights">Weights of as many trials.</param>
    /// <param name="convention">Return period of a rank.</param>
    /// <param name="shortestReturnPeriod">The shortest that will be asked for, years.</param>
    /// <param name="workspace">Memory of the curve.</param>
    public static WeightedCurve Of(
        in YearLosses losses, TrialWeights weights, RankConvention convention, double shortestReturnPeriod, MetricsWorkspace workspace)
    {
        double years = YearsOf(weights, convention);

        // No interval reaches further below its return period than this: the standard error of a probability is at most 1 / sqrt(effective N).
        double deepest = (years / shortestReturnPeriod) + (NormalQuantile * weights.Total / Math.Sqrt(weights.Effective));
        var ranking = new WeightedRanking(weights, workspace, deepest);
        ranking.Add(losses);
        return new WeightedCurve(weights, years, workspace, ranking.Count);
    }

    /// <summary>The weight that a return period of a year has: W, or with Weibull's convention W and the mean weight of a trial.</summary>
    public static double YearsOf(TrialWeights weights, RankConvention convention) =>
        convention == RankConvention.Weibull ? weights.Total + (weights.Total / weights.Counted) : weights.Total;

    /// <summary>Finds a return period on the curve.</summary>
    /// <param name="returnPeriod">Years, at least 1.</param>
    /// <param name="tail">Where it is.</param>
    /// <returns>False when it lies beyond the largest loss: the trials say nothing about it.</returns>
    public bool TryFind(double returnPeriod, out WeightedTail tail)
    {
        double exceeding = _years / returnPeriod;
        double tolerance = Math.Max(ToleranceOfMean * _weights.Total / _weights.Counted, ToleranceOfTotal * _weights.Total);
        int k = _cumulative.BinarySearch(exceeding - tolerance);
        k = k < 0 ? ~k : k;
        if (k == _cumulative.Length || (k == 0 && _cumulative[0] > exceeding + tolerance))
        {
            tail = default;
            return false;
        }

        double fraction = 0;
        if (_cumulative[k] > exceeding + tolerance)
        {
            double atRank = _years / _cumulative[k];
            double beyond = _years / _cumulative[k - 1];
            fraction = (returnPeriod - atRank) / (beyond - atRank);
        }

        double before = k == 0 ? 0 : _cumulative[k - 1];
        tail = new WeightedTail(returnPeriod, k + 1, fraction, _cumulative[k], _cumulative[k] - before);
        return true;
    }

    /// <summary>The loss of a rank, 1 being the largest.</summary>
    public double LossAtRank(int rank) => _losses[rank - 1];

    /// <summary>The loss at a return period.</summary>
    public double ValueAtRisk(in WeightedTail at)
    {
        double loss = LossAtRank(at.Rank);
        if (at.Fraction == 0)
        {
            return loss;
        }

        double larger = LossAtRank(at.Rank - 1);
        return Math.Min(loss + (at.Fraction * (larger - loss)), larger);
    }

    /// <summary>The mean loss beyond a return period.</summary>
    public double TailValueAtRisk(in WeightedTail at)
    {
        double atReturnPeriod = ValueAtRisk(at);
        double before = at.Rank == 1 ? 0 : _sums[at.Rank - 2];
        return Math.Clamp((before + (at.Weight * atReturnPeriod)) / at.CumulativeWeight, atReturnPeriod, LossAtRank(1));
    }

    /// <summary>The 95 % interval of a loss at a return period (Woodruff, 1952): the losses at the ends of the interval of its probability.</summary>
    public LossInterval IntervalOfValueAtRisk(in WeightedTail at)
    {
        double p = 1 / at.ReturnPeriod;
        double squares = _cumulativeSquares[at.Rank - 1];
        double reach = NormalQuantile * Math.Sqrt(((1 - p) * (1 - p) * squares) + (p * p * Math.Max(_weights.SumOfSquares - squares, 0)));

        // Upper: the last rank whose weight is not above the least; lower: the first whose weight is not below the most.
        int upper = _cumulative.BinarySearch((p * _weights.Total) - reach);
        upper = upper < 0 ? ~upper - 1 : upper;
        int lower = _cumulative.BinarySearch((p * _weights.Total) + reach);
        lower = lower < 0 ? ~lower : lower;
        return new LossInterval(
            lower >= _losses.Length ? null : _losses[lower],
            upper < 0 ? null : _losses[upper]);
    }

    /// <summary>The 95 % interval of a TVaR; empty below <see cref="TvarInterval.FewestTailLosses"/> effective losses in the tail.</summary>
    public LossInterval IntervalOfTailValueAtRisk(in WeightedTail at)
    {
        double squares = _cumulativeSquares[at.Rank - 1];
        if (at.CumulativeWeight * at.CumulativeWeight / squares < TvarInterval.FewestTailLosses)
        {
            return default;
        }

        double value = ValueAtRisk(at);
        double tvar = TailValueAtRisk(at);
        double excess = tvar - value;
        double sum = excess * excess * Math.Max(_weights.SumOfSquares - squares, 0);
        double squaresBefore = 0;
        for (int i = 0; i < at.Rank; i++)
        {
            double deviation = ((_losses[i] - value) * at.ReturnPeriod) - excess;
            sum += (_cumulativeSquares[i] - squaresBefore) * (deviation * deviation);
            squaresBefore = _cumulativeSquares[i];
        }

        double halfWidth = NormalQuantile * Math.Sqrt(sum) / _weights.Total;
        return new LossInterval(tvar - halfWidth, tvar + halfWidth);
    }
}

/// <summary>Where a return period falls on a <see cref="WeightedCurve"/>.</summary>
/// <param name="ReturnPeriod">Years.</param>
/// <param name="Rank">k: the first rank whose cumulative weight reaches the return period's.</param>
/// <param name="Fraction">How far the return period lies from rank k's towards that of rank k - 1; 0 when it is that of rank k.</param>
/// <param name="CumulativeWeight">Weight of ranks 1 to k.</param>
/// <param name="Weight">Weight of rank k.</param>
internal readonly record struct WeightedTail(double ReturnPeriod, int Rank, double Fraction, double CumulativeWeight, double Weight);
