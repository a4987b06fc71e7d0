using RiskDurable.Reference;

namespace RiskDurable.Kernel.Tests.Sampling;

public sealed class SampledLayerTests
{
    private const int Trials = 40_000;
    private const double Mean = 250;
    private const double Exposure = 4000;

    /// <summary>U-shaped, J-shaped, bell-shaped.</summary>
    [Theory]
    [InlineData(900, 0, false)]
    [InlineData(300, 100, false)]
    [InlineData(0, 200, true)]
    [InlineData(20, 30, true)]
    public void Sampled_means_deviations_and_quantiles_are_those_of_the_distribution(double independent, double correlated, bool hasUniforms)
    {
        double[] losses = Losses(Elt(independent, correlated), Layer(LayerTerms.GroundUp), Block(0, Trials, hasUniforms));
        double deviation = independent + correlated;
        double nu = (Mean * (Exposure - Mean) / (deviation * deviation)) - 1;
        var exact = new BetaDistribution(Mean / Exposure * nu, (1 - (Mean / Exposure)) * nu);

        // Four standard errors; that of the deviation from the exact fourth moment.
        double mean = losses.Average();
        Assert.Equal(Mean, mean, 4 * deviation / Math.Sqrt(Trials));
        double[] squares = [.. losses.Select(loss => (loss - Mean) * (loss - Mean))];
        double variance = squares.Average();
        double errorOfVariance = Math.Sqrt(squares.Average(square => (square - variance) * (square - variance)) / Trials);
        Assert.Equal(deviation * deviation, variance, 4 * errorOfVariance);
        foreach (double q in new[] { 0.05, 0.5, 0.9, 0.99, 0.999 })
        {
            double quantile = Exposure * exact.Quantile(q, 1 - q).X;
            double below = losses.Count(loss => loss <= quantile);
            Assert.Equal(q, below / Trials, 4 * Math.Sqrt(q * (1 - q) / Trials));
        }
    }

    [Fact]
    public void Correlated_parts_move_together_and_independent_ones_do_not()
    {
        TrialBlock block = Block(0, Trials, hasUniforms: false);
        Assert.Equal(0, Correlation(Elt(200, 0), Elt(200, 0), block), 4 / Math.Sqrt(Trials));

        // Of one shape and moved by nothing else, two ELTs have the same loss; half shared, their normal scores have a correlation of a quarter.
        Assert.Equal(1, Correlation(Elt(0, 200), Elt(0, 200), block), 1e-12);
        Assert.InRange(Correlation(Elt(100, 100), Elt(100, 100), block), 0.19, 0.26);
    }

    [Fact]
    public void The_uniform_of_the_table_decides_where_all_is_correlated()
    {
        TrialBlock block = Block(0, 500, hasUniforms: true);
        double nu = (Mean * (Exposure - Mean) / (200 * 200.0)) - 1;
        var exact = new BetaDistribution(Mean / Exposure * nu, (1 - (Mean / Exposure)) * nu);
        double[] losses = Losses(Elt(0, 200), Layer(LayerTerms.GroundUp), block);
        for (int trial = 0; trial < losses.Length; trial++)
        {
            double z = block.Uniforms![block.TrialStarts[trial]];
            Assert.Equal(Exposure * exact.Quantile(z, 1 - z).X, losses[trial], 3e-7 * Exposure);
        }
    }

    [Fact]
    public void Draws_depend_on_no_block_and_no_neighbour()
    {
        LayerModel layer = Layer(LayerTerms.GroundUp with { AggregateLimit = 900 });
        EventLossTable elt = Elt(100, 150);
        double[] whole = Losses(elt, layer, Block(0, 3000, hasUniforms: false));
        double[] parts = [.. Losses(elt, layer, Block(0, 1, false)), .. Losses(elt, layer, Block(1, 1706, false)), .. Losses(elt, layer, Block(1707, 1293, false))];
        Assert.Equal(whole, parts);
    }

