using CsCheck;

namespace RiskDurable.Kernel.Tests.Simulation;

public sealed class LayerSimulatorTests
{
    // One each: samples run on several threads.
    private static LayerSimulator Simulator => new();

    [Fact]
    public void The_aggregate_limit_is_used_up_in_order_of_time_and_then_stands_exactly()
    {
        // CII M97, example 5.15: 2 m xs 2 m, one reinstatement; the fourth loss finds 650,000 left.
        LayerTerms terms = LayerTerms.GroundUp with { OccurrenceRetention = 2e6, OccurrenceLimit = 2e6, AggregateLimit = 4e6 };
        LayerLosses losses = Simulate(terms, [(1, 2.35e6), (2, 3e6), (3, 4e6), (4, 3e6)]);
        Assert.Equal([350_000, 1_000_000, 2_000_000, 650_000], losses.Recoveries.Losses);
        Assert.Equal(4e6, Assert.Single(losses.Years.Aggregate.ToArray()));
        Assert.Equal(2e6, Assert.Single(losses.Years.MaxOccurrence.ToArray()));
    }

    [Fact]
    public void The_aggregate_retention_is_used_up_in_order_of_time()
    {
        LayerTerms terms = LayerTerms.GroundUp with { AggregateRetention = 250 };
        LayerLosses losses = Simulate(terms, [(4, 100), (3, 200), (2, 300), (1, 50)]);
        Assert.Equal([1, 2, 3], losses.Recoveries.Positions);
        Assert.Equal([50.0, 300, 50], losses.Recoveries.Losses);
        Assert.Equal(400, Assert.Single(losses.Years.Aggregate.ToArray()));
    }

    [Theory]
    [InlineData(99.99, 0)]
    [InlineData(100, 100)]
    [InlineData(150, 150)]
    public void A_franchise_counts_a_loss_in_full_or_not_at_all(double loss, double expected)
    {
        LayerLosses losses = Simulate(LayerTerms.GroundUp with { Franchise = 100 }, [(1, loss)]);
        Assert.Equal(expected, losses.Years.Aggregate.ToArray().SingleOrDefault());
    }

    [Fact]
    public void Reinstatement_premium_is_pro_rata_as_to_amount()
    {
        // 500 xs 250 with reinstatements at 100 %, 50 % and free: 600 used of the first two limits is 1 + 0.2 * 0.5 of the premium.
        var model = new LayerModel(
            new LayerTerms(250, 500, 0, 2000, 0), [Source([(1, 600), (2, 500)])], 1000, [new(1, 1), new(1, 0.5), new(2, 0)]);
        Assert.Equal(1100, Simulator.Simulate(Block([(0, 1), (0, 2)], 1), model, []).Years.ReinstatementPremium.ToArray().Single(), 9);
    }

    [Fact]
    public void A_subject_that_cancels_but_for_rounding_is_no_loss()
    {
        // 0.1 + 0.2 - 0.3 is not 0 in floating point.
        var model = new LayerModel(
            LayerTerms.GroundUp,
            [Source([(1, 0.1)]), Source([(1, 0.2)]), Source([(1, 0.3)]) with { Factor = -1 }],
            0,
            []);
        LayerLosses losses = Simulator.Simulate(Block([(0, 1)], 1), model, []);
        Assert.Equal((0, 0), (losses.Years.Count, losses.Recoveries.Count));
    }

    [Fact]
    public void A_layer_that_another_one_recovers_in_full_shows_nothing() => Gen.Double[1e-3, 1e9].Array[1, 30].Sample(amounts =>
    {
        (int, double)[] elt = [.. amounts.Select((amount, index) => (index, amount))];
        TrialBlock block = Block([.. elt.Select(entry => (entry.Item1 % 3, entry.Item1))], 3);
        LayerTerms terms = LayerTerms.GroundUp with { OccurrenceLimit = 1e12 };
        LayerLosses inuring = Simulator.Simulate(block, new LayerModel(terms, [Source(elt) with { Factor = 0.7, CurrencyRatio = 1.1 }], 0, []), []);
        var layer = new LayerModel(terms, [Source(elt) with { Factor = 0.77 }, new SubjectSource(null, -1, 1)], 0, []);
        Assert.Equal(0, Simulator.Simulate(block, layer, [null, inuring.Recoveries]).Years.Count);
    });

    [Fact]
    public void Missing_recoveries_of_an_upstream_layer_are_refused()
    {
        var layer = new LayerModel(LayerTerms.GroundUp, [new SubjectSource(null, 1, 1)], 0, []);
        Assert.Throws<ArgumentException>(() => Simulator.Simulate(Block([(0, 1)], 1), layer, []));
    }

