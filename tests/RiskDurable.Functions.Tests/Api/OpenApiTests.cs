using System.Reflection;
using System.Text.Json.Nodes;
using RiskDurable.Embedded.Worker;
using RiskDurable.Functions.Hosting;

namespace RiskDurable.Functions.Tests.Api;

public sealed class OpenApiTests(CompletedRollup rollup)
{
    private static readonly string[] Deals = ["D0", "D1"];

    private RiskHost Host => rollup.Host;

    [Fact]
    public async Task Every_endpoint_is_described_and_nothing_else()
    {
        string[] endpoints =
        [
            .. typeof(RiskApplication).Assembly.GetTypes()
                .SelectMany(type => type.GetMethods())
                .SelectMany(method => method.GetParameters())
                .Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>())
                .OfType<HttpTriggerAttribute>()
                .SelectMany(trigger => trigger.Methods!.Select(verb => $"{verb} /{trigger.Route!.Replace("{*", "{", StringComparison.Ordinal)}"))
                .Order(StringComparer.Ordinal),
        ];
        JsonNode document = await DocumentAsync();
        string[] described =
        [
            .. document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => $"{operation.Key} {path.Key}")).Order(StringComparer.Ordinal),
        ];
        Assert.Equal(endpoints, described);
    }

    [Fact]
    public async Task Every_reference_leads_somewhere_and_every_schema_is_used()
    {
        JsonNode document = await DocumentAsync();
        Assert.Equal("3.1.0", document["openapi"]!.GetValue<string>());
        var references = new HashSet<string>();
        Collect(document, references);
        string[] defined =
        [
            .. new[] { "schemas", "responses", "parameters" }.SelectMany(kind =>
                document["components"]![kind]!.AsObject().Select(entry => $"#/components/{kind}/{entry.Key}")),
        ];
        Assert.Equal(defined.Order(StringComparer.Ordinal), references.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Real_answers_are_as_described()
    {
        string run = $"/api/runs/{rollup.RunId}";
        JsonNode root = await Host.GetJsonAsync(run + "/nodes");
        string tag = root["children"]![0]!["uri"]!.GetValue<string>();
        string deal = (await Host.GetJsonAsync(tag))["children"]![0]!["uri"]!.GetValue<string>();
        string layer = (await Host.GetJsonAsync(deal))["children"]![0]!["uri"]!.GetValue<string>();
        const string Nodes = "/api/runs/{id}/nodes/{path}";
        await AssertAsync("get", "/api/openapi.json", 200);
        await AssertAsync("get", "/api/portfolios", 200);
        await AssertAsync("get", "/api/portfolios/{id}", 200, "/api/portfolios/" + CompletedRollup.PortfolioId);
        await AssertAsync("get", "/api/portfolios/{id}", 404, "/api/portfolios/none");
        Host.WriteSample("described", seed: 9);
        await AssertAsync("post", "/api/portfolios/{id}", 202, "/api/portfolios/sample-8-9", new { folder = "described" });
        await AssertAsync("post", "/api/portfolios/{id}", 202, $"/api/portfolios/{CompletedRollup.PortfolioId}?tables=tables", CompletedRollup.Definition());
        await AssertAsync("post", "/api/portfolios/{id}", 400, "/api/portfolios/x", new { folder = 1, folders = 2 });
        const string File = "/api/portfolios/{id}/files/{path}";
        await AssertAsync("put", File, 201, "/api/portfolios/described/files/yet.csv", "a");
        await AssertAsync("put", File, 200, "/api/portfolios/described/files/yet.csv", "b");
        await AssertAsync("put", File, 412, "/api/portfolios/described/files/yet.csv", "b", ("If-None-Match", "*"));
        await AssertAsync("put", File, 400, "/api/portfolios/described/files//yet.csv", "b");
        await AssertAsync("put", File, 411, "/api/portfolios/described/files/yet.csv", new { length = "not told" });
        await AssertAsync("put", File, 409, "/api/portfolios/described/files/yet.csv/yet.csv", "b");
        await AssertAsync("get", "/api/portfolios/{id}/files", 200, "/api/portfolios/described/files");
        await AssertAsync("delete", File, 404, "/api/portfolios/described/files/none.csv");
        await AssertAsync("post", "/api/portfolios/{id}", 400, "/api/portfolios/described", new { uploaded = true });
        await AssertAsync("post", "/api/rollups", 202, null, new { portfolio = CompletedRollup.SpareId });
        await AssertAsync("post", "/api/rollups", 400, null, new { });
        await AssertAsync("post", "/api/rollups", 404, null, new { portfolio = "none" });
        await AssertAsync("post", "/api/rollups", 413, null, new { portfolio = new string('x', 70_000) });
        await AssertAsync("get", "/api/runs", 200, "/api/runs?top=1");
        await AssertAsync("get", "/api/runs", 400, "/api/runs?top=x");
        await AssertAsync("get", "/api/runs/{id}", 200, run);
        await AssertAsync("get", "/api/runs/{id}", 404, "/api/runs/none");
        await AssertAsync("delete", "/api/runs/{id}", 409, run);
        await AssertAsync("delete", "/api/runs/{id}", 404, "/api/runs/none");
        await AssertAsync("post", "/api/deals/analytics", 400, null, new { dealIds = 1 });
        await AssertAsync("post", "/api/deals/analytics", 404, null, new { portfolio = "none", dealIds = Deals });
        await AssertAsync("post", "/api/deals/analytics", 202, null, new { portfolio = rollup.RunId, dealIds = Deals }, ("Idempotency-Key", "described"));
        await AssertAsync("post", "/api/deals/analytics", 422, null, new { portfolio = rollup.RunId, dealIds = Deals.Take(1) }, ("Idempotency-Key", "described"));
        await AssertAsync("post", "/api/deals/analytics", 200, null, new { portfolio = rollup.RunId, dealIds = Deals }, ("Prefer", "wait=20"));
        await Host.EndAsync("deals-described");
        await AssertAsync("get", "/api/deals/analytics/{id}", 200, "/api/deals/analytics/deals-described");
        await AssertAsync("get", "/api/deals/analytics/{id}", 404, "/api/deals/analytics/none");
        foreach (string node in new[] { run + "/nodes", tag, deal, layer })
        {
            await AssertAsync("get", Nodes, 200, node);
            await AssertAsync("get", Nodes, 200, node + "/curve");
        }

        const string Objects = "/api/objects/{name}";
        string manifest = $"/api/objects/{(await Host.GetJsonAsync(run))["manifest"]!.GetValue<string>()}.manifest";
        await AssertAsync("get", Objects, 200, manifest);
        await AssertAsync("get", Objects, 206, manifest, null, ("Range", "bytes=1-2"));
        await AssertAsync("get", Objects, 400, "/api/objects/none");
        await AssertAsync("get", Objects, 404, $"/api/objects/{new string('0', 64)}.manifest");
        await AssertAsync("get", Nodes, 200, run + "/nodes/curve?format=csv");
        await AssertAsync("get", Nodes, 400, run + "/nodes/curve?format=xml");
        await AssertAsync("get", Nodes, 404, run + "/nodes/lob=none");
    }

    [Fact]
    public async Task Requests_that_are_accepted_are_as_described()
    {
        JsonNode document = await DocumentAsync();
        var schema = new JsonSchema(document);
        JsonNode portfolio = document["paths"]!["/api/portfolios/{id}"]!["post"]!["requestBody"]!["content"]!["application/json"]!["schema"]!;
        Assert.Empty(schema.Problems(portfolio, CompletedRollup.Definition()));
        Assert.Empty(schema.Problems(portfolio, new JsonObject { ["folder"] = "sample" }));
        Assert.Empty(schema.Problems(portfolio, new JsonObject { ["uploaded"] = true }));
        Assert.NotEmpty(schema.Problems(portfolio, new JsonObject { ["uploaded"] = false }));
        Assert.NotEmpty(schema.Problems(portfolio, new JsonObject { ["folders"] = "sample" }));
        JsonNode body = document["paths"]!["/api/rollups"]!["post"]!["requestBody"]!["content"]!["application/json"]!["schema"]!;
        Assert.Empty(schema.Problems(body, JsonNode.Parse("""{ "folder": "sample", "level": "tags", "returnPeriods": [10, 12.5] }""")));
        Assert.NotEmpty(schema.Problems(body, JsonNode.Parse("""{ "folder": "sample", "portfolio": "x" }""")));
        Assert.NotEmpty(schema.Problems(body, JsonNode.Parse("""{ "folder": "sample", "level": "deal" }""")));
    }

    private async Task AssertAsync(string method, string path, int status, string? address = null, object? body = null, params (string Name, string Value)[] headers)
    {
        JsonNode document = await DocumentAsync();
        using HttpContent? content = body switch
        {
            null => null,
            string text => new StringContent(text),
            _ => System.Net.Http.Json.JsonContent.Create(body),
        };
        using HttpResponseMessage response = await Host.SendAsync(new HttpMethod(method), address ?? path, content, headers);
        string received = await response.Content.ReadAsStringAsync(RiskHost.Stop);
        Assert.True((int)response.StatusCode == status, $"{method} {address ?? path}: {(int)response.StatusCode} {received}");
        JsonNode? described = document["paths"]![path]![method]!["responses"]![$"{status}"];
        Assert.True(described is not null, $"{method} {path}: {status} is not described.");
        described = described["$ref"] is { } reference ? document["components"]!["responses"]![reference.GetValue<string>().Split('/')[^1]]! : described;
        foreach ((string header, _) in described["headers"] as JsonObject ?? [])
        {
            Assert.True(response.Headers.Contains(header), $"{method} {path}: {status} has no {header}.");
        }

        string media = response.Content.Headers.ContentType!.MediaType!;
        JsonNode schema = described["content"]?[media]?["schema"] ?? throw new InvalidOperationException($"{method} {path}: {media} is not described for {status}.");
        JsonNode answer = media.EndsWith("json", StringComparison.Ordinal) ? JsonNode.Parse(received)! : JsonValue.Create(received);
        if (path != "/api/openapi.json")
        {
            Assert.Empty(new JsonSchema(document).Problems(schema, answer));
        }
    }

    private Task<JsonNode> DocumentAsync() => Host.GetJsonAsync("api/openapi.json");

    private static void Collect(JsonNode? node, HashSet<string> references)
    {
        if (node is JsonObject found)
        {
            foreach ((string name, JsonNode? value) in found)
            {
                if (name == "$ref")
                {
                    references.Add(value!.GetValue<string>());
                }

                Collect(value, references);
            }
        }

        foreach (JsonNode? item in node as JsonArray ?? [])
        {
            Collect(item, references);
        }
    }
}
