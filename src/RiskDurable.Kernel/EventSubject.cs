using System.Runtime.Intrinsics;

namespace RiskDurable.Kernel;

/// <summary>
/// The part of a subject loss that depends on the event alone: sums over ELTs by event, added in the order of the terms. Merged once a
/// layer, so that the simulation looks up one table an occurrence and not one an ELT.
/// </summary>
internal sealed class EventSubject : IMergedSubject
{
    /// <summary>
    /// What is left of a sum that cancels but for rounding is nothing: a subject loss not above this share of the sum of its
    /// absolute terms counts as 0 (docs/kernel.md, section 2).
    /// </summary>
    public const double CancellationShare = 1.0 / (1L << 40);

    private bool _ownsIds = true;
    private bool _ownsSums = true;

    internal EventSubject(long[] eventIds, double[] sums, double[] absoluteSums)
    {
        EventIds = eventIds;
        Sums = sums;
        AbsoluteSums = absoluteSums;
    }

    public long[] EventIds { get; }

    public double[] Sums { get; }

    public double[] AbsoluteSums { get; }

    /// <summary>Bytes held, those of the ELT of a single term not counted.</summary>
    public long SizeInBytes => 8L * ((_ownsIds ? EventIds.Length : 0) + (_ownsSums ? Sums.Length : 0) + (ReferenceEquals(Sums, AbsoluteSums) ? 0 : AbsoluteSums.Length));

    /// <summary>Merges the first <paramref name="count"/> terms, all of them ELTs.</summary>
    public static EventSubject Merge(IReadOnlyList<SubjectSource> terms, int count) => count switch
    {
        0 => new([], [], []),
        1 => Single(terms[0]),
        _ => SubjectMerge.Of(terms, count),
    };

    /// <summary>Whether the first <paramref name="count"/> terms are one ELT, whose columns serve as they are.</summary>
    public static bool IsTable(IReadOnlyList<SubjectSource> terms, int count) => count == 1 && IsTable(terms[0]);

    /// <summary>x_d of an occurrence from the sum of its terms and of their absolute values.</summary>
    public static double Settle(double sum, double absoluteSum) => sum <= CancellationShare * absoluteSum ? 0 : sum;

    /// <summary>The loss of each event to a layer, after occurrence terms.</summary>
    /// <param name="terms">The layer's terms.</param>
    /// <param name="losses">Receives a loss for each entry of <see cref="EventIds"/>; 0 where there is none.</param>
    public void ApplyOccurrenceTerms(LayerTerms terms, Span<double> losses)
    {
        int next = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            ReadOnlySpan<double> sums = Sums;
            ReadOnlySpan<double> absoluteSums = AbsoluteSums;
            for (; next + Vector256<double>.Count <= sums.Length; next += Vector256<double>.Count)
            {
                Vector256<double> sum = Vector256.Create(sums[next..]);
                Vector256<double> nothing = Vector256.LessThanOrEqual(sum, CancellationShare * Vector256.Create(absoluteSums[next..]));
                Vector256<double> subject = Vector256.AndNot(sum, nothing);
                Vector256<double> loss = Vector256.MinNative(
                    Vector256.MaxNative(subject - Vector256.Create(terms.OccurrenceRetention), Vector256<double>.Zero), Vector256.Create(terms.OccurrenceLimit));
                Vector256.AndNot(loss, Vector256.LessThan(subject, Vector256.Create(terms.Franchise))).CopyTo(losses[next..]);
            }
        }

        for (; next < Sums.Length; next++)
        {
            losses[next] = terms.ApplyOccurrenceTerms(Settle(Sums[next], AbsoluteSums[next]));
        }
    }

    private static EventSubject Single(SubjectSource term)
    {
        EventLossTable elt = term.Elt!;
        if (IsTable(term))
        {
            return new(elt.EventIds, elt.MeanLosses, elt.MeanLosses) { _ownsIds = false, _ownsSums = false };
        }

        double[] sums = new double[elt.Count];
        bool anyNegative = false;
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] = term.Amount(elt.MeanLosses[i]);
            anyNegative |= sums[i] < 0;
        }

        return new(elt.EventIds, sums, anyNegative ? [.. sums.Select(Math.Abs)] : sums) { _ownsIds = false };
    }

    private static bool IsTable(SubjectSource term) => term is { Factor: 1, CurrencyRatio: 1 };
}