    [Fact]
    public void A_trials_losses_are_the_same_bits_in_whatever_block_it_is() => Gen.Select(
        Gen.Select(Gen.Int[0, 19], Gen.Int[0, 30]).Array[1, 200],
        Gen.Double[0, 1000].Array[31],
        Pick.From(0.0, 500, 2000),
        Pick.From(100.0, 1500, double.PositiveInfinity)).Sample((rows, amounts, retention, limit) =>
    {
        var model = new LayerModel(
            new LayerTerms(50, 400, retention, limit, 0), [Source([.. amounts.Select((amount, index) => (index, amount))])], 0, []);
        LayerLosses whole = Simulator.Simulate(Block(rows, 20), model, []);
        for (int trial = 0; trial < 20; trial++)
        {
            LayerLosses alone = Simulator.Simulate(Block([.. rows.Where(row => row.Item1 == trial).Select(row => (0, row.Item2))], 1), model, []);
            int at = whole.Years.Trials.IndexOf(trial);
            Assert.Equal(at < 0 ? [] : [whole.Years.Aggregate[at]], alone.Years.Aggregate);
            Assert.Equal(at < 0 ? [] : [whole.Years.MaxOccurrence[at]], alone.Years.MaxOccurrence);
        }
    });

    [Fact]
    public void Losses_agree_with_the_definition_in_order_of_time() => Gen.Select(
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 20]).Array[0, 60],
        Gen.Double[0, 1000].Array[21],
        Gen.Select(Pick.From(0.0, 100), Pick.From(0.0, 300, double.PositiveInfinity), Pick.From(0.0, 250, 900), Pick.From(0.0, 700, double.PositiveInfinity), Pick.From(0.0, 200)))
        .Sample((rows, amounts, t) =>
        {
            var terms = new LayerTerms(t.Item1, t.Item2, t.Item3, t.Item4, t.Item5);
            LayerLosses losses = Simulator.Simulate(
                Block(rows, 5), new LayerModel(terms, [Source([.. amounts.Select((amount, index) => (index, amount))])], 0, []), []);
            for (int trial = 0; trial < 5; trial++)
            {
                double c = 0, paid = 0, largest = 0;
                foreach ((_, int id) in rows.Where(row => row.Item1 == trial))
                {
                    double x = amounts[id] < t.Item5 ? 0 : amounts[id];
                    double l = Math.Min(Math.Max(x - t.Item1, 0), t.Item2);
                    double before = Math.Min(Math.Max(c - t.Item3, 0), t.Item4);
                    c += l;
                    double r = Math.Min(Math.Max(c - t.Item3, 0), t.Item4) - before;
                    paid += r;
                    largest = Math.Max(largest, r);
                }

                int at = losses.Years.Trials.IndexOf(trial);
                Assert.Equal(paid, at < 0 ? 0 : losses.Years.Aggregate[at], 1e-9);
                Assert.Equal(largest, at < 0 ? 0 : losses.Years.MaxOccurrence[at], 1e-9);
            }
        });

    [Fact]
    public void Years_alone_are_the_same_bits_as_with_recoveries() => Gen.Select(
        Gen.Select(Gen.Int[0, 19], Gen.Int[0, 60]).Array[0, 400],
        Gen.OneOf(Gen.Double[0, 1000], Pick.From(0.0, 250, 1000)).Array[61],
        Gen.Select(Pick.From(0.0, 50), Pick.From(400, double.PositiveInfinity), Gen.Int[1, 61]),
        Pick.From(0.0, 250, 500, 2000, 5000),
        Pick.From(0.0, 100, 1000, 1500, 4000, double.PositiveInfinity)).Sample((rows, amounts, occurrence, retention, limit) =>
    {
        var model = new LayerModel(
            new LayerTerms(occurrence.Item1, occurrence.Item2, retention, limit, 0),
            [Source([.. amounts.Take(occurrence.Item3).Select((amount, index) => (index, amount))]), Source([(3, 100), (70, 5)]) with { Factor = -0.5 }],
            1000,
            occurrence.Item2 < limit && double.IsFinite(limit) ? [new(1, 0.5)] : []);
        TrialBlock block = Block(rows, 20);
        var simulator = new LayerSimulator();
        LayerLosses both = simulator.Simulate(block, model, []);
        long hits = simulator.LastHits;
        BlockYearLosses years = simulator.SimulateYears(block, model);
        Assert.Equal(hits, simulator.LastHits);
        Assert.Equal(both.Years.Trials, years.Trials);
        Assert.Equal(both.Years.Aggregate, years.Aggregate);
        Assert.Equal(both.Years.MaxOccurrence, years.MaxOccurrence);
        Assert.Equal(both.Years.ReinstatementPremium, years.ReinstatementPremium);
    });

    [Theory]
    [InlineData(300, 0, double.PositiveInfinity)]
    [InlineData(300, 0, 2e4)]
    [InlineData(300, 2e3, 3e4)]
    [InlineData(5_000, 2e3, 3e4)]
    [InlineData(5_000, 0, 1e5)]
    public void A_block_of_many_parts_agrees_with_its_trials_one_by_one(int eventsWithLoss, double retention, double limit)
    {
        const int catalogue = 6_000;
        var random = new Random(5);
        var rows = new List<(int Trial, int Event)>();
        for (int trial = 0; trial < 200; trial++)
        {
            // Empty years, and one that is longer than a part.
            int length = trial == 57 ? 150_000 : trial % 7 == 0 ? 0 : random.Next(2_000);
            for (int i = 0; i < length; i++)
            {
                rows.Add((trial, random.Next(catalogue)));
            }
        }

        (int, double)[] elt = [.. Enumerable.Range(0, eventsWithLoss).Select(i => (i * (catalogue / eventsWithLoss), 1 + (1000 * random.NextDouble())))];
        var model = new LayerModel(new LayerTerms(20, 900, retention, limit, 0), [Source(elt)], 0, []);
        LayerLosses whole = Simulator.Simulate(Block([.. rows], 200), model, []);
        BlockYearLosses years = Simulator.SimulateYears(Block([.. rows], 200), model);
        Assert.Equal(whole.Years.Aggregate, years.Aggregate);
        Assert.Equal(whole.Years.MaxOccurrence, years.MaxOccurrence);
        Assert.True(whole.Recoveries.Count > 5_000);
        int first = 0;
        int recovery = 0;
        foreach (IGrouping<int, (int Trial, int Event)> trial in rows.GroupBy(row => row.Trial))
        {
            (int, int)[] ofTrial = [.. trial.Select(row => (0, row.Event))];
            LayerLosses alone = Simulator.Simulate(Block(ofTrial, 1), model, []);
            int at = whole.Years.Trials.IndexOf(trial.Key);
            Assert.Equal(at < 0 ? [] : [whole.Years.Aggregate[at]], alone.Years.Aggregate);
            Assert.Equal(alone.Recoveries.Positions.ToArray().Select(position => first + position), whole.Recoveries.Positions.Slice(recovery, alone.Recoveries.Count).ToArray());
            Assert.Equal(alone.Recoveries.Losses, whole.Recoveries.Losses.Slice(recovery, alone.Recoveries.Count));
            first += ofTrial.Length;
            recovery += alone.Recoveries.Count;
        }

        Assert.Equal(whole.Recoveries.Count, recovery);
    }

    [Fact]
    public void A_tower_in_one_pass_is_the_same_bits_as_layer_by_layer() => Gen.Select(
        Gen.Select(Gen.Int[0, 19], Gen.Int[0, 60]).Array[0, 400],
        Gen.Double[0, 1000].Array[61],
        Gen.Select(Pick.From(0.0, 50, 600), Pick.From(100, 400, double.PositiveInfinity), Pick.From(0.0, 0, 500), Pick.From(1500, 1e6, double.PositiveInfinity))
            .Array[1, 20]).Sample((rows, amounts, terms) =>
    {
        SubjectSource[] subject = [Source([.. amounts.Select((amount, index) => (index, amount))]), Source([(3, 100), (70, 5)])];
        LayerModel[] tower = [.. terms.Select(t => new LayerModel(new LayerTerms(t.Item1, t.Item2, t.Item3, t.Item4, 0), [.. subject], 0, []))];
        TrialBlock block = Block(rows, 20);
        var simulator = new LayerSimulator();
        BlockYearLosses[] years = simulator.SimulateYears(block, tower);
        long hits = simulator.LastHits;
        foreach ((LayerModel layer, BlockYearLosses inTower) in tower.Zip(years))
        {
            LayerLosses alone = simulator.Simulate(block, layer, []);
            hits -= simulator.LastHits;
            Assert.Equal(alone.Years.Trials, inTower.Trials);
            Assert.Equal(alone.Years.Aggregate, inTower.Aggregate);
            Assert.Equal(alone.Years.MaxOccurrence, inTower.MaxOccurrence);
        }

        Assert.Equal(0, hits);
    });

    [Fact]
    public void A_tower_of_several_subjects_is_refused()
    {
        LayerModel Layer(double loss) => new(LayerTerms.GroundUp, [Source([(1, loss)])], 0, []);
        Assert.Throws<ArgumentException>(() => Simulator.SimulateYears(Block([(0, 1)], 1), [Layer(1), Layer(2)]));
        Assert.Throws<ArgumentException>(() => Simulator.SimulateYears(Block([(0, 1)], 1), new LayerModel(LayerTerms.GroundUp, [new SubjectSource(null, 1, 1)], 0, [])));
    }

    private static LayerLosses Simulate(LayerTerms terms, (int Event, double Loss)[] losses) => Simulator.Simulate(
        Block([.. losses.Select(loss => (0, loss.Event))], 1), new LayerModel(terms, [Source(losses)], 0, []), []);

    private static SubjectSource Source((int Event, double Loss)[] losses)
    {
        (int Event, double Loss)[] sorted = [.. losses.OrderBy(loss => loss.Event)];
        return new SubjectSource(
            new EventLossTable([.. sorted.Select(loss => (long)loss.Event)], [.. sorted.Select(loss => loss.Loss)]), 1, 1);
    }

    // Occurrences in order of time.
    private static TrialBlock Block((int Trial, int Event)[] rows, int trials) =>
        TrialBlockBuilderTests.Build([.. rows.Select((row, index) => (row.Trial, (long)row.Event, (double)index))], 0, trials);
}
