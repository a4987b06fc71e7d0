using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using RiskDurable.Portfolio;

namespace RiskDurable.Functions.Tests.Api;

public sealed class NodeApiTests(CompletedRollup rollup)
{
    private RiskHost Host => rollup.Host;

    private string Nodes => $"api/runs/{rollup.RunId}/nodes";

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public async Task The_root_shows_the_whole_portfolio_and_its_children(string end)
    {
        JsonNode root = await Host.GetJsonAsync(Nodes + end);
        Assert.Equal("/", root["node"]!.GetValue<string>());
        Assert.Equal("Portfolio", root["kind"]!.GetValue<string>());
        Assert.Equal(400, root["trials"]!.GetValue<int>());
        Assert.True(root["metrics"]!["aal"]!.GetValue<double>() > 0);
        Assert.Equal(CompletedRollup.Lobs.Count, root["childCount"]!.GetValue<int>());
        Assert.Equal(
            CompletedRollup.Lobs.Select(lob => NodePath.Root.Child("lob", lob).Text).Order(StringComparer.Ordinal),
            root["children"]!.AsArray().Select(child => child!["node"]!.GetValue<string>()));
        Assert.Null(root["links"]!["parent"]);
    }

    [Fact]
    public async Task Following_the_links_reaches_every_node_and_comes_back()
    {
        var seen = new List<string>();
        var open = new Queue<string>([Nodes]);
        while (open.TryDequeue(out string? address))
        {
            JsonNode node = await Host.GetJsonAsync(address);
            string path = node["node"]!.GetValue<string>();
            seen.Add(path);
            Assert.Equal(path, (await Host.GetJsonAsync(node["links"]!["self"]!.GetValue<string>()))["node"]!.GetValue<string>());
            Assert.Equal(path, (await Host.GetJsonAsync(node["links"]!["curve"]!.GetValue<string>()))["node"]!.GetValue<string>());
            if (path != "/")
            {
                JsonNode parent = await Host.GetJsonAsync(node["links"]!["parent"]!.GetValue<string>());
                Assert.Contains(path, parent["children"]!.AsArray().Select(child => child!["node"]!.GetValue<string>()));
            }

            foreach (JsonNode? child in node["children"]!.AsArray())
            {
                open.Enqueue(child!["uri"]!.GetValue<string>());
            }
        }

        // The root; then a tag, a deal and a layer for each line of business.
        Assert.Equal(1 + (3 * CompletedRollup.Lobs.Count), seen.Distinct().Count());
    }

    [Fact]
    public async Task A_path_that_is_appended_as_it_stands_finds_its_node_too()
    {
        foreach (string lob in CompletedRollup.Lobs.Where(lob => lob != "%2F" && !lob.Contains('?', StringComparison.Ordinal)))
        {
            NodePath path = NodePath.Root.Child("lob", lob);
            JsonNode node = await Host.GetJsonAsync(Nodes + path.Text);
            Assert.Equal(path.Text, node["node"]!.GetValue<string>());
        }
    }

    [Fact]
    public async Task The_children_of_a_node_add_up_to_it()
    {
        JsonNode root = await Host.GetJsonAsync(Nodes);
        double sum = 0;
        foreach (JsonNode? child in root["children"]!.AsArray())
        {
            sum += (await Host.GetJsonAsync(child!["uri"]!.GetValue<string>()))["metrics"]!["aal"]!.GetValue<double>();
        }

        Assert.Equal(root["metrics"]!["aal"]!.GetValue<double>(), sum, 6);
    }

    [Fact]
    public async Task Curves_come_as_json_and_as_csv_with_the_same_numbers()
    {
        JsonNode json = await Host.GetJsonAsync(Nodes + "/curve");
        using HttpResponseMessage response = await Host.GetAsync(Nodes + "/curve?format=csv");
        Assert.Equal("text/csv", response.Content.Headers.ContentType?.MediaType);
        string[] lines = (await response.Content.ReadAsStringAsync(RiskHost.Stop)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("node,ep_type,return_period,loss", lines[0]);
        string[] expected =
        [
            .. json["curves"]!.AsArray().OrderBy(curve => curve!["epType"]!.GetValue<int>()).SelectMany(curve => curve!["points"]!.AsArray().Select(point =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"/,{curve!["epType"]!.GetValue<int>()},{point!["returnPeriod"]!.GetValue<double>()},{point["loss"]!.GetValue<double>()}"))),
        ];
        Assert.Equal(expected, lines[1..]);
        Assert.Equal(4, json["curves"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/curve")]
    [InlineData("/curve?format=csv")]
    public async Task An_unchanged_answer_is_not_sent_again(string end)
    {
        using HttpResponseMessage first = await Host.GetAsync(Nodes + end);
        string tag = first.Headers.ETag!.ToString();
        using HttpResponseMessage again = await Host.SendAsync(HttpMethod.Get, Nodes + end, null, ("If-None-Match", $"\"other\", {tag}"));
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal("", await again.Content.ReadAsStringAsync(RiskHost.Stop));
        Assert.Equal(tag, again.Headers.ETag!.ToString());

        using HttpResponseMessage other = await Host.SendAsync(HttpMethod.Get, Nodes + end, null, ("If-None-Match", "\"other\""));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Theory]
    [InlineData("/lob=none")]
    [InlineData("/lob=none/curve")]
    [InlineData("/nonsense")]
    public async Task An_unknown_node_is_a_404(string path)
    {
        using HttpResponseMessage response = await Host.GetAsync(Nodes + path);
        await Problems.AssertAsync(response, 404, "not-found", "no node");
    }

    [Theory]
    [InlineData("/curve?format=xlsx", "format")]
    [InlineData("?skip=-1", "skip")]
    [InlineData("?skip=some", "skip")]
    public async Task A_wrong_query_is_a_400(string end, string place)
    {
        using HttpResponseMessage response = await Host.GetAsync(Nodes + end);
        JsonNode problem = await Problems.AssertAsync(response, 400, "bad-input", "");
        Assert.Equal(place, problem["errors"]![0]!["place"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("api/runs/none/nodes")]
    [InlineData("api/runs/rollup-none/nodes")]
    [InlineData("api/runs/rollup-none/nodes/curve")]
    public async Task An_unknown_run_is_a_404(string address)
    {
        using HttpResponseMessage response = await Host.GetAsync(address);
        await Problems.AssertAsync(response, 404, "not-found", "There is no run");
    }

    [Fact]
    public async Task Nodes_below_the_level_that_was_asked_for_are_a_404()
    {
        string run = await Host.RollupAsync(new { portfolio = CompletedRollup.SpareId, level = "tags" });
        JsonNode root = await Host.GetJsonAsync($"api/runs/{run}/nodes");
        JsonNode tag = await Host.GetJsonAsync(root["children"]![0]!["uri"]!.GetValue<string>());
        Assert.Empty(tag["children"]!.AsArray());
        using HttpResponseMessage deal = await Host.GetAsync(root["children"]![0]!["uri"]!.GetValue<string>() + "/deal=D0");
        await Problems.AssertAsync(deal, 404, "not-found", "at its level");
    }
}
