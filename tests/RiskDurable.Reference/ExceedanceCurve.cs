namespace RiskDurable.Reference;

/// <summary>A loss curve over N trials, sorted descending: rank k has return period N / k.</summary>
public sealed class ExceedanceCurve
{
    private readonly double[] _losses;

    public ExceedanceCurve(IEnumerable<double> losses) => _losses = [.. losses.OrderDescending()];

    public static IReadOnlyList<double> DefaultReturnPeriods { get; } = [2, 5, 10, 25, 50, 100, 200, 250, 500, 1000, 5000, 10000];

    /// <summary>Losses by rank: index 0 is rank 1, the largest.</summary>
    public IReadOnlyList<double> Losses => _losses;

    /// <summary>The return periods that N trials can answer.</summary>
    public static IEnumerable<double> Answerable(int trials) => DefaultReturnPeriods.Where(period => TryRank(trials, period, out _, out _));

    /// <summary>The ranks k - 1 and k around a return period, and the weight of rank k - 1: 0 where N / RP is an integer.</summary>
    public static bool TryRank(int trials, double returnPeriod, out int k, out double a)
    {
        double ratio = trials / returnPeriod;
        double nearest = Math.Round(ratio);
        if (Math.Abs(ratio - nearest) < 1e-9)
        {
            (k, a) = ((int)nearest, 0);
            return k >= 1;
        }

        k = (int)Math.Ceiling(ratio);
        a = k > 1 ? (returnPeriod - ((double)trials / k)) / (((double)trials / (k - 1)) - ((double)trials / k)) : 0;
        return k > 1;
    }

    /// <summary>The loss at a return period, linear in return period between the neighbouring ranks.</summary>
    public double LossAt(double returnPeriod)
    {
        (int k, double a) = Rank(returnPeriod);
        return a == 0 ? _losses[k - 1] : _losses[k - 1] + (a * (_losses[k - 2] - _losses[k - 1]));
    }

    /// <summary>The mean of the first k - 1 losses and the loss at the return period.</summary>
    public double TailValueAt(double returnPeriod)
    {
        (int k, _) = Rank(returnPeriod);
        return (_losses.Take(k - 1).Sum() + LossAt(returnPeriod)) / k;
    }

    private (int K, double A) Rank(double returnPeriod) =>
        TryRank(_losses.Length, returnPeriod, out int k, out double a)
            ? (k, a)
            : throw new ArgumentOutOfRangeException(nameof(returnPeriod), returnPeriod, $"{_losses.Length} trials have no such return period.");
}
