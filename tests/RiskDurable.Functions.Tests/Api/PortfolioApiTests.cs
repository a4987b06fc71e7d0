using System.Text.Json.Nodes;
using RiskDurable.Embedded.DurableTask.Client;
using RiskDurable.Functions.Portfolios;

namespace RiskDurable.Functions.Tests.Api;

public sealed class PortfolioApiTests(CompletedRollup rollup)
{
    private const int Megabyte = 1024 * 1024;

    private RiskHost Host => rollup.Host;

    [Fact]
    public async Task A_folder_is_packed_and_the_catalogue_knows_it()
    {
        // A portfolio of its own: other tests pack the others at the same time.
        Host.WriteSample("packed", seed: 8);
        using HttpResponseMessage response = await Host.PostAsync("api/portfolios/sample-8-8", new { folder = "packed", blockTrials = 300 });
        JsonNode body = await RiskHost.ReadAsync(response);
        Assert.Equal(202, (int)response.StatusCode);
        Assert.Equal(body["statusQueryGetUri"]!.GetValue<string>(), response.Headers.Location!.ToString());
        Assert.Equal(TimeSpan.FromSeconds(2), response.Headers.RetryAfter!.Delta);
        Assert.StartsWith("ingest-", body["id"]!.GetValue<string>(), StringComparison.Ordinal);
        foreach (string name in new[] { "sendEventPostUri", "terminatePostUri", "purgeHistoryDeleteUri", "suspendPostUri", "resumePostUri" })
        {
            Assert.StartsWith(Host.Host.BaseAddress!.ToString(), body[name]!.GetValue<string>().Replace("localhost", "127.0.0.1", StringComparison.Ordinal), StringComparison.Ordinal);
        }

        IngestOutcome outcome = (await Host.EndAsync(body["id"]!.GetValue<string>())).ReadOutputAs<IngestOutcome>()!;
        Assert.Empty(outcome.Problems);
        string address = body["portfolioUri"]!.GetValue<string>();
        await RiskHost.UntilAsync(async () => (int)(await Host.GetAsync(address)).StatusCode == 200, "the catalogue knows the portfolio");
        JsonNode portfolio = await Host.GetJsonAsync(address);
        Assert.Equal(outcome.Manifest, portfolio["manifest"]!.GetValue<string>());
        Assert.Equal((8, 1000), (portfolio["summary"]!["deals"]!.GetValue<int>(), portfolio["summary"]!["trials"]!.GetValue<int>()));
        Assert.Equal("http", portfolio["packedBy"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_list_holds_every_portfolio_and_its_latest_run()
    {
        await RiskHost.UntilAsync(
            async () => (await Host.GetJsonAsync($"api/portfolios/{CompletedRollup.PortfolioId}"))["latestRun"] is not null, "the catalogue knows the run");
        JsonNode list = await Host.GetJsonAsync("api/portfolios");
        JsonNode portfolio = list["portfolios"]!.AsArray().Single(entry => entry!["id"]!.GetValue<string>() == CompletedRollup.PortfolioId)!;
        JsonNode run = await Host.GetJsonAsync(portfolio["latestRun"]!["runUri"]!.GetValue<string>());
        Assert.Equal(CompletedRollup.PortfolioId, run["portfolio"]!.GetValue<string>());
    }

    [Fact]
    public async Task Everything_wrong_with_the_structure_is_in_one_answer()
    {
        JsonObject definition = CompletedRollup.Definition("broken");
        definition["currancy"] = "USD";
        definition["trials"] = 0;
        definition["deals"]![0]!["layers"]![0]!["share"] = 2;
        definition["deals"]![1]!["layers"]![0]!["subject"]![0]!["elt"] = "E9";
        definition["deals"]![2]!["currency"] = "XXX";
        using HttpResponseMessage response = await Host.PostAsync("api/portfolios/broken?tables=tables", definition);
        JsonNode problem = await Problems.AssertAsync(response, 400, "bad-input", "5 problems");
        JsonArray errors = problem["errors"]!.AsArray();
        Assert.Equal(5, errors.Count);
        Assert.All(errors, error => Assert.Equal("portfolio.json", error!["file"]!.GetValue<string>()));
        Assert.Contains("$.deals[0].layers[0].share", errors.Select(error => error!["place"]!.GetValue<string>()));
        Assert.All(errors, error => Assert.NotEqual("", error!["message"]!.GetValue<string>()));
    }

    [Fact]
    public async Task What_is_wrong_with_tables_lands_in_the_output()
    {
        Host.WriteSample("bad-tables", seed: 3);
        await File.AppendAllTextAsync(Path.Combine(Host.Portfolios, "bad-tables", "yet.csv"), "1001,1,1\n", RiskHost.Stop);
        using HttpResponseMessage response = await Host.PostAsync("api/portfolios/sample-8-3", new { folder = "bad-tables" });
        Assert.Equal(202, (int)response.StatusCode);
        OrchestrationMetadata ended = await Host.EndAsync((await RiskHost.ReadAsync(response))["id"]!.GetValue<string>());
        IngestOutcome outcome = ended.ReadOutputAs<IngestOutcome>()!;
        Assert.Null(outcome.Manifest);
        Assert.Contains("1001", Assert.Single(outcome.Problems).Message, StringComparison.Ordinal);
        Assert.Equal(404, (int)(await Host.GetAsync("api/portfolios/sample-8-3")).StatusCode);
    }

    [Theory]
    [InlineData("/etc", "not below")]
    [InlineData("..", "not below")]
    [InlineData("sample/../../..", "not below")]
    [InlineData("nowhere", "There is no folder")]
    [InlineData("a\tb", "control character")]
    [InlineData("", "not empty")]
    public async Task A_folder_elsewhere_is_refused(string folder, string message)
    {
        using HttpResponseMessage reference = await Host.PostAsync("api/portfolios/x", new { folder });
        JsonNode problem = await Problems.AssertAsync(reference, 400, "bad-input", message);
        Assert.Equal("$.folder", problem["errors"]![0]!["place"]!.GetValue<string>());

        if (folder.Length > 0)
        {
            using HttpResponseMessage tables = await Host.PostAsync($"api/portfolios/x?tables={Uri.EscapeDataString(folder)}", CompletedRollup.Definition("x"));
            await Problems.AssertAsync(tables, 400, "bad-input", message);
        }
    }

    [Fact]
    public async Task A_table_outside_of_the_folder_is_refused()
    {
        JsonObject definition = CompletedRollup.Definition("x");
        definition["yet"] = "../sample/yet.csv";
        using HttpResponseMessage response = await Host.PostAsync("api/portfolios/x?tables=tables", definition);
        await Problems.AssertAsync(response, 400, "bad-input", "not allowed");
    }

    [Theory]
    [InlineData("{", "not valid JSON")]
    [InlineData("", "The body is empty")]
    [InlineData("[]", "object")]
    [InlineData("{ \"folder\": \"sample\", \"folders\": 1 }", "no such field")]
    [InlineData("{ \"folder\": \"sample\", \"folder\": \"sample\" }", "given twice")]
    [InlineData("{ \"folder\": \"sample\", \"blockTrials\": 0 }", "whole number")]
    [InlineData("{ \"folder\": 1 }", "text in quotes")]
    public async Task A_body_of_another_form_is_refused(string body, string message)
    {
        using HttpResponseMessage response = await Host.PostTextAsync("api/portfolios/sample-8-1", body);
        await Problems.AssertAsync(response, 400, "bad-input", message);
    }

    [Fact]
    public async Task The_id_in_the_address_is_the_portfolios()
    {
        using HttpResponseMessage response = await Host.PostAsync("api/portfolios/another", new { folder = "sample" });
        await Problems.AssertAsync(response, 400, "bad-input", "the address says 'another'");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_over_16_MB_is_refused(bool chunked)
    {
        using var content = new ByteArrayContent(new byte[(16 * Megabyte) + 1]);
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/portfolios/x") { Content = content };
        request.Headers.TransferEncodingChunked = chunked;
        using HttpResponseMessage response = await Host.Http.SendAsync(request, RiskHost.Stop);
        await Problems.AssertAsync(response, 413, "too-large", "16,384 KB");
    }

    [Fact]
    public async Task The_same_key_starts_nothing_twice()
    {
        (string, string) key = ("Idempotency-Key", "portfolio-1");
        using HttpResponseMessage first = await Host.PostAsync("api/portfolios/sample-8-1", new { folder = "sample" }, key);
        using HttpResponseMessage again = await Host.PostAsync("api/portfolios/sample-8-1", new { folder = "sample" }, key);
        Assert.Equal((202, 202), ((int)first.StatusCode, (int)again.StatusCode));
        Assert.Equal("ingest-portfolio-1", (await RiskHost.ReadAsync(again))["id"]!.GetValue<string>());

        using HttpResponseMessage other = await Host.PostAsync("api/portfolios/sample-8-1", new { folder = "sample", blockTrials = 7 }, key);
        await Problems.AssertAsync(other, 422, "key-reused", "portfolio-1");
        using HttpResponseMessage wrong = await Host.PostAsync("api/portfolios/sample-8-1", new { folder = "sample" }, ("Idempotency-Key", "a/b"));
        await Problems.AssertAsync(wrong, 400, "bad-input", "letters");
    }

    [Fact]
    public async Task An_unknown_portfolio_is_a_404()
    {
        using HttpResponseMessage response = await Host.GetAsync("api/portfolios/none");
        await Problems.AssertAsync(response, 404, "not-found", "'none'");
    }

    [Fact]
    public async Task Without_the_key_nothing_is_answered()
    {
        await using RiskHost host = await RiskHost.StartAsync(key: "secret");
        foreach (string address in new[] { "api/portfolios", "api/portfolios/x", "api/runs", "api/runs/rollup-x", "api/runs/rollup-x/nodes" })
        {
            Assert.Equal(401, (int)(await host.GetAsync(address)).StatusCode);
        }

        Assert.Equal(401, (int)(await host.PostAsync("api/rollups", new { })).StatusCode);
        Assert.Equal(401, (int)(await host.PostAsync("api/portfolios/x", new { })).StatusCode);
        Assert.Equal(401, (int)(await host.SendAsync(HttpMethod.Delete, "api/runs/rollup-x", null)).StatusCode);
        using HttpResponseMessage admitted = await host.SendAsync(HttpMethod.Get, "api/runs", null, ("x-functions-key", "secret"));
        Assert.Equal(200, (int)admitted.StatusCode);
    }
}
