namespace RiskDurable.Kernel.Metrics;

/// <summary>
/// Memory that metrics reuse from node to node, growing to the largest seen. One for each thread; a curve made in it is valid
/// until the next one is made.
/// </summary>
public sealed class MetricsWorkspace
{
    private double[] _positive = [];
    private double[] _scratch = [];
    private double[] _positiveSums = [];
    private double[] _negative = [];
    private double[] _negativeSums = [];
    private int[] _trials = [];

    /// <summary>Rank-ordered losses above 0.</summary>
    internal Span<double> Positive(int length) => Room(ref _positive, length);

    /// <summary>Room for sorting.</summary>
    internal Span<double> Scratch(int length) => Room(ref _scratch, length);

    /// <summary>Sums of the largest losses above 0.</summary>
    internal Span<double> PositiveSums(int length) => Room(ref _positiveSums, length);

    /// <summary>Sizes of losses below 0.</summary>
    internal Span<double> Negative(int length) => Room(ref _negative, length);

    /// <summary>Sums of the largest losses, from the first below 0.</summary>
    internal Span<double> NegativeSums(int length) => Room(ref _negativeSums, length);

    /// <summary>Trials beside losses that are being sorted.</summary>
    internal Span<int> Trials(int length) => Room(ref _trials, length);

    private static Span<T> Room<T>(ref T[] array, int length)
    {
        if (array.Length < length)
        {
            array = GC.AllocateUninitializedArray<T>(Math.Max(length, Math.Min(2 * array.Length, Array.MaxLength)));
        }

        return array.AsSpan(0, length);
    }
}
