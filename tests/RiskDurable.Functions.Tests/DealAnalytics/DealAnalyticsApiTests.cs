using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using RiskDurable.Execution.Storage;

namespace RiskDurable.Functions.Tests.DealAnalytics;

/// <summary>Deal analytics over HTTP.</summary>
/// <param name="completed">A portfolio that was rolled up.</param>
public sealed class DealAnalyticsApiTests(CompletedRollup completed)
{
    private const string Path = "api/deals/analytics";

    private const string Deal = """
        { "id": "N1", "currency": "USD", "tags": { "lob": "a=b" },
          "layers": [ { "id": "L1", "subject": [ { "elt": "E1" } ], "occurrenceRetention": 5000, "occurrenceLimit": 10000, "share": 0.5 },
                      { "id": "L2", "subject": [ { "layer": "D0/L1" } ], "position": "ceded", "occurrenceLimit": 2000 } ] }
        """;

    private static (string, string) Waiting => ("Prefer", "respond-async, wait=20");

    [Theory]
    [InlineData("id")]
    [InlineData("run")]
    [InlineData("manifest")]
    public async Task A_caller_who_waits_gets_the_answer_with_where_it_comes_from(string by)
    {
        JsonNode run = await completed.Host.GetJsonAsync($"api/runs/{completed.RunId}");
        string manifest = run["manifest"]!.GetValue<string>();
        string portfolio = by switch { "id" => CompletedRollup.PortfolioId, "run" => completed.RunId, _ => manifest };
        JsonNode answer = await AnswerAsync($$"""{ "portfolio": "{{portfolio}}", "dealIds": ["D1"] }""");
        Assert.Equal(
            (completed.RunId, manifest, Kernel.KernelVersion.Current, CompletedRollup.PortfolioId, 400),
            (Text(answer, "run"), Text(answer, "manifest"), answer["kernelVersion"]!.GetValue<int>(), Text(answer, "portfolioId"), answer["trials"]!.GetValue<int>()));
    }

    [Fact]
    public async Task The_numbers_are_those_of_the_deals_nodes_in_the_rollup()
    {
        JsonNode answer = await AnswerAsync($$"""{ "portfolio": "{{CompletedRollup.PortfolioId}}", "dealIds": ["D1", "D3"] }""");
        JsonNode root = await completed.Host.GetJsonAsync($"api/runs/{completed.RunId}/nodes");
        AssertSame(root["metrics"]!, answer["portfolio"]!);
        foreach (JsonNode? variant in answer["deals"]!.AsArray().Select(deal => deal!["variants"]![0]))
        {
            foreach (JsonNode? node in variant!["layers"]!.AsArray().Prepend(variant["deal"]))
            {
                string path = string.Join('/', Text(node!, "node")[1..].Split('/').Select(level => string.Join('=', level.Split('=').Select(Uri.EscapeDataString))));
                AssertSame((await completed.Host.GetJsonAsync($"api/runs/{completed.RunId}/nodes/{path}"))["metrics"]!, node!);
            }
        }
    }

    [Fact]
    public async Task A_deal_given_inline_comes_with_its_variants_and_their_impacts()
    {
        JsonNode answer = await AnswerAsync($$"""
            { "portfolio": "{{CompletedRollup.PortfolioId}}", "deals": [ {{Deal}} ], "options": { "returnPeriods": [10, 50] },
              "variants": [ { "name": "half", "layers": { "L1": { "share": 0.25 }, "L2": { "occurrenceLimit": 1000 } } },
                            { "name": "other", "deal": {{Deal.Replace("5000", "0", StringComparison.Ordinal)}} } ] }
            """);
        JsonArray variants = answer["deals"]![0]!["variants"]!.AsArray();
        Assert.Equal(["base", "half", "other"], variants.Select(variant => Text(variant!, "name")));
        Assert.False(answer["deals"]![0]!["inPortfolio"]!.GetValue<bool>());
        foreach (JsonNode? variant in variants)
        {
            JsonNode impact = variant!["impact"]!;
            Assert.Equal(variant["deal"]!["aal"]!.GetValue<double>(), impact["aal"]!["marginal"]!.GetValue<double>(), 1e-6);
            Assert.Equal(["Oep", "OepTvar", "Aep", "AepTvar"], impact["curves"]!.AsArray().Select(curve => Text(curve!, "name")));
            Assert.All(impact["curves"]!.AsArray(), curve => Assert.Equal([10, 50], curve!["points"]!.AsArray().Select(point => point!["returnPeriod"]!.GetValue<int>())));
        }

        double[] first = [.. variants.Select(variant => variant!["layers"]![0]!["aal"]!.GetValue<double>())];
        Assert.Equal(first[0] / 2, first[1], 1e-9 * first[0]);
        Assert.True(first[2] > first[0]);
    }

