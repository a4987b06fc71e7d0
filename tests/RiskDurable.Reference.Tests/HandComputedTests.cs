namespace RiskDurable.Reference.Tests;

/// <summary>Examples small enough to be computed on paper.</summary>
public sealed class HandComputedTests
{
    private static Layer Plain { get; } = new() { Id = "L1", Subject = [SubjectTerm.OfElt("E")] };

    private static Book Sample { get; } = new()
    {
        Id = "hand",
        Currency = "USD",
        Fx = new Dictionary<string, double> { ["EUR"] = 2 },
        Trials = 4,
        Yet = [new(3, 7, 20), new(1, 7, 5), new(1, 8, 5), new(3, 8, 10), new(1, 9, 4), new(2, 99, 1)],
        Elts = [new("E", "USD", [new(7, 60), new(7, 40), new(8, 50), new(5, 1)]), new("F", "EUR", [new(9, 10)])],
        Rollup = ["lob"],
        Deals =
        [
            new("D2", "EUR", new Dictionary<string, string>(),
            [
                Plain with { Subject = [SubjectTerm.OfElt("E"), SubjectTerm.OfLayer("D1/L1", -1)], Share = 0.5 },
            ]),
            new("D1", "USD", new Dictionary<string, string> { ["lob"] = "a/b=50%" },
            [
                Plain with { Subject = [SubjectTerm.OfElt("E"), SubjectTerm.OfElt("F")], OccurrenceRetention = 20, AggregateLimit = 100 },
                Plain with { Id = "L2", Subject = [SubjectTerm.OfElt("E", 0.1)], Position = Position.Ceded },
                Plain with { Id = "L3", Subject = [SubjectTerm.OfElt("E", 9)], Position = Position.Memo },
            ]),
        ],
    };

    [Fact]
    public void Occurrences_run_by_day_then_by_position_in_the_file()
    {
        // Trial 1: event 9 (F: 10 EUR = 20 USD), then 7 (100), then 8 (50): the limit of 100 cuts the last.
        NodeYears layer = NaiveReference.Run(Sample).Nodes["/lob=a%2Fb%3D50%25/deal=D1/layer=L1"];
        Assert.Equal([100, 0, 100, 0], layer.Aggregate);
        Assert.Equal([80, 0, 70, 0], layer.MaxOccurrence);
    }

    [Fact]
    public void A_recovery_reaches_the_next_layer_at_100_percent_in_that_layers_currency()
    {
        // Trial 1 in USD: 100 - 80 and 50 - 20; trial 3: 50 - 30 and 100 - 70; half of each.
        NodeYears layer = NaiveReference.Run(Sample).Nodes["/lob=/deal=D2/layer=L1"];
        Assert.Equal([25, 0, 25, 0], layer.Aggregate);
        Assert.Equal([15, 0, 15, 0], layer.MaxOccurrence);
    }

    [Fact]
    public void Bought_cover_subtracts_above_its_layer_and_a_memo_layer_counts_nowhere()
    {
        ReferenceResult result = NaiveReference.Run(Sample);
        Assert.Equal([15, 0, 15, 0], result.Nodes["/lob=a%2Fb%3D50%25/deal=D1/layer=L2"].Aggregate, Close);
        Assert.Equal([1350, 0, 1350, 0], result.Nodes["/lob=a%2Fb%3D50%25/deal=D1/layer=L3"].Aggregate, Close);
        Assert.Equal([85, 0, 85, 0], result.Nodes["/lob=a%2Fb%3D50%25"].Aggregate, Close);
        Assert.Equal([110, 0, 110, 0], result.Nodes["/"].Aggregate, Close);
        // Trial 1: event 7 gives 80 - 10 + 10, event 8 gives 20 - 5 + 15.
        Assert.Equal([80, 0, 75, 0], result.Nodes["/"].MaxOccurrence, Close);
    }

    [Fact]
    public void The_hierarchy_holds_every_level_and_missing_tags_are_empty()
    {
        ReferenceResult result = NaiveReference.Run(Sample);
        Assert.Equal(["/lob=", "/lob=a%2Fb%3D50%25"], result.Children["/"]);
        Assert.Equal(["/lob=/deal=D2/layer=L1"], result.Children["/lob=/deal=D2"]);
        Assert.Equal(9, result.Nodes.Count);
    }

