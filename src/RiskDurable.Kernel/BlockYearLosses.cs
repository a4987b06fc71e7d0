namespace RiskDurable.Kernel;

/// <summary>
/// Sparse losses of a trial block by year: the trials in which anything is not 0, ascending. The four columns have the same length.
/// </summary>
/// <param name="trials">Trials within the block, from 0, strictly ascending.</param>
/// <param name="aggregate">Sum of the year's losses.</param>
/// <param name="maxOccurrence">The year's largest occurrence, at least 0.</param>
/// <param name="reinstatementPremium">The year's reinstatement premium.</param>
/// <remarks>The columns stand as long as the memory that they lie in.</remarks>
public sealed class BlockYearLosses(
    ReadOnlyMemory<int> trials, ReadOnlyMemory<double> aggregate, ReadOnlyMemory<double> maxOccurrence, ReadOnlyMemory<double> reinstatementPremium)
{
    private static double[] _zeros = [];

    /// <summary>Wraps arrays; they are not copied and must not change afterwards.</summary>
    /// <param name="trials">Trials within the block, from 0, strictly ascending.</param>
    /// <param name="aggregate">Sum of the year's losses.</param>
    /// <param name="maxOccurrence">The year's largest occurrence, at least 0.</param>
    /// <param name="reinstatementPremium">The year's reinstatement premium.</param>
    public BlockYearLosses(int[] trials, double[] aggregate, double[] maxOccurrence, double[] reinstatementPremium)
        : this(trials.AsMemory(), aggregate.AsMemory(), maxOccurrence.AsMemory(), reinstatementPremium.AsMemory())
    {
    }

    /// <summary>No losses.</summary>
    public static BlockYearLosses None { get; } = new([], [], [], []);

    /// <summary>Number of trials with an entry.</summary>
    public int Count => trials.Length;

    /// <summary>Trials within the block, from 0, strictly ascending.</summary>
    public ReadOnlySpan<int> Trials => trials.Span;

    /// <summary>Sum of the year's losses.</summary>
    public ReadOnlySpan<double> Aggregate => aggregate.Span;

    /// <summary>The year's largest occurrence, at least 0.</summary>
    public ReadOnlySpan<double> MaxOccurrence => maxOccurrence.Span;

    /// <summary>The year's reinstatement premium.</summary>
    public ReadOnlySpan<double> ReinstatementPremium => reinstatementPremium.Span;

    /// <summary>Whether any reinstatement premium is not 0.</summary>
    public bool HasReinstatementPremiums { get; } = reinstatementPremium.Span.ContainsAnyExcept(0.0);

    /// <summary>A column of zeros: most years have no reinstatement premium, and share it.</summary>
    /// <param name="count">Number of entries.</param>
    public static ReadOnlyMemory<double> Zeros(int count)
    {
        // Two threads may make one at the same time: all are alike.
        double[] zeros = Volatile.Read(ref _zeros);
        if (zeros.Length < count)
        {
            zeros = new double[count];
            Volatile.Write(ref _zeros, zeros);
        }

        return zeros.AsMemory(0, count);
    }
}
