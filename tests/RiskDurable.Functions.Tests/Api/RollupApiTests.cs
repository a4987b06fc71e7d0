using System.Text.Json.Nodes;
using RiskDurable.Embedded.DurableTask.Client;
using RiskDurable.Execution.Planning;
using RiskDurable.Functions.Rollup;

namespace RiskDurable.Functions.Tests.Api;

public sealed class RollupApiTests(CompletedRollup rollup)
{
    private const string Hash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private RiskHost Host => rollup.Host;

    [Fact]
    public async Task A_start_says_where_to_look_and_how_to_steer()
    {
        using HttpResponseMessage response = await Host.PostAsync("api/rollups", new { portfolio = CompletedRollup.SpareId });
        JsonNode body = await RiskHost.ReadAsync(response);
        Assert.Equal(202, (int)response.StatusCode);
        Assert.Equal(body["statusQueryGetUri"]!.GetValue<string>(), response.Headers.Location!.ToString());
        Assert.Equal(TimeSpan.FromSeconds(2), response.Headers.RetryAfter!.Delta);
        string id = body["id"]!.GetValue<string>();
        Assert.EndsWith("/api/runs/" + id, body["runUri"]!.GetValue<string>(), StringComparison.Ordinal);
        foreach (string name in new[] { "sendEventPostUri", "terminatePostUri", "purgeHistoryDeleteUri", "suspendPostUri", "resumePostUri" })
        {
            Assert.Contains("/runtime/webhooks/durabletask/instances/" + id, body[name]!.GetValue<string>(), StringComparison.Ordinal);
        }

        await Host.EndAsync(id);
        using HttpResponseMessage status = await Host.GetAsync(response.Headers.Location.ToString());
        Assert.Equal(200, (int)status.StatusCode);
        Assert.Equal("Completed", (await RiskHost.ReadAsync(status))["runtimeStatus"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_folder_and_its_manifest_give_the_same_numbers()
    {
        string byFolder = await Host.RollupAsync(new { folder = "sample", level = "deals", blockTrials = 400 });
        JsonNode run = await Host.GetJsonAsync($"api/runs/{byFolder}");
        string byManifest = await Host.RollupAsync(new { manifest = run["manifest"]!.GetValue<string>(), level = "deals" });
        JsonNode again = await Host.GetJsonAsync($"api/runs/{byManifest}");
        Assert.Equal(0, again["stages"]!.AsArray().Sum(stage => stage!["run"]!.GetValue<int>()));
        Assert.Equal(
            (await Host.GetJsonAsync($"api/runs/{byFolder}/nodes"))["metrics"]!.ToJsonString(),
            (await Host.GetJsonAsync($"api/runs/{byManifest}/nodes"))["metrics"]!.ToJsonString());
    }

    [Fact]
    public async Task What_is_asked_reaches_the_run()
    {
        string id = await Host.RollupAsync(new { portfolio = CompletedRollup.SpareId, level = "portfolio", returnPeriods = new[] { 10.0, 12.5 }, contributionPeriods = new[] { 20.0 } });
        RollupRequest request = (await Host.EndAsync(id)).ReadInputAs<RollupRequest>()!;
        Assert.Equal(ReportDepth.Portfolio, request.Settings.Depth);
        Assert.Equal([20.0], request.Settings.ContributionPeriods);
        JsonNode curve = await Host.GetJsonAsync($"api/runs/{id}/nodes/curve");
        Assert.Equal([10.0, 12.5], curve["curves"]![0]!["points"]!.AsArray().Select(point => point!["returnPeriod"]!.GetValue<double>()));
    }

    [Theory]
    [InlineData("", "body is empty")]
    [InlineData("{}", "Exactly one")]
    [InlineData("{ \"portfolio\": \"a\", \"folder\": \"b\" }", "Exactly one")]
    [InlineData("{ \"portfolio\": \"a\", \"levle\": \"deals\" }", "no such field")]
    [InlineData("{ \"portfolio\": \"a\", \"level\": \"deal\" }", "One of layers")]
    [InlineData("{ \"portfolio\": \"a\", \"returnPeriods\": 100 }", "array")]
    [InlineData("{ \"portfolio\": \"a\", \"returnPeriods\": [0.5] }", "at least 1")]
    [InlineData("{ \"portfolio\": \"a\", \"returnPeriods\": [1e999] }", "at least 1")]
    [InlineData("{ \"portfolio\": \"a\", \"returnPeriods\": [5, 5] }", "twice")]
    [InlineData("{ \"portfolio\": \"a\", \"blockTrials\": 5 }", "with folder or uploaded only")]
    [InlineData("{ \"portfolio\": \"a\", \"sampling\": \"gamma\" }", "One of mean, beta")]
    [InlineData("{ \"portfolio\": \"a\", \"seed\": 3 }", "with sampling beta only")]
    [InlineData("{ \"portfolio\": \"a\", \"sampling\": \"mean\", \"seed\": 3 }", "with sampling beta only")]
    [InlineData("{ \"portfolio\": \"a\", \"sampling\": \"beta\", \"seed\": -1 }", "whole number from 0")]
    [InlineData("{ \"portfolio\": \"a\", \"sampling\": \"beta\", \"seed\": 1.5 }", "whole number from 0")]
    [InlineData("{ \"manifest\": \"ABC\" }", "64 lower-case")]
    [InlineData("{ \"folder\": \"../..\" }", "not below")]
    [InlineData("{ \"folder\": \"/etc\" }", "not below")]
    [InlineData("{ \"portfolio\": null }", "text in quotes")]
    [InlineData("7", "JSON object")]
    [InlineData("{ \"portfolio\"", "not valid JSON")]
    public async Task A_wrong_body_is_a_400(string body, string message)
    {
        using HttpResponseMessage response = await Host.PostTextAsync("api/rollups", body);
        JsonNode problem = await Problems.AssertAsync(response, 400, "bad-input", "");
        Assert.Contains(problem["errors"]!.AsArray(), error => error!["message"]!.GetValue<string>().Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Everything_wrong_with_a_body_is_in_one_answer()
    {
        using HttpResponseMessage response = await Host.PostTextAsync("api/rollups", """{ "level": 1, "returnPeriods": [0, "x"], "bundles": 3 }""");
        JsonNode problem = await Problems.AssertAsync(response, 400, "bad-input", "5 problems");
        Assert.Equal(
            ["$.bundles", "$", "$.level", "$.returnPeriods[0]", "$.returnPeriods[1]"],
            problem["errors"]!.AsArray().Select(error => error!["place"]!.GetValue<string>()).Distinct());
    }

    [Theory]
    [InlineData("portfolio", "none", "No portfolio 'none'")]
    [InlineData("manifest", Hash, "There is no manifest")]
    public async Task An_unknown_source_is_a_404(string field, string value, string message)
    {
        using HttpResponseMessage response = await Host.PostAsync("api/rollups", new JsonObject { [field] = value });
        await Problems.AssertAsync(response, 404, "not-found", message);
    }

    [Fact]
    public async Task A_body_over_64_KB_is_refused()
    {
        using HttpResponseMessage response = await Host.PostTextAsync("api/rollups", new string(' ', (64 * 1024) + 1));
        await Problems.AssertAsync(response, 413, "too-large", "64 KB");
    }

    [Fact]
    public async Task Twenty_requests_with_one_key_at_once_start_one_run()
    {
        object body = new { portfolio = CompletedRollup.SpareId };
        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Host.PostAsync("api/rollups", body, ("Idempotency-Key", "once"))));
        Assert.All(responses, response => Assert.Equal(202, (int)response.StatusCode));
        OrchestrationMetadata run = await Host.EndAsync("rollup-once");
        using HttpResponseMessage late = await Host.PostAsync("api/rollups", body, ("Idempotency-Key", "once"));
        Assert.Equal("rollup-once", (await RiskHost.ReadAsync(late))["id"]!.GetValue<string>());
        Assert.Equal(run.CreatedAt, (await Host.EndAsync("rollup-once")).CreatedAt);

        using HttpResponseMessage other = await Host.PostAsync("api/rollups", new { portfolio = CompletedRollup.SpareId, level = "tags" }, ("Idempotency-Key", "once"));
        await Problems.AssertAsync(other, 422, "key-reused", "once");
    }
}