    [Fact]
    public void Layers_of_a_tower_see_the_same_losses()
    {
        TrialBlock block = Block(0, 2000, hasUniforms: false);
        EventLossTable elt = Elt(200, 100);
        double[] low = Losses(elt, Layer(LayerTerms.GroundUp with { OccurrenceLimit = 300 }), block);
        double[] high = Losses(elt, Layer(LayerTerms.GroundUp with { OccurrenceRetention = 300 }), block);
        double[] all = Losses(elt, Layer(LayerTerms.GroundUp), block);
        Assert.All(Enumerable.Range(0, all.Length), trial => Assert.Equal(all[trial], low[trial] + high[trial], 1e-9));
        Assert.Contains(high, loss => loss > 0);
        Assert.Contains(low, loss => loss < 300);
    }

    [Fact]
    public void Rows_without_mean_or_deviation_and_tables_without_uncertainty_give_their_means()
    {
        long[] ids = [1, 2, 3];
        var certain = new EventLossTable(ids, [5, 0, 7], new LossUncertainty([0, 3, 0], [0, 0, 0], [100, 100, 7]));
        var plain = new EventLossTable(ids, [1, 1, 1]);
        var builder = new TrialBlockBuilder(0, 1, hasUniforms: false);
        builder.Add([0, 0, 0], ids, [1, 2, 3], []);
        var layer = new LayerModel(LayerTerms.GroundUp, [new SubjectSource(certain, 2, 1, 11), new SubjectSource(plain, -1, 1, 12)], 0, []);
        LayerLosses losses = new LayerSimulator(sampling: new LossSampling(3)).Simulate(builder.Build(), layer, []);
        Assert.Equal([0, 2], losses.Recoveries.Positions);
        Assert.Equal([9.0, 13], losses.Recoveries.Losses);
    }

    [Fact]
    public void Another_seed_or_another_id_draws_other_losses()
    {
        TrialBlock block = Block(0, 100, hasUniforms: false);
        EventLossTable elt = Elt(200, 0);
        LayerModel layer = Layer(LayerTerms.GroundUp);
        double[] losses = Losses(elt, layer, block);
        Assert.DoesNotContain(losses.Zip(Losses(elt, layer, block, seed: 8)), pair => pair.First == pair.Second);
        Assert.DoesNotContain(losses.Zip(Losses(elt, layer, block, stream: 2)), pair => pair.First == pair.Second);
    }

    private static double Correlation(EventLossTable one, EventLossTable other, TrialBlock block)
    {
        LayerModel layer = Layer(LayerTerms.GroundUp);
        double[] x = Losses(one, layer, block);
        double[] y = Losses(other, layer, block, stream: 99);
        (double meanOfX, double meanOfY) = (x.Average(), y.Average());
        double covariance = x.Zip(y).Average(pair => (pair.First - meanOfX) * (pair.Second - meanOfY));
        return covariance / Math.Sqrt(x.Average(loss => (loss - meanOfX) * (loss - meanOfX)) * y.Average(loss => (loss - meanOfY) * (loss - meanOfY)));
    }

    private static LayerModel Layer(LayerTerms terms) => new(terms, [], 0, []);

    private static EventLossTable Elt(double independent, double correlated) =>
        new([7], [Mean], new LossUncertainty([independent], [correlated], [Exposure]));

    /// <summary>The losses of a layer over one ELT, one a trial.</summary>
    private static double[] Losses(EventLossTable elt, LayerModel layer, TrialBlock block, ulong seed = 7, ulong stream = 1)
    {
        var simulator = new LayerSimulator(sampling: new LossSampling(seed));
        BlockYearLosses years = simulator.SimulateYears(block, layer with { Subject = [new SubjectSource(elt, 1, 1, stream)] });
        double[] losses = new double[block.TrialCount];
        for (int i = 0; i < years.Count; i++)
        {
            losses[years.Trials[i]] = years.Aggregate[i];
        }

        return losses;
    }

    /// <summary>Trials with event 7 once each; where there are uniforms, evenly spread in an order of their own.</summary>
    private static TrialBlock Block(int first, int trials, bool hasUniforms)
    {
        int[] trial = [.. Enumerable.Range(first, trials)];
        long[] events = new long[trials];
        Array.Fill(events, 7);
        double[] uniforms = hasUniforms ? [.. trial.Select(t => ((t * 7919L % Trials) + 0.5) / Trials)] : [];
        var builder = new TrialBlockBuilder(first, trials, hasUniforms);
        builder.Add(trial, events, new double[trials], uniforms);
        return builder.Build();
    }
}
