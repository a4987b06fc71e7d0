namespace RiskDurable.Kernel.Metrics;

/// <summary>How much each trial counts; a trial of weight 2 stands for twice as many years as one of weight 1. Immutable.</summary>
public sealed class TrialWeights
{
    private readonly double[] _weights;

    private TrialWeights(double[] weights, int counted, double total, double sumOfSquares)
    {
        _weights = weights;
        Counted = counted;
        Total = total;
        SumOfSquares = sumOfSquares;
    }

    /// <summary>Number of trials N, those of weight 0 included.</summary>
    public int TrialCount => _weights.Length;

    /// <summary>Number of trials with a weight above 0.</summary>
    public int Counted { get; }

    /// <summary>W, the sum of the weights.</summary>
    public double Total { get; }

    /// <summary>W^2 / (sum of squared weights): as many equally likely trials would give a mean of the same precision (Kish, 1965).</summary>
    public double Effective => Total * Total / SumOfSquares;

    /// <summary>The weights by trial.</summary>
    public ReadOnlySpan<double> Values => _weights;

    internal double SumOfSquares { get; }

    /// <summary>Weights by trial.</summary>
    /// <param name="weights">One a trial, finite and at least 0, one of them above 0.</param>
    /// <returns>Null where all are equal: trials without weights give the same results, and faster.</returns>
    /// <exception cref="ArgumentException">A weight is negative or not finite, or none is above 0, or their sum is not finite.</exception>
    public static TrialWeights? Of(ReadOnlySpan<double> weights)
    {
        var sum = new TrialSum();
        var squares = new TrialSum();
        int counted = 0;
        for (int trial = 0; trial < weights.Length; trial++)
        {
            double weight = weights[trial];
            if (!(weight >= 0) || double.IsInfinity(weight))
            {
                throw new ArgumentException($"The weight of trial {trial} (counted from 0) is {weight}; a finite number of at least 0 was expected.", nameof(weights));
            }

            counted += weight > 0 ? 1 : 0;
            sum.Add(trial, weight);
            squares.Add(trial, weight * weight);
        }

        if (counted == 0 || !double.IsNormal(squares.Total))
        {
            throw new ArgumentException(
                counted == 0 ? "No trial has a weight above 0." : "The squares of the weights are too large or too small to be added; scale the weights.", nameof(weights));
        }

        return weights.ContainsAnyExcept(weights[0]) ? new TrialWeights(weights.ToArray(), counted, sum.Total, squares.Total) : null;
    }
}