    [Fact]
    public async Task A_caller_who_does_not_wait_is_told_where_to_look()
    {
        using HttpResponseMessage response = await completed.Host.PostTextAsync(Path, $$"""{ "portfolio": "{{CompletedRollup.PortfolioId}}", "dealIds": ["D1"] }""");
        JsonNode started = await RiskHost.ReadAsync(response);
        Assert.Equal(202, (int)response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Equal(response.Headers.Location!.ToString(), Text(started, "statusQueryGetUri"));
        await completed.Host.EndAsync(Text(started, "id"));
        JsonNode answer = await completed.Host.GetJsonAsync(Text(started, "analysisUri"));
        Assert.Equal("D1", Text(answer["deals"]![0]!, "id"));
    }

    [Fact]
    public async Task The_same_idempotency_key_starts_one_analysis_only()
    {
        string body = $$"""{ "portfolio": "{{CompletedRollup.PortfolioId}}", "dealIds": ["D2"] }""";
        (string, string) key = ("Idempotency-Key", "quote-77");
        using HttpResponseMessage first = await SendAsync(body, key);
        using HttpResponseMessage second = await SendAsync(body, key);
        using HttpResponseMessage other = await SendAsync(body.Replace("D2", "D3", StringComparison.Ordinal), key);
        Assert.Equal((202, 202, 422), ((int)first.StatusCode, (int)second.StatusCode, (int)other.StatusCode));
        Assert.Equal("deals-quote-77", Text(await RiskHost.ReadAsync(second), "id"));
    }

    [Theory]
    [InlineData("""{ "dealIds": ["D1"] }""", "$")]
    [InlineData("""[1]""", "$")]
    [InlineData("""{ "portfolio": """, "line 1, column 16")]
    [InlineData("""{ "portfolio": "awkward" }""", "$")]
    [InlineData("""{ "portfolio": "awkward", "dealIds": [] }""", "$")]
    [InlineData("""{ "portfolio": "awkward", "dealIds": ["D9"] }""", "$.dealIds[0]")]
    [InlineData("""{ "portfolio": "awkward", "dealIds": ["D1", "D1"] }""", "$.dealIds[1]")]
    [InlineData("""{ "portfolio": "awkward", "dealIds": ["D1"], "terms": 1 }""", "$.terms")]
    [InlineData("""{ "portfolio": "awkward", "dealIds": ["D1"], "options": { "returnPeriods": [10, 0.5, 10, "x"] } }""", "$.options.returnPeriods[1]", "$.options.returnPeriods[2]", "$.options.returnPeriods[3]")]
    [InlineData("""{ "portfolio": "awkward", "deals": [ { "id": "N", "currency": "EUR", "layers": [ { "id": "L", "subject": [ { "elt": "E9" } ], "share": 2, "occurenceLimit": 1 } ] } ] }""", "$.deals[0].layers[0].share", "$.deals[0].layers[0].occurenceLimit", "$.deals[0].currency", "$.deals[0].layers[0].subject[0].elt")]
    [InlineData("""{ "portfolio": "awkward", "deals": [ { "id": "N", "currency": "USD", "layers": [ { "id": "L", "subject": [ { "layer": "D1/L9" } ] } ] } ] }""", "$.deals[0].layers[0].subject[0].layer")]
    [InlineData("""{ "portfolio": "awkward", "deals": [ { "id": "N", "currency": "USD", "layers": [ { "id": "L", "subject": [ { "layer": "N/L" } ] } ] } ] }""", "$.deals[0].layers[0].subject[0]")]
    [InlineData("""{ "portfolio": "awkward", "dealIds": ["D1"], "variants": [ { "name": "base", "layers": {} }, { "name": "v" }, { "layers": {} }, { "name": "w", "dealId": "D2", "layers": {} } ] }""", "$.variants[0].name", "$.variants[1]", "$.variants[2]", "$.variants[3].dealId")]
    [InlineData("""{ "portfolio": "awkward", "dealIds": ["D1"], "variants": [ { "name": "v", "layers": { "L1": { "share": -1, "shares": null, "occurrenceLimit": null }, "L7": {} } } ] }""", "$.variants[0].layers.L1.share", "$.variants[0].layers.L1.shares", "$.variants[0].layers.L7")]
    [InlineData("""{ "portfolio": "awkward", "dealIds": ["D1"], "variants": [ { "name": "v", "layers": { "L1": { "id": "L2" } } }, { "name": "u", "deal": { "id": "X", "currency": "USD", "layers": [ { "id": "L1", "subject": [ { "elt": "E1" } ] } ] } } ] }""", "$.variants[0].layers.L1.id", "$.variants[1].deal.id")]
    [InlineData("""{ "portfolio": "awkward", "dealIds": ["D1", "D2"], "variants": [ { "name": "v", "layers": {} } ] }""", "$.variants[0]")]
    public async Task Everything_that_is_wrong_with_a_request_is_told_at_once(string body, params string[] places)
    {
        using HttpResponseMessage response = await SendAsync(body, Waiting);
        JsonNode problem = await RiskHost.ReadAsync(response);
        Assert.True((int)response.StatusCode == 400, problem.ToJsonString());
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(places.Order(StringComparer.Ordinal), problem["errors"]!.AsArray().Select(error => Text(error!, "place")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_wait_that_is_no_number_is_refused()
    {
        using HttpResponseMessage response = await SendAsync("""{ "portfolio": "awkward", "dealIds": ["D1"] }""", ("Prefer", "wait=soon"));
        Assert.Equal(400, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("rollup-20200101-000000-aaaaaa")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    public async Task An_unknown_portfolio_run_or_manifest_is_not_found(string portfolio)
    {
        using HttpResponseMessage response = await SendAsync($$"""{ "portfolio": "{{portfolio}}", "dealIds": ["D1"] }""", Waiting);
        Assert.Equal(404, (int)response.StatusCode);
        JsonNode problem = await RiskHost.ReadAsync(response);
        Assert.Contains($"Looked for in {completed.Host.Services.GetRequiredService<IDocumentStore>().Name}:", Text(problem, "detail"), StringComparison.Ordinal);
        using HttpResponseMessage get = await completed.Host.GetAsync($"{Path}/deals-nothing");
        Assert.Equal(404, (int)get.StatusCode);
    }

    [Fact]
    public async Task A_portfolio_that_was_never_rolled_up_is_a_conflict()
    {
        // Other terms: what was computed for the same terms would be found.
        JsonObject definition = CompletedRollup.Definition("untouched");
        definition["deals"]![0]!["layers"]![0]!["occurrenceLimit"] = 4321;
        using HttpResponseMessage ingest = await completed.Host.PostAsync("api/portfolios/untouched?tables=tables", definition);
        await completed.Host.EndAsync(Text(await RiskHost.ReadAsync(ingest), "id"));
        string body = """{ "portfolio": "untouched", "dealIds": ["D1"] }""";
        await RiskHost.UntilAsync(async () => (int)(await completed.Host.GetAsync("api/portfolios/untouched")).StatusCode == 200, "the catalogue knows the portfolio");
        using HttpResponseMessage response = await SendAsync(body, Waiting);
        Assert.Equal(409, (int)response.StatusCode);

        string manifest = Text(await completed.Host.GetJsonAsync("api/portfolios/untouched"), "manifest");
        using HttpResponseMessage byManifest = await SendAsync(body.Replace("untouched", manifest, StringComparison.Ordinal), Waiting);
        Assert.Equal(409, (int)byManifest.StatusCode);
    }

    [Fact]
    public async Task A_body_of_more_than_a_megabyte_is_too_large()
    {
        using HttpResponseMessage response = await SendAsync($$"""{ "portfolio": "awkward", "x": "{{new string('x', 1024 * 1024)}}" }""");
        Assert.Equal(413, (int)response.StatusCode);
    }

    private static string Text(JsonNode node, string field) => node[field]!.GetValue<string>();

    /// <summary>The same but for what only a rollup knows: how the node contributes to its parent.</summary>
    private static void AssertSame(JsonNode expected, JsonNode actual)
    {
        foreach (JsonNode node in new[] { expected, actual })
        {
            node.AsObject().Remove("contributions");
        }

        Assert.Equal(expected.ToJsonString(), actual.ToJsonString());
    }

    private Task<HttpResponseMessage> SendAsync(string body, params (string Name, string Value)[] headers) =>
        completed.Host.SendAsync(HttpMethod.Post, Path, new StringContent(body), headers);

    private async Task<JsonNode> AnswerAsync(string body)
    {
        using HttpResponseMessage response = await SendAsync(body, Waiting);
        JsonNode answer = await RiskHost.ReadAsync(response);
        Assert.True((int)response.StatusCode == 200, answer.ToJsonString());
        Assert.Equal("wait=20", response.Headers.GetValues("Preference-Applied").Single());
        return answer;
    }
}
