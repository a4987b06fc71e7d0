using CsCheck;

namespace RiskDurable.Kernel.Tests.Simulation;

public sealed class EventSubjectTests
{
    private static readonly Gen<SubjectSource> Term = Gen.Select(
        Gen.Select(Gen.OneOf(Gen.Long[0, 30], Gen.Long[0, 100_000], Gen.Long, Pick.From(long.MinValue, long.MaxValue)), Gen.Double[0, 1e6]).Array[0, 60],
        Pick.From(1.0, -1, 0.3),
        Pick.From(1.0, 1.27)).Select((rows, factor, ratio) =>
        {
            (long Id, double Loss)[] distinct = [.. rows.DistinctBy(row => row.Item1).OrderBy(row => row.Item1)];
            return new SubjectSource(new EventLossTable([.. distinct.Select(row => row.Id)], [.. distinct.Select(row => row.Loss)]), factor, ratio);
        });

    [Fact]
    public void Terms_are_added_event_by_event_in_the_order_given() => Term.Array[0, 6].Sample(terms =>
    {
        var sums = new SortedDictionary<long, (double Sum, double Absolute)>();
        foreach (SubjectSource term in terms)
        {
            for (int i = 0; i < term.Elt!.Count; i++)
            {
                (double sum, double absolute) = sums.GetValueOrDefault(term.Elt.EventIds[i]);
                double amount = term.Amount(term.Elt.MeanLosses[i]);
                sums[term.Elt.EventIds[i]] = (sum + amount, absolute + Math.Abs(amount));
            }
        }

        EventSubject merged = EventSubject.Merge(terms, terms.Length);
        Assert.Equal(sums.Keys, merged.EventIds);
        Assert.Equal(sums.Values.Select(value => value.Sum), merged.Sums);
        Assert.Equal(sums.Values.Select(value => value.Absolute), merged.AbsoluteSums);
    });

    [Fact]
    public void Losses_to_a_layer_are_those_of_its_terms_event_by_event() => Gen.Select(
        Term,
        Pick.From(0.0, 1e5),
        Pick.From(0.0, 2e5, double.PositiveInfinity),
        Pick.From(0.0, 5e5)).Sample((term, retention, limit, franchise) =>
    {
        LayerTerms terms = LayerTerms.GroundUp with { OccurrenceRetention = retention, OccurrenceLimit = limit, Franchise = franchise };
        EventSubject subject = EventSubject.Merge([term], 1);
        double[] losses = new double[subject.EventIds.Length];
        subject.ApplyOccurrenceTerms(terms, losses);
        Assert.Equal(subject.Sums.Select(sum => terms.ApplyOccurrenceTerms(Math.Max(sum, 0))), losses);
    });
}
