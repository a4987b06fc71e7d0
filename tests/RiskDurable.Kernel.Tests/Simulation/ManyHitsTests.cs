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

    private static LayerModel Layer(double[] loss, LayerTerms terms)
    {
        int[] ids = [.. Enumerable.Range(0, Catalogue).Where(id => loss[id] > 0)];
        return new(terms, [new SubjectSource(new EventLossTable([.. ids.Select(id => (long)id)], [.. ids.Select(id => loss[id])]), 1, 1)], 0, []);
    }

    private static (TrialBlock Block, int[] Events, double[] LossOfEvent) Example(int step)
    {
        var random = new Random(20);
        int[] events = [.. Enumerable.Range(0, Trials * EventsATrial).Select(_ => random.Next(Catalogue))];
        var builder = new TrialBlockBuilder(0, Trials, hasUniforms: false);
        builder.Add(
            [.. Enumerable.Range(0, events.Length).Select(position => position / EventsATrial)],
            [.. events.Select(id => (long)id)],
            [.. Enumerable.Range(0, events.Length).Select(position => (double)(position % EventsATrial))],
            []);
        double[] loss = [.. Enumerable.Range(0, Catalogue).Select(id => id % step == 0 ? (double)random.Next(1, 10) : 0)];
        return (builder.Build(), events, loss);
    }
}
