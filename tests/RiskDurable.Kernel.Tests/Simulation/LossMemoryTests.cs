using CsCheck;

namespace RiskDurable.Kernel.Tests.Simulation;

public sealed class LossMemoryTests
{
    private const int Trials = 40;
    private const int Events = 50;

    private static readonly LayerTerms[] Terms =
    [
        LayerTerms.GroundUp,
        LayerTerms.GroundUp with { OccurrenceRetention = 300 },
        LayerTerms.GroundUp with { AggregateRetention = 900 },
        LayerTerms.GroundUp with { OccurrenceLimit = 400, AggregateLimit = 1500 },
    ];

    [Fact]
    public void Losses_of_a_job_are_the_same_in_memory_that_was_used_before()
    {
        var memory = new LossMemory();
        var lent = (Simulator: new LayerSimulator(memory: memory), Rollup: new LossRollup(memory));
        Gen.Select(
            Gen.Select(Gen.Int[0, Trials - 1], Gen.Int[0, Events - 1]).Array[0, 2_000],
            Gen.Double[0, 1000].Array[Events],
            Gen.Select(Gen.Int[0, Terms.Length - 1], Gen.Double[-1, 1]).Array[1, 6]).Sample(
            (rows, amounts, layers) =>
            {
                TrialBlock block = Block(rows);
                LayerModel[] models = [.. layers.Select(layer => Model(amounts, Terms[layer.Item1]))];
                double[] factors = [.. layers.Select(layer => layer.Item2)];
                List<double[]> expected = Job(block, models, factors, new LayerSimulator(), new LossRollup());
                Assert.Equal(expected, Job(block, models, factors, lent.Simulator, lent.Rollup));
                memory.TakeBack();
            },
            threads: 1);
    }

    [Fact]
    public void Losses_longer_than_any_before_them_and_many_short_ones_lie_apart()
    {
        var memory = new LossMemory();
        foreach (int round in Enumerable.Range(1, 3))
        {
            int[] lengths = [3, 200_000, 200_000, 0, 5_000_000, 7, 262_144 - round, round];
            Memory<double>[] columns = [.. lengths.Select(memory.Losses)];
            for (int column = 0; column < columns.Length; column++)
            {
                columns[column].Span.Fill(column + round);
            }

            Assert.All(columns.Index(), column => Assert.False(column.Item.Span.ContainsAnyExcept(column.Index + (double)round)));
            Assert.Equal(lengths, columns.Select(column => column.Length));
            memory.TakeBack();
        }
    }

    [Fact]
    public void What_is_behind_trimmed_losses_is_lent_again()
    {
        var memory = new LossMemory();
        Memory<int> positions = memory.Positions(100);
        Memory<double> losses = memory.Losses(100);
        positions.Span.Fill(1);
        losses.Span.Fill(1);
        OccurrenceLosses kept = memory.Trim(positions, losses, 10);
        Memory<double> next = memory.Losses(90);
        Assert.Equal(losses[10..], next);
        next.Span.Fill(2);
        Assert.Equal((10, 10.0), (kept.Count, kept.Losses.ToArray().Sum()));
    }

    /// <summary>Copies of all columns, taken when all of them are worked out.</summary>
    private static List<double[]> Job(TrialBlock block, LayerModel[] models, double[] factors, LayerSimulator simulator, LossRollup rollup)
    {
        LayerLosses[] layers = [.. models.Select(model => simulator.Simulate(block, model, []))];
        rollup.Begin(block);
        for (int layer = 0; layer < layers.Length; layer++)
        {
            rollup.Add(layers[layer].Recoveries, layers[layer].Years, factors[layer]);
        }

        (OccurrenceLosses occurrences, BlockYearLosses years) = rollup.End();
        return
        [
            .. layers.Append(new LayerLosses(years, occurrences)).SelectMany(losses => new[]
            {
                losses.Recoveries.Positions.ToArray().Select(position => (double)position).ToArray(), losses.Recoveries.Losses.ToArray(),
                losses.Years.Trials.ToArray().Select(trial => (double)trial).ToArray(),
                losses.Years.Aggregate.ToArray(), losses.Years.MaxOccurrence.ToArray(), losses.Years.ReinstatementPremium.ToArray(),
            }),
        ];
    }

    private static LayerModel Model(double[] amounts, LayerTerms terms) => new(
        terms,
        [new SubjectSource(new EventLossTable([.. Enumerable.Range(0, amounts.Length).Select(id => (long)id)], amounts), 1, 1)],
        500,
        double.IsFinite(terms.AggregateLimit) ? [new Reinstatement(1, 0.5)] : []);

    private static TrialBlock Block((int Trial, int Event)[] rows)
    {
        var builder = new TrialBlockBuilder(0, Trials, hasUniforms: false);
        builder.Add([.. rows.Select(row => row.Trial)], [.. rows.Select(row => (long)row.Event)], new double[rows.Length], []);
        return builder.Build();
    }
}
