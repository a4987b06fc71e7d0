using System.Globalization;
using RiskDurable.Kernel;
using RiskDurable.Portfolio.Model;

namespace RiskDurable.Portfolio.Samples;

/// <summary>
/// Sets terms and premiums of layers by what their subject loses: attachment by frequency, premium by expected loss with a
/// loading and a minimum rate on line.
/// </summary>
internal sealed class SampleLayers(SampleBook book, CalibrationYears years)
{
    private const double MinimumRateOnLine = 0.02;
    private const double AggregateAttachment = 0.85;
    private const double AggregateExhaustion = 0.985;

    /// <summary>Three or four layers on one subject, each starting where the one below ends.</summary>
    public List<Layer> Tower(SampleRandom random, IReadOnlyList<SubjectTerm> subject)
    {
        LossProfile profile = book.Profile(book.SubjectLosses(subject));
        double frequency = Math.Min(random.Between(0.1, 0.2), 0.5 * profile.Frequency);
        double retention = SampleAmounts.RoundToTwoDigits(profile.LossAt(frequency));
        var tower = new List<Layer>();
        int count = 3 + random.Below(2);
        for (int number = 1; number <= count; number++)
        {
            frequency *= random.Between(0.38, 0.52);
            double limit = SampleAmounts.RoundToTwoDigits(Math.Max(profile.LossAt(frequency) - retention, 0.25 * retention));
            Reinstatement[] reinstatements = number switch
            {
                1 when random.Chance(0.3) => [new Reinstatement(1, 0), new Reinstatement(1, 1)],
                1 => [new Reinstatement(2, 1)],
                _ when random.Chance(0.15) => [],
                _ => [new Reinstatement(1, random.Chance(0.2) ? 0.5 : 1)],
            };
            double premium = Premium(profile.ExpectedLoss(retention, limit), limit, random.Between(1.15, 1.45));
            LayerTerms terms = LayerTerms.GroundUp with
            {
                OccurrenceRetention = retention,
                OccurrenceLimit = limit,
                AggregateLimit = reinstatements.Length == 0 ? limit : (1 + reinstatements.Sum(r => r.Count)) * limit,
            };
            string id = string.Create(CultureInfo.InvariantCulture, $"L{number}");
            tower.Add(new Layer(id, subject, terms, DrawShare(random), LayerPosition.Assumed, premium, reinstatements));
            retention += limit;
        }

        return tower;
    }

    /// <summary>A share of everything, up to a limit an occurrence.</summary>
    public Layer QuotaShare(SampleRandom random, IReadOnlyList<SubjectTerm> subject)
    {
        LossProfile profile = book.Profile(book.SubjectLosses(subject));
        double limit = SampleAmounts.RoundToTwoDigits(profile.LossAt(0.004));
        double premium = SampleAmounts.RoundToTwoDigits(profile.ExpectedLoss(0, limit) * random.Between(1.25, 1.6));
        return new Layer(
            "L1", subject, LayerTerms.GroundUp with { OccurrenceLimit = limit }, DrawShare(random), LayerPosition.Assumed, premium, []);
    }

    /// <summary>The year's sum of what each occurrence leaves above a small retention, in excess of a large one.</summary>
    public Layer Aggregate(SampleRandom random, IReadOnlyList<SubjectTerm> subject)
    {
        double[] losses = book.SubjectLosses(subject);
        LossProfile profile = book.Profile(losses);
        double occurrenceRetention = SampleAmounts.RoundToTwoDigits(profile.LossAt(Math.Min(2, 0.5 * profile.Frequency)));
        double occurrenceLimit = SampleAmounts.RoundToTwoDigits(profile.LossAt(0.02));
        LayerTerms terms = LayerTerms.GroundUp with { OccurrenceRetention = occurrenceRetention, OccurrenceLimit = occurrenceLimit };
        return WithAggregateTerms("L1", subject, losses, terms, DrawShare(random), LayerPosition.Assumed, random.Between(1.2, 1.5));
    }

