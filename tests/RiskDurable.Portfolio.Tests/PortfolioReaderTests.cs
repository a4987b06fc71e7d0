using RiskDurable.Kernel;
using RiskDurable.Portfolio.Model;

namespace RiskDurable.Portfolio.Tests;

public sealed class PortfolioReaderTests
{
    private const string Deal =
        """
        { "id": "D001", "name": "Florida wind XL", "currency": "USD", "tags": { "lob": "property" },
          "layers": [ { "id": "L1",
            "subject": [ { "elt": "E1" }, { "layer": "D007/L1", "factor": -1.0 } ],
            "occurrenceRetention": 1000000, "occurrenceLimit": 5000000, "aggregateRetention": 7, "aggregateLimit": 10000000,
            "franchise": 3, "share": 0.25, "position": "ceded", "premium": 400000, "reinstatements": [ { "count": 1, "rate": 1.0 } ] } ] }
        """;

    private const string Upstream =
        """{ "id": "D007", "currency": "EUR", "layers": [ { "id": "L1", "subject": [ { "elt": "E2" } ] } ] }""";

    [Fact]
    public void Every_field_arrives_where_it_belongs()
    {
        PortfolioDefinition portfolio = Folder($"[{Deal}, {Upstream}]").Read();
        Assert.Equal(("demo", "Demo book", "USD", 10, "yet.csv"), (portfolio.Id, portfolio.Name, portfolio.Currency, portfolio.Trials, portfolio.YetFile));
        Assert.Equal(["lob", "region"], portfolio.Rollup);
        Assert.Equal(new Dictionary<string, double> { ["EUR"] = 1.08, ["USD"] = 1 }, portfolio.Fx);
        Assert.Equal(new EltReference("E1", "elts/one.csv", "EUR"), portfolio.Elts["E1"]);
        Assert.Equal(new EltReference("E2", "elts/E2.csv", "USD"), portfolio.Elts["E2"]);
        Deal deal = portfolio.Deals[0];
        Assert.Equal(("D001", "Florida wind XL", "USD", "property"), (deal.Id, deal.Name, deal.Currency, deal.Tags["lob"]));
        Layer layer = Assert.Single(deal.Layers);
        Assert.Equal([new SubjectTerm("E1", null, 1), new SubjectTerm(null, new LayerId("D007", "L1"), -1)], layer.Subject);
        Assert.Equal(new LayerTerms(1e6, 5e6, 7, 1e7, 3), layer.Terms);
        Assert.Equal((0.25, LayerPosition.Ceded, 400000.0), (layer.Share, layer.Position, layer.Premium));
        Assert.Equal([new Reinstatement(1, 1)], layer.Reinstatements);
    }

    [Fact]
    public void What_is_left_out_has_its_default()
    {
        Deal deal = Folder($"[{Deal}, {Upstream}]").Read().Deals[1];
        Assert.Equal("D007", deal.Name);
        Assert.Empty(deal.Tags);
        Assert.Equal(LayerTerms.GroundUp, deal.Layers[0].Terms);
        Assert.Equal((1.0, LayerPosition.Assumed, 0.0), (deal.Layers[0].Share, deal.Layers[0].Position, deal.Layers[0].Premium));
    }

    [Fact]
    public void Reinstatements_imply_an_aggregate_limit_unless_one_is_given()
    {
        string reinstated =
            """
            { "id": "D", "currency": "USD", "layers": [
              { "id": "L1", "subject": [ { "elt": "E2" } ], "occurrenceLimit": 10, "reinstatements": [ { "count": 2, "rate": 1 }, { "count": 1, "rate": 0.5 } ] },
              { "id": "L2", "subject": [ { "elt": "E2" } ], "occurrenceLimit": 10, "aggregateLimit": 15, "reinstatements": [ { "count": 2, "rate": 1 } ] } ] }
            """;
        IReadOnlyList<Layer> layers = Folder($"[{reinstated}]").Read().Deals[0].Layers;
        Assert.Equal([40.0, 15.0], layers.Select(layer => layer.Terms.AggregateLimit));
    }

    [Fact]
    public void Deals_may_come_one_a_line_in_a_file_of_their_own()
    {
        PortfolioFolder folder = Folder("[]");
        folder["portfolio.json"] = Portfolio("\"dealsFile\": \"deals.jsonl\"");
        folder["deals.jsonl"] = "\uFEFF" + Deal.ReplaceLineEndings(" ") + "\r\n\n" + Upstream;
        Assert.Equal(["D001", "D007"], folder.Read().Deals.Select(deal => deal.Id));
    }

    [Fact]
    public void An_id_may_hold_a_slash_where_references_stay_clear()
    {
        const string Deals =
            """
            [ { "id": "a/b", "currency": "USD", "layers": [ { "id": "c", "subject": [ { "elt": "E1" } ] } ] },
              { "id": "x", "currency": "USD", "layers": [ { "id": "y", "subject": [ { "layer": "a/b/c" } ] } ] } ]
            """;
        Assert.Equal(new LayerId("a/b", "c"), Folder(Deals).Read().Deals[1].Layers[0].Subject[0].Layer);
    }

    internal static PortfolioFolder Folder(string deals) => new()
    {
        ["portfolio.json"] = Portfolio($"\"deals\": {deals}"),
        ["yet.csv"] = "trial,event_id,day\n",
        ["elts/one.csv"] = "event_id,mean_loss\n",
        ["elts/E2.csv"] = "event_id,mean_loss\n",
    };

    internal static string Portfolio(string deals) =>
        $$"""
        { "schema": "riskdurable/portfolio/1", "id": "demo", "name": "Demo book", "currency": "USD",
          "fx": { "EUR": 1.08 }, // what a euro is worth
          "trials": 10, "yet": "yet.csv",
          "elts": { "E1": { "file": "elts/one.csv", "currency": "EUR" } },
          "rollup": ["lob", "region"],
          {{deals}} }
        """;
}
