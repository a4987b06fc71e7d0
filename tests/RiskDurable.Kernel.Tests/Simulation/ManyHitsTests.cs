namespace RiskDurable.Kernel.Tests.Simulation;

/// <summary>Blocks large enough for every way in which the simulator goes through occurrences, against sums written down here.</summary>
public sealed class ManyHitsTests
{
    private const int Trials = 5_000;
    private const int EventsATrial = 20;
    private const int Catalogue = 40_000;

    // Every event of the catalogue, a tenth of it, and so few that their occurrences are sorted by digits; hits are 100,000, 10,000 and 100.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(1_000)]
    public void Years_are_what_the_losses_of_each_trial_add_up_to(int step)
    {
        (TrialBlock block, int[] events, double[] loss) = Example(step);
        LayerModel layer = Layer(loss, LayerTerms.GroundUp);
        BlockYearLosses years = new LayerSimulator().SimulateYears(block, layer);
        LayerLosses losses = new LayerSimulator().Simulate(block, layer, []);
        double[] sums = new double[Trials];
        double[] largest = new double[Trials];
        for (int trial = 0; trial < Trials; trial++)
        {
            // By event, then position: the order that docs/kernel.md gives where no terms bind.
            foreach (int id in events.AsSpan(trial * EventsATrial, EventsATrial).ToArray().Order())
            {
                sums[trial] += loss[id];
                largest[trial] = Math.Max(largest[trial], loss[id]);
            }
        }

        int[] withLoss = [.. Enumerable.Range(0, Trials).Where(trial => sums[trial] > 0)];
        foreach (BlockYearLosses actual in new[] { years, losses.Years })
        {
            Assert.Equal(withLoss, actual.Trials);
            Assert.Equal(withLoss.Select(trial => sums[trial]), actual.Aggregate.ToArray());
            Assert.Equal(withLoss.Select(trial => largest[trial]), actual.MaxOccurrence.ToArray());
        }

        int[] positions = [.. Enumerable.Range(0, events.Length).Where(position => loss[events[position]] > 0)];
        Assert.Equal(positions, losses.Recoveries.Positions);
        Assert.Equal(positions.Select(position => loss[events[position]]), losses.Recoveries.Losses.ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(1_000)]
    public void Terms_that_bind_are_used_up_in_order_of_time(int step)
    {
        (TrialBlock block, int[] events, double[] loss) = Example(step);
        const double Retention = 7;
        const double Limit = 25;
        LayerModel layer = Layer(loss, LayerTerms.GroundUp with { AggregateRetention = Retention, AggregateLimit = Limit });
        BlockYearLosses years = new LayerSimulator().SimulateYears(block, layer);
        double[] paid = new double[Trials];
        double[] largest = new double[Trials];
        for (int trial = 0; trial < Trials; trial++)
        {
            // Whole numbers: sums and differences are exact.
            double before = 0;
            foreach (int id in events.AsSpan(trial * EventsATrial, EventsATrial))
            {
                double after = before + loss[id];
                double recovery = Paid(after) - Paid(before);
                largest[trial] = Math.Max(largest[trial], recovery);
                paid[trial] += recovery;
                before = after;
            }
        }

        int[] withLoss = [.. Enumerable.Range(0, Trials).Where(trial => paid[trial] > 0)];
        Assert.Equal(withLoss, years.Trials);
        Assert.Equal(withLoss.Select(trial => paid[trial]), years.Aggregate.ToArray());
        Assert.Equal(withLoss.Select(trial => largest[trial]), years.MaxOccurrence.ToArray());

        static double Paid(double total) => Math.Min(Math.Max(total - Retention, 0), Limit);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(1_000)]
    public void A_subject_adds_up_its_tables_and_upstream_layers_occurrence_by_occurrence(int step)
    {
        (TrialBlock block, int[] events, double[] loss) = Example(step);
        int[] ceded = [.. Enumerable.Range(0, events.Length).Where(position => position % 3 == 0)];
        var recoveries = new OccurrenceLosses(ceded, [.. ceded.Select(position => (double)(position % 5))]);
        LayerTerms terms = LayerTerms.GroundUp with { OccurrenceRetention = 2, AggregateLimit = 30 };
        SubjectSource table = Layer(loss, terms).Subject[0];
        LayerModel layer = new(terms, [table, table with { Factor = 2 }, new(null, -1, 1), table with { Factor = -1 }, new(null, 2, 1)], 0, []);
        LayerLosses losses = new LayerSimulator().Simulate(block, layer, [null, null, recoveries, null, recoveries]);

        double[] recovered = new double[events.Length];
        for (int trial = 0; trial < Trials; trial++)
        {
            double left = 30;
            for (int position = trial * EventsATrial; position < (trial + 1) * EventsATrial; position++)
            {
                double subject = (2 * loss[events[position]]) + (position % 3 == 0 ? position % 5 : 0);
                recovered[position] = Math.Min(Math.Max(subject - 2, 0), left);
                left -= recovered[position];
            }
        }

        int[] with = [.. Enumerable.Range(0, events.Length).Where(position => recovered[position] > 0)];
        Assert.Equal(with, losses.Recoveries.Positions.ToArray());
        Assert.Equal(with.Select(position => recovered[position]), losses.Recoveries.Losses.ToArray());
        Assert.Equal(
            Enumerable.Range(0, Trials).Select(trial => recovered.AsSpan(trial * EventsATrial, EventsATrial).ToArray().Sum()).Where(sum => sum > 0),
            losses.Years.Aggregate.ToArray());
    }

    // 50,000 drawn losses at once are dealt out, 5,000 are sorted.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Drawn_losses_of_many_occurrences_are_those_of_few_at_a_time(bool isNet)
    {
        const int Part = Trials / 10;
        (TrialBlock whole, int[] events, double[] loss) = Example(2);
        LayerModel layer = Layer(
            loss, LayerTerms.GroundUp with { OccurrenceRetention = 3, AggregateRetention = 4, AggregateLimit = 60 }, exposure: 3, deviation: 1);
        layer = isNet ? layer with { Subject = [.. layer.Subject, new(null, -1, 1)] } : layer;
        LayerLosses all = Sampled().Simulate(whole, layer, [null, Ceded(Trials)]);
        BlockYearLosses years = isNet ? all.Years : Sampled().SimulateYears(whole, layer);
        var parts = new List<LayerLosses>();
        for (int first = 0; first < Trials; first += Part)
        {
            parts.Add(Sampled().Simulate(Block(events, first, Part), layer, [null, Ceded(Part)]));
        }

        Assert.True(all.Recoveries.Count > 10_000);
        Assert.Equal(parts.SelectMany((part, number) => part.Recoveries.Positions.ToArray().Select(at => at + (number * Part * EventsATrial))), all.Recoveries.Positions.ToArray());
        Assert.Equal(parts.SelectMany(part => part.Recoveries.Losses.ToArray()), all.Recoveries.Losses.ToArray());
        foreach (BlockYearLosses actual in new[] { years, all.Years })
        {
            Assert.Equal(parts.SelectMany((part, number) => part.Years.Trials.ToArray().Select(trial => trial + (number * Part))), actual.Trials.ToArray());
            Assert.Equal(parts.SelectMany(part => part.Years.Aggregate.ToArray()), actual.Aggregate.ToArray());
            Assert.Equal(parts.SelectMany(part => part.Years.MaxOccurrence.ToArray()), actual.MaxOccurrence.ToArray());
        }

        static LayerSimulator Sampled() => new(sampling: new LossSampling(5));

        static OccurrenceLosses Ceded(int trials)
        {
            int[] positions = [.. Enumerable.Range(0, trials * EventsATrial).Where(position => position % 4 == 0)];
            return new(positions, [.. positions.Select(position => 1.5 + (position % EventsATrial))]);
        }
    }

    /// <param name="loss">Mean loss by event.</param>
    /// <param name="terms">The terms.</param>
    /// <param name="exposure">The exposure, in means.</param>
    /// <param name="deviation">The standard deviation, in means.</param>
    private static LayerModel Layer(double[] loss, LayerTerms terms, double exposure = 1, double deviation = 0)
    {
        int[] ids = [.. Enumerable.Range(0, Catalogue).Where(id => loss[id] > 0)];
        double[] means = [.. ids.Select(id => loss[id])];
        var uncertainty = new LossUncertainty(
            [.. means.Select(mean => deviation * mean)], new double[means.Length], [.. means.Select(mean => exposure * mean)]);
        return new(terms, [new SubjectSource(new EventLossTable([.. ids.Select(id => (long)id)], means, uncertainty), 1, 1)], 0, []);
    }

    private static (TrialBlock Block, int[] Events, double[] LossOfEvent) Example(int step)
    {
        var random = new Random(20);
        int[] events = [.. Enumerable.Range(0, Trials * EventsATrial).Select(_ => random.Next(Catalogue))];
        double[] loss = [.. Enumerable.Range(0, Catalogue).Select(id => id % step == 0 ? (double)random.Next(1, 10) : 0)];
        return (Block(events, 0, Trials), events, loss);
    }

    private static TrialBlock Block(int[] events, int firstTrial, int trials)
    {
        int first = firstTrial * EventsATrial;
        int count = trials * EventsATrial;
        var builder = new TrialBlockBuilder(firstTrial, trials, hasUniforms: false);
        builder.Add(
            [.. Enumerable.Range(first, count).Select(at => at / EventsATrial)],
            [.. events.AsSpan(first, count).ToArray().Select(id => (long)id)],
            [.. Enumerable.Range(first, count).Select(at => (double)(at % EventsATrial))],
            []);
        return builder.Build();
    }
}
