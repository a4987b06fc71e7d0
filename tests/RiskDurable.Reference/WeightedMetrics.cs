namespace RiskDurable.Reference;

/// <summary>Metrics of weighted trials, rank by rank over dense arrays, without regard to speed or rounding (docs/kernel.md, "Weights").</summary>
public sealed class WeightedMetrics
{
    private readonly double[] _losses;
    private readonly double[] _weights;
    private readonly double _years;
    private readonly int[] _byRank;
    private readonly double[] _cumulative;

    public WeightedMetrics(double[] losses, double[] weights, bool weibull = false)
    {
        (_losses, _weights) = (losses, weights);
        Total = weights.Sum();
        _years = weibull ? Total + (Total / weights.Count(weight => weight > 0)) : Total;
        _byRank = [.. Enumerable.Range(0, losses.Length).Where(trial => weights[trial] > 0).OrderByDescending(trial => losses[trial])];
        _cumulative = [.. _byRank.Select((_, rank) => _byRank.Take(rank + 1).Sum(trial => weights[trial]))];
    }

    public double Total { get; }

    public double Mean => _losses.Zip(_weights, (loss, weight) => loss * weight).Sum() / Total;

    public double StandardDeviation => Math.Sqrt(
        _losses.Zip(_weights, (loss, weight) => weight * (loss - Mean) * (loss - Mean)).Sum() / (Total - (_weights.Sum(weight => weight * weight) / Total)));

    public double StandardError => StandardDeviation * Math.Sqrt(_weights.Sum(weight => weight * weight)) / Total;

    /// <summary>Index of rank k - 1 in order of rank, and a; null where the return period is beyond the largest loss.</summary>
    public (int Index, double Fraction)? Find(double returnPeriod)
    {
        double exceeding = _years / returnPeriod;
        double tolerance = 1e-9 * Total / _byRank.Length;
        int index = Array.FindIndex(_cumulative, weight => weight >= exceeding - tolerance);
        if (index < 0 || (index == 0 && _cumulative[0] > exceeding + tolerance))
        {
            return null;
        }

        return Math.Abs(_cumulative[index] - exceeding) <= tolerance
            ? (index, 0)
            : (index, (returnPeriod - (_years / _cumulative[index])) / ((_years / _cumulative[index - 1]) - (_years / _cumulative[index])));
    }

    public double ValueAtRisk(double returnPeriod)
    {
        (int index, double a) = Find(returnPeriod)!.Value;
        return a == 0 ? LossAt(index) : ((1 - a) * LossAt(index)) + (a * LossAt(index - 1));
    }

    public double TailValueAtRisk(double returnPeriod)
    {
        int index = Find(returnPeriod)!.Value.Index;
        double before = _byRank.Take(index).Sum(trial => _weights[trial] * _losses[trial]);
        return (before + (_weights[_byRank[index]] * ValueAtRisk(returnPeriod))) / _cumulative[index];
    }

    /// <summary>Weights of trials in the TVaR, adding up to 1; equal losses share in proportion to their own weights.</summary>
    public double[] TailWeights(double returnPeriod)
    {
        (int index, double a) = Find(returnPeriod)!.Value;
        var ofRank = new double[_byRank.Length];
        for (int rank = 0; rank <= index; rank++)
        {
            ofRank[rank] = _weights[_byRank[rank]];
        }

        if (a != 0)
        {
            ofRank[index - 1] += a * ofRank[index];
            ofRank[index] *= 1 - a;
        }

        var result = new double[_losses.Length];
        foreach (IGrouping<double, int> tied in Enumerable.Range(0, _byRank.Length).GroupBy(LossAt))
        {
            double share = tied.Sum(rank => ofRank[rank]) / tied.Sum(rank => _weights[_byRank[rank]]);
            foreach (int rank in tied)
            {
                result[_byRank[rank]] = share * _weights[_byRank[rank]] / _cumulative[index];
            }
        }

        return result;
    }

    private double LossAt(int index) => _losses[_byRank[index]];
}
