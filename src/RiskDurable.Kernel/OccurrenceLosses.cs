namespace RiskDurable.Kernel;

/// <summary>Sparse losses of a trial block by occurrence: those that are not 0, ascending by position.</summary>
/// <param name="positions">Positions of occurrences in the block, strictly ascending.</param>
/// <param name="losses">The loss of each; what currency and share it is at, the holder says.</param>
/// <remarks>The columns stand as long as the memory that they lie in.</remarks>
public sealed class OccurrenceLosses(ReadOnlyMemory<int> positions, ReadOnlyMemory<double> losses)
{
    /// <summary>Wraps arrays; they are not copied and must not change afterwards.</summary>
    /// <param name="positions">Positions of occurrences in the block, strictly ascending.</param>
    /// <param name="losses">The loss of each.</param>
    public OccurrenceLosses(int[] positions, double[] losses)
        : this(positions.AsMemory(), losses.AsMemory())
    {
    }

    /// <summary>No losses.</summary>
    public static OccurrenceLosses None { get; } = new([], []);

    /// <summary>Number of occurrences with a loss.</summary>
    public int Count => positions.Length;

    /// <summary>Positions of occurrences in the block, strictly ascending.</summary>
    public ReadOnlySpan<int> Positions => positions.Span;

    /// <summary>The loss of each.</summary>
    public ReadOnlySpan<double> Losses => losses.Span;

    /// <summary>The losses in memory of their own.</summary>
    public OccurrenceLosses Copy() => CopyOf(Positions, Losses);

    /// <summary>Copies columns.</summary>
    internal static OccurrenceLosses CopyOf(ReadOnlySpan<int> positions, ReadOnlySpan<double> losses)
    {
        if (positions.IsEmpty)
        {
            return None;
        }

        int[] ofPositions = GC.AllocateUninitializedArray<int>(positions.Length);
        double[] ofLosses = GC.AllocateUninitializedArray<double>(losses.Length);
        positions.CopyTo(ofPositions);
        losses.CopyTo(ofLosses);
        return new(ofPositions, ofLosses);
    }

    /// <summary>All losses times a factor; those that become 0 are left out.</summary>
    /// <param name="factor">Finite.</param>
    /// <param name="memory">Where they go, unless nothing changes.</param>
    internal OccurrenceLosses Times(double factor, LossMemory memory)
    {
        ReadOnlySpan<double> from = Losses;
        if (factor == 1 && !from.Contains(0.0))
        {
            return this;
        }

        Memory<double> ofLosses = memory.Losses(Count);
        Span<double> to = ofLosses.Span;
        bool anyZero = false;
        for (int i = 0; i < from.Length; i++)
        {
            double loss = factor * from[i];
            to[i] = loss;
            anyZero |= loss == 0;
        }

        return anyZero ? WithoutZeros(positions, ofLosses, memory) : new(positions, ofLosses);
    }

    /// <summary>The losses that are not 0.</summary>
    /// <param name="positions">A position of each.</param>
    /// <param name="losses">Written over.</param>
    /// <param name="memory">Where the positions go.</param>
    internal static OccurrenceLosses WithoutZeros(ReadOnlyMemory<int> positions, Memory<double> losses, LossMemory memory)
    {
        ReadOnlySpan<int> from = positions.Span;
        Memory<int> ofPositions = memory.Positions(from.Length);
        Span<int> to = ofPositions.Span;
        Span<double> amounts = losses.Span;
        int kept = 0;
        for (int i = 0; i < from.Length; i++)
        {
            to[kept] = from[i];
            amounts[kept] = amounts[i];
            kept += amounts[i] == 0 ? 0 : 1;
        }

        return new(ofPositions[..kept], losses[..kept]);
    }
}
