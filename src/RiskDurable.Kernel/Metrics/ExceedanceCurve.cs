using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace RiskDurable.Kernel.Metrics;

/// <summary>
/// Year losses by rank, largest first; rank k of N has return period N/k. Definitions and sources: docs/kernel.md, "Metrics".
/// Lives in a <see cref="MetricsWorkspace"/> and is valid until that is used for another curve.
/// </summary>
public readonly ref struct ExceedanceCurve
{
    private readonly int _zeroCount;
    private readonly ReadOnlySpan<double> _positive;
    private readonly ReadOnlySpan<double> _positiveSums;
    private readonly ReadOnlySpan<double> _negative;
    private readonly ReadOnlySpan<double> _negativeSums;

    private ExceedanceCurve(
        int trialCount,
        int rankCount,
        int zeroCount,
        ReadOnlySpan<double> positive,
        ReadOnlySpan<double> positiveSums,
        ReadOnlySpan<double> negative,
        ReadOnlySpan<double> negativeSums)
    {
        TrialCount = trialCount;
        RankCount = rankCount;
        _zeroCount = zeroCount;
        _positive = positive;
        _positiveSums = positiveSums;
        _negative = negative;
        _negativeSums = negativeSums;
    }

    /// <summary>Number of trials N.</summary>
    public int TrialCount { get; }

    /// <summary>How many of the largest losses are ranked: N for a whole curve, fewer when only a tail was asked for.</summary>
    public int RankCount { get; }

    /// <summary>Trials with an amount of 0; those not listed included.</summary>
    internal int ZeroCount => _zeroCount;

    /// <summary>The whole curve, in memory of its own.</summary>
    public static ExceedanceCurve Of(in YearLosses losses) => Of(losses, losses.TrialCount, new MetricsWorkspace());

    /// <summary>
    /// The largest <paramref name="rankCount"/> losses in order. The cost grows with the amounts listed and the ranks asked for, not
    /// with the number of trials.
    /// </summary>
    /// <param name="losses">Losses by trial.</param>
    /// <param name="rankCount">Ranks that will be asked for, 0 to N.</param>
    /// <param name="workspace">Memory of the curve.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many ranks.</exception>
    public static ExceedanceCurve Of(in YearLosses losses, int rankCount, MetricsWorkspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        ArgumentOutOfRangeException.ThrowIfNegative(rankCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rankCount, losses.TrialCount);

        Span<double> positive = workspace.Positive(losses.Amounts.Length);
        int positiveCount = 0, negativeCount = 0;
        foreach (double amount in losses.Amounts)
        {
            // Written always and kept only if positive: no branch that the data decides.
            positive[positiveCount] = amount;
            positiveCount += amount > 0 ? 1 : 0;
            negativeCount += amount < 0 ? 1 : 0;
        }

        int zeroCount = losses.TrialCount - positiveCount - negativeCount;
        int ranked = Math.Min(rankCount, positiveCount);
        SortLargest(positive[..positiveCount], workspace, ranked);
        positive = positive[..ranked];
        Span<double> sums = workspace.PositiveSums(ranked);
        Accumulate(positive, firstRank: 1, sign: 1, sumBefore: 0, sums);

        Span<double> negative = [], negativeSums = [];
        if (rankCount > positiveCount + zeroCount)
        {
            negative = SmallestFirst(losses.Amounts, negativeCount, workspace);
            negativeSums = workspace.NegativeSums(negativeCount);
            Accumulate(negative, positiveCount + zeroCount + 1, sign: -1, ranked > 0 ? sums[^1] : 0, negativeSums);
        }

        return new ExceedanceCurve(losses.TrialCount, rankCount, zeroCount, positive, sums, negative, negativeSums);
    }

    /// <summary>The loss of rank k, 1 being the largest.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rank is below 1 or above <see cref="RankCount"/>.</exception>
    public double LossAtRank(int rank)
    {
        RequireRank(rank);
        if (rank <= _positive.Length)
        {
            return _positive[rank - 1];
        }

        int belowZero = rank - _positive.Length - _zeroCount;
        return belowZero <= 0 ? 0 : -_negative[belowZero - 1];
    }

    /// <summary>N/k, years.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rank is below 1 or above <see cref="RankCount"/>.</exception>
    public double ReturnPeriodAtRank(int rank)
    {
        RequireRank(rank);
        return (double)TrialCount / rank;
    }

    /// <summary>Value at risk: the loss at a return period, linear in return period between neighbouring ranks.</summary>
    /// <param name="returnPeriod">Years, 1 to N.</param>
    /// <exception cref="ArgumentOutOfRangeException">The return period is below 1, above N, or needs a rank beyond
    /// <see cref="RankCount"/>.</exception>
    public double ValueAtRisk(double returnPeriod) => ValueAtRisk(Find(returnPeriod));

    /// <summary>
    /// Tail value at risk: with k = ceil(N / return period), (the k - 1 largest losses + the loss at the return period) / k.
    /// </summary>
    /// <param name="returnPeriod">Years, 1 to N.</param>
    /// <exception cref="ArgumentOutOfRangeException">The return period is below 1, above N, or needs a rank beyond
    /// <see cref="RankCount"/>.</exception>
    public double TailValueAtRisk(double returnPeriod) => TailValueAtRisk(Find(returnPeriod));

    /// <summary>Mean of the k largest losses: the TVaR at return period N/k.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rank is below 1 or above <see cref="RankCount"/>.</exception>
    public double MeanOfLargest(int rank) => TailValueAtRisk(new TailRank(ReturnPeriodAtRank(rank), rank, 0));

    /// <summary>The loss at a return period whose rank is known.</summary>
    internal double ValueAtRisk(TailRank at)
    {
        double loss = LossAtRank(at.Rank);
        if (at.Fraction == 0)
        {
            return loss;
        }

        double larger = LossAtRank(at.Rank - 1);
        return Math.Min(loss + (at.Fraction * (larger - loss)), larger);
    }

    /// <summary>The mean loss beyond a return period whose rank is known.</summary>
    internal double TailValueAtRisk(TailRank at)
    {
        double atReturnPeriod = ValueAtRisk(at);
        double mean = (SumOfLargest(at.Rank - 1) + atReturnPeriod) / at.Rank;

        // A mean of equal losses may round to either side of them; it must not fall out of their range.
        return Math.Clamp(mean, atReturnPeriod, LossAtRank(1));
    }

    /// <summary>Sum of squared deviations of the k largest losses from a centre.</summary>
    internal double SumOfSquaredDeviations(int rank, double centre)
    {
        RequireRank(rank);
        int positive = Math.Min(rank, _positive.Length);
        int zeros = Math.Min(rank - positive, _zeroCount);
        int negative = rank - positive - zeros;
        return SquaredDeviations(_positive[..positive], centre)
            + (zeros * (centre * centre))
            + SquaredDeviations(_negative[..negative], -centre);
    }

    /// <summary>The rank of a return period, which must lie on the curve.</summary>
    internal TailRank Find(double returnPeriod) => TailRank.TryFind(TrialCount, returnPeriod, out TailRank rank)
        ? rank
        : throw new ArgumentOutOfRangeException(
            nameof(returnPeriod), returnPeriod, $"{TrialCount} trials reach no return period above {TrialCount} years.");

    private static void SortLargest(Span<double> losses, MetricsWorkspace workspace, int count) =>
        DescendingRadix.SortLargest(
            MemoryMarshal.Cast<double, long>(losses), MemoryMarshal.Cast<double, long>(workspace.Scratch(losses.Length)), count);

    private static Span<double> SmallestFirst(ReadOnlySpan<double> amounts, int negativeCount, MetricsWorkspace workspace)
    {
        Span<double> sizes = workspace.Negative(negativeCount);
        int i = 0;
        foreach (double amount in amounts)
        {
            if (amount < 0)
            {
                sizes[i++] = -amount;
            }
        }

        SortLargest(sizes, workspace, negativeCount);
        sizes.Reverse();
        return sizes;
    }

    // Sums by rank, over fixed chunks of ranks like the sums over trials, so that the sum of the k largest has one value only.
    private static void Accumulate(ReadOnlySpan<double> losses, int firstRank, int sign, double sumBefore, Span<double> sums)
    {
        double chunks = sumBefore;
        int start = 0, end = ChunkedSum.ChunkLength - ((firstRank - 1) % ChunkedSum.ChunkLength);
        while (start < losses.Length)
        {
            end = Math.Min(end, losses.Length);
            ReadOnlySpan<double> chunk = losses[start..end];
            Span<double> chunkSums = sums[start..end];
            double sum = 0;
            for (int i = 0; i < chunkSums.Length; i++)
            {
                sum += sign * chunk[i];
                chunkSums[i] = chunks + sum;
            }

            chunks += sum;
            (start, end) = (end, end + ChunkedSum.ChunkLength);
        }
    }

    // Four sums, by rank modulo 4, whatever the machine's vector width: fixed order, yet no addition waits for the one before.
    private static double SquaredDeviations(ReadOnlySpan<double> losses, double centre)
    {
        Vector256<double> sums = Vector256<double>.Zero, centres = Vector256.Create(centre);
        ReadOnlySpan<Vector256<double>> quads = MemoryMarshal.Cast<double, Vector256<double>>(losses);
        foreach (Vector256<double> quad in quads)
        {
            Vector256<double> deviations = quad - centres;
            sums += deviations * deviations;
        }

        double rest = 0;
        foreach (double loss in losses[(4 * quads.Length)..])
        {
            rest += (loss - centre) * (loss - centre);
        }

        return sums[0] + sums[1] + (sums[2] + sums[3]) + rest;
    }

    private double SumOfLargest(int rank)
    {
        int belowZero = rank - _positive.Length - _zeroCount;
        if (belowZero > 0)
        {
            return _negativeSums[belowZero - 1];
        }

        int positive = Math.Min(rank, _positive.Length);
        return positive == 0 ? 0 : _positiveSums[positive - 1];
    }

    private void RequireRank(int rank)
    {
        if (rank < 1 || rank > RankCount)
        {
            throw new ArgumentOutOfRangeException(nameof(rank), rank, $"The curve holds ranks 1 to {RankCount}.");
        }
    }
}
