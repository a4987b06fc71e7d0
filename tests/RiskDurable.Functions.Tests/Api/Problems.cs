using System.Text.Json.Nodes;

namespace RiskDurable.Functions.Tests.Api;

/// <summary>What every refusal looks like.</summary>
internal static class Problems
{
    public static async Task<JsonNode> AssertAsync(HttpResponseMessage response, int status, string type, string detail)
    {
        string text = await response.Content.ReadAsStringAsync(RiskHost.Stop);
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        JsonNode problem = JsonNode.Parse(text)!;
        Assert.Equal(status, problem["status"]!.GetValue<int>());
        Assert.Equal($"urn:riskdurable:problem:{type}", problem["type"]!.GetValue<string>());
        Assert.NotEqual("", problem["title"]!.GetValue<string>());
        Assert.Contains(detail, problem["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        return problem;
    }
}
