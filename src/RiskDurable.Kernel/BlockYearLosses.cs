namespace RiskDurable.Kernel;

/// <summary>
/// Sparse losses of a trial block by year: the trials in which anything is not 0, ascending. The four columns have the same length.
/// </summary>
/// <param name="Trials">Trials within the block, from 0, strictly ascending.</param>
/// <param name="Aggregate">Sum of the year's losses.</param>
/// <param name="MaxOccurrence">The year's largest occurrence, at least 0.</param>
/// <param name="ReinstatementPremium">The year's reinstatement premium.</param>
public sealed record BlockYearLosses(int[] Trials, double[] Aggregate, double[] MaxOccurrence, double[] ReinstatementPremium)
{
    /// <summary>No losses.</summary>
    public static BlockYearLosses None { get; } = new([], [], [], []);

    /// <summary>Number of trials with an entry.</summary>
    public int Count => Trials.Length;

    /// <summary>Whether any reinstatement premium is not 0.</summary>
    public bool HasReinstatementPremiums { get; } = ReinstatementPremium.AsSpan().ContainsAnyExcept(0.0);
}
