namespace RiskDurable.Kernel;

/// <summary>Sparse losses of a trial block by occurrence: those that are not 0, ascending by position.</summary>
/// <param name="Positions">Positions of occurrences in the block, strictly ascending.</param>
/// <param name="Losses">The loss of each; what currency and share it is at, the holder says.</param>
public sealed record OccurrenceLosses(int[] Positions, double[] Losses)
{
    /// <summary>No losses.</summary>
    public static OccurrenceLosses None { get; } = new([], []);

    /// <summary>Number of occurrences with a loss.</summary>
    public int Count => Positions.Length;
}