    [Fact]
    public void A_negative_sum_is_no_largest_occurrence_and_no_attachment()
    {
        Book book = Sample with { Deals = [Sample.Deals[1] with { Layers = [Sample.Deals[1].Layers[1]] }] };
        ReferenceResult result = NaiveReference.Run(book);
        Assert.Equal([-15, 0, -15, 0], result.Nodes["/"].Aggregate, Close);
        Assert.Equal([0, 0, 0, 0], result.Nodes["/"].MaxOccurrence);
        Assert.Equal(0, result.Metrics["/"].AttachmentProbability);
        Assert.Equal(0.5, result.Metrics["/lob=a%2Fb%3D50%25/deal=D1/layer=L2"].AttachmentProbability);
    }

    [Fact]
    public void A_limit_of_zero_pays_nothing_and_a_missing_limit_everything()
    {
        Assert.Equal([0, 0], LayerYear.Fold(Plain with { OccurrenceLimit = 0 }, 5, 6).Recoveries);
        Assert.Equal([0, 0], LayerYear.Fold(Plain with { AggregateLimit = 0 }, 5, 6).Recoveries);
        Assert.Equal([5, 6], LayerYear.Fold(Plain, 5, 6).Recoveries);
    }

    [Fact]
    public void A_loss_at_the_franchise_counts_whole_and_one_below_not_at_all() =>
        Assert.Equal([0, 10, 11], LayerYear.Fold(Plain with { Franchise = 10 }, 9.999, 10, 11).Recoveries);

    [Fact]
    public void Aggregate_retention_and_limit_cut_in_order()
    {
        Layer layer = Plain with { OccurrenceRetention = 1, OccurrenceLimit = 10, AggregateRetention = 12, AggregateLimit = 15 };
        LayerYear year = LayerYear.Fold(layer, 8, 20, 6, 4, 9);
        Assert.Equal([0, 5, 5, 3, 2], year.Recoveries);
        Assert.Equal(15, year.Aggregate);
    }

    [Fact]
    public void What_cancels_but_for_rounding_is_nothing()
    {
        Assert.Equal([0], LayerYear.Fold(Plain, [1e-10], [2e6]).Recoveries);
        Assert.Equal([0], LayerYear.Fold(Plain, [-5.0], [7.0]).Recoveries);
        Assert.Equal([1e-3], LayerYear.Fold(Plain, [1e-3], [2e6]).Recoveries);
    }

    [Fact]
    public void Reinstatements_without_a_limit_make_one()
    {
        Layer layer = Plain with { OccurrenceLimit = 100, Premium = 50, Reinstatements = [new(2, 1), new(1, 0.5)] };
        LayerYear year = LayerYear.Fold(layer, 100, 90, 100, 60, 100);
        Assert.Equal(400, year.Aggregate);
        Assert.Equal(50 * 2.5, LayerYear.ReinstatementPremium(layer, year.Aggregate));
        Assert.Equal(50 * (1 + 0.9), LayerYear.ReinstatementPremium(layer, 190), 1e-12);
    }

    [Fact]
    public void A_curve_is_linear_in_return_period_between_ranks()
    {
        // Seven trials: RP 2 is between rank 3 (7/3) and rank 4 (7/4), a = (2 - 7/4) / (7/3 - 7/4) = 3/7.
        var curve = new ExceedanceCurve([10, 70, 30, 0, 50, 0, 20]);
        Assert.Equal(20 + (3.0 / 7 * 10), curve.LossAt(2), 1e-12);
        Assert.Equal((70 + 50 + 30 + 20 + (3.0 / 7 * 10)) / 4, curve.TailValueAt(2), 1e-12);
        Assert.Equal([2, 5], ExceedanceCurve.Answerable(7));
        Assert.Equal([2, 5, 10], ExceedanceCurve.Answerable(10));
    }

    [Fact]
    public void Metrics_count_years_without_events()
    {
        NodeMetrics metrics = NaiveReference.Run(Sample).Metrics["/lob=a%2Fb%3D50%25/deal=D1/layer=L1"];
        Assert.Equal(50, metrics.Aal);
        Assert.Equal(Math.Sqrt(4 * 2500 / 3.0), metrics.StandardDeviation, 1e-12);
        Assert.Equal(Math.Sqrt(4 * 2500 / 3.0) / 2, metrics.StandardError, 1e-12);
        Assert.Equal(0.5, metrics.AttachmentProbability);
        Assert.Equal(0.5, metrics.ExhaustionProbability);
        Assert.Null(metrics.RateOnLine);
    }

    private static bool Close(double expected, double actual) => Math.Abs(expected - actual) < 1e-9;
}
