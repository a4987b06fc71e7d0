using RiskDurable.Execution.Planning;
using RiskDurable.Kernel;
using RiskDurable.Portfolio.Model;

namespace RiskDurable.Execution.Tests;

public sealed class LayerGraphTests
{
    [Fact]
    public void A_deal_lies_one_level_above_the_highest_deal_that_it_refers_to()
    {
        var graph = new LayerGraph([Deal("C", ("L", ["B/L", "A/L"])), Deal("A", ("L", [])), Deal("B", ("L", ["A/L"]))]);
        Assert.Equal([2, 0, 1], Enumerable.Range(0, 3).Select(deal => graph.Levels[graph.GroupOfDeal[deal]]));
    }

    [Fact]
    public void Deals_that_refer_to_one_another_both_ways_stay_together_and_their_layers_in_order()
    {
        var graph = new LayerGraph([Deal("A", ("1", []), ("2", ["B/1"])), Deal("B", ("1", ["A/1"])), Deal("C", ("1", ["A/2"]))]);
        Assert.Equal(graph.GroupOfDeal[0], graph.GroupOfDeal[1]);
        Assert.Equal([0, 0, 1], Enumerable.Range(0, 3).Select(deal => graph.Levels[graph.GroupOfDeal[deal]]));
        Assert.Equal([(0, 0), (1, 0), (0, 1), (2, 0)], graph.LayerOrder);
    }

    [Fact]
    public void A_chain_of_ten_thousand_deals_is_levelled_whatever_the_order_of_the_file()
    {
        List<Deal> chain = [.. Enumerable.Range(0, 10_000).Select(i => Deal($"D{i}", ("L", i == 9_999 ? [] : [$"D{i + 1}/L"])))];
        var graph = new LayerGraph(chain);
        Assert.Equal(9_999, graph.Levels[graph.GroupOfDeal[0]]);
        Assert.Equal(0, graph.Levels[graph.GroupOfDeal[9_999]]);
    }

    [Fact]
    public void A_circle_of_layers_is_refused() =>
        Assert.Throws<ArgumentException>(() => new LayerGraph([Deal("A", ("1", ["B/1"])), Deal("B", ("1", ["A/1"]))]));

    private static Deal Deal(string id, params (string Id, string[] Upstream)[] layers) => new(
        id,
        id,
        "USD",
        new Dictionary<string, string>(),
        [
            .. layers.Select(layer => new Layer(
                layer.Id,
                [.. layer.Upstream.Select(text => new SubjectTerm(null, new LayerId(text.Split('/')[0], text.Split('/')[1]), 1))],
                LayerTerms.GroundUp,
                1,
                LayerPosition.Assumed,
                0,
                [])),
        ]);
}
