namespace RiskDurable.Kernel.Metrics;

/// <summary>
/// Sums over trials that do not depend on how the trials are stored: within a chunk of 4,096 trials (by absolute trial) in
/// ascending order from +0, then the chunks in ascending order. A term of +0 or -0 leaves such a sum as it is, to the bit, so
/// trials that a sparse form leaves out change nothing.
/// </summary>
internal static class ChunkedSum
{
    private const int ChunkBits = 12;

    /// <summary>Trials (or ranks) of one chunk.</summary>
    public const int ChunkLength = 1 << ChunkBits;

    /// <summary>Sum of one term per trial; the term must be 0 where the amount is 0.</summary>
    public static double Of<TTerm>(in YearLosses losses, TTerm term)
        where TTerm : struct, ITerm
    {
        ReadOnlySpan<double> amounts = losses.Amounts;
        ReadOnlySpan<int> trials = losses.Trials;
        double total = 0;
        int i = 0;
        while (i < amounts.Length)
        {
            int end = losses.IsDense ? Math.Min(i + ChunkLength, amounts.Length) : EndOfChunk(trials, i);
            double sum = 0;
            foreach (double amount in amounts[i..end])
            {
                sum += term.Of(amount);
            }

            total += sum;
            i = end;
        }

        return total;
    }

    /// <summary>Sum of the amounts.</summary>
    public static double Of(in YearLosses losses) => Of(losses, default(Amount));

    /// <summary>First position at or after <paramref name="start"/> whose trial lies in a later chunk.</summary>
    public static int EndOfChunk(ReadOnlySpan<int> trials, int start)
    {
        int nextChunk = ((trials[start] >> ChunkBits) + 1) << ChunkBits;
        if (trials[^1] < nextChunk)
        {
            return trials.Length;
        }

        int low = start, high = trials.Length - 1;
        if (high - low > ChunkLength)
        {
            high = low + ChunkLength;
        }

        while (high - low > 1)
        {
            int middle = (low + high) >>> 1;
            if (trials[middle] < nextChunk)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return high;
    }

    /// <summary>What a trial adds to a sum.</summary>
    internal interface ITerm
    {
        /// <summary>The term of a trial with this amount.</summary>
        double Of(double amount);
    }

    private readonly struct Amount : ITerm
    {
        public double Of(double amount) => amount;
    }
}
