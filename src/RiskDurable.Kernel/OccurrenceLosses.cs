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

    /// <summary>Copies columns.</summary>
    internal static OccurrenceLosses CopyOf(ReadOnlySpan<int> positions, ReadOnlySpan<double> losses)
    {
        var copy = new OccurrenceLosses(GC.AllocateUninitializedArray<int>(positions.Length), GC.AllocateUninitializedArray<double>(losses.Length));
        positions.CopyTo(copy.Positions);
        losses.CopyTo(copy.Losses);
        return copy;
    }

    /// <summary>All losses times a factor; those that become 0 are left out.</summary>
    /// <param name="factor">Finite.</param>
    internal OccurrenceLosses Times(double factor)
    {
        if (factor == 1 && !Losses.AsSpan().Contains(0.0))
        {
            return this;
        }

        double[] losses = GC.AllocateUninitializedArray<double>(Count);
        int[] positions = Positions;
        int kept = 0;
        for (int i = 0; i < losses.Length; i++)
        {
            double loss = factor * Losses[i];
            if (loss == 0 && ReferenceEquals(positions, Positions))
            {
                positions = [.. Positions];
            }

            losses[kept] = loss;
            if (!ReferenceEquals(positions, Positions))
            {
                positions[kept] = Positions[i];
            }

            kept += loss == 0 ? 0 : 1;
        }

        return kept == losses.Length ? new(positions, losses) : new(positions[..kept], losses[..kept]);
    }
}