    /// <summary>Pays from the ground up, but only for occurrences that are large enough.</summary>
    public Layer Franchise(SampleRandom random, IReadOnlyList<SubjectTerm> subject)
    {
        LossProfile profile = book.Profile(book.SubjectLosses(subject));
        double frequency = Math.Min(random.Between(0.04, 0.12), 0.5 * profile.Frequency);
        double franchise = SampleAmounts.RoundToTwoDigits(profile.LossAt(frequency));
        LayerTerms terms = LayerTerms.GroundUp with { Franchise = franchise, OccurrenceLimit = franchise, AggregateLimit = 2 * franchise };
        double premium = Premium(frequency * franchise, franchise, random.Between(1.2, 1.5));
        return new Layer("L1", subject, terms, DrawShare(random), LayerPosition.Assumed, premium, []);
    }

    /// <summary>A cedant's own cover below the tower that is written.</summary>
    public Layer MemoExcess(IReadOnlyList<SubjectTerm> subject)
    {
        LossProfile profile = book.Profile(book.SubjectLosses(subject));
        double retention = SampleAmounts.RoundToTwoDigits(profile.LossAt(Math.Min(0.6, 0.6 * profile.Frequency)));
        double limit = SampleAmounts.RoundToTwoDigits(Math.Max(profile.LossAt(Math.Min(0.15, 0.3 * profile.Frequency)) - retention, retention));
        LayerTerms terms = LayerTerms.GroundUp with { OccurrenceRetention = retention, OccurrenceLimit = limit, AggregateLimit = 4 * limit };
        return new Layer("M1", subject, terms, 1, LayerPosition.Memo, 0, []);
    }

    /// <summary>A cedant's own quota share: its layer is everything; who is net of it says which part is ceded.</summary>
    public static Layer MemoQuotaShare(IReadOnlyList<SubjectTerm> subject) =>
        new("M1", subject, LayerTerms.GroundUp, 1, LayerPosition.Memo, 0, []);

    /// <summary>A part of our shares of some deals, ceded.</summary>
    public Layer CededQuotaShare(SampleRandom random, IReadOnlyList<SubjectTerm> subject)
    {
        double premium = subject.Sum(term => term.Factor * book.Layers[term.Layer!.Value].Premium);
        double share = Math.Floor(random.Between(4, 9)) / 20;
        return new Layer(
            "C1", subject, LayerTerms.GroundUp, share, LayerPosition.Ceded, SampleAmounts.RoundToTwoDigits(Math.Max(1, premium)), []);
    }

    /// <summary>Excess of loss over our shares of some deals, bought in full.</summary>
    public List<Layer> CededExcess(SampleRandom random, IReadOnlyList<SubjectTerm> subject)
    {
        List<Layer> tower = Tower(random, subject);
        return [.. tower.Take(2).Select((layer, i) => layer with { Id = i == 0 ? "C1" : "C2", Share = 1, Position = LayerPosition.Ceded })];
    }

    /// <summary>Aggregate excess of loss over the net account of one currency.</summary>
    public Layer Retro(IReadOnlyList<SubjectTerm> subject) => WithAggregateTerms(
        "R1", subject, book.AmericanNet, LayerTerms.GroundUp, share: 0.9, LayerPosition.Ceded, loading: 1.4);

    private Layer WithAggregateTerms(
        string id,
        IReadOnlyList<SubjectTerm> subject,
        double[] losses,
        LayerTerms terms,
        double share,
        LayerPosition position,
        double loading)
    {
        double[] sums = years.Sums(losses, terms.OccurrenceRetention, terms.OccurrenceLimit);
        double retention = SampleAmounts.RoundToTwoDigits(CalibrationYears.Quantile(sums, AggregateAttachment));
        double limit = SampleAmounts.RoundToTwoDigits(Math.Max(CalibrationYears.Quantile(sums, AggregateExhaustion) - retention, 0.2 * retention));
        double premium = Premium(CalibrationYears.ExpectedLoss(sums, retention, limit), limit, loading);
        return new Layer(
            id, subject, terms with { AggregateRetention = retention, AggregateLimit = limit }, share, position, premium, []);
    }

    private static double Premium(double expectedLoss, double limit, double loading) =>
        SampleAmounts.RoundToTwoDigits(Math.Max(expectedLoss * loading, MinimumRateOnLine * limit));

    private static double DrawShare(SampleRandom random) => Math.Floor(random.Between(5, 65)) / 200;
}
