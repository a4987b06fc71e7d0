using System.Text.Json.Nodes;
using RiskDurable.Functions.Rollup;

namespace RiskDurable.Functions.Tests.Rollup;

/// <summary>Outputs that the cache knows and the store has lost.</summary>
public sealed class LostOutputTests
{
    private const int LostOutputs = 10;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task However_many_of_them_are_damaged_or_gone_one_more_round_produces_them_all(bool isDamaged)
    {
        await using RiskHost host = await RiskHost.StartAsync();
        string book = host.WriteSample("book", deals: 30);
        JsonNode first = await RunAsync(host);
        string[] lost = [.. Directory.GetFiles(host.Data, "*.map", SearchOption.AllDirectories).Take(LostOutputs)];
        Assert.Equal(LostOutputs, lost.Length);
        Array.ForEach(lost, isDamaged ? Damage : File.Delete);

        // New rates leave the map jobs' keys as they are, and make the reduce job read all outputs of the map jobs.
        string definition = Path.Combine(book, "portfolio.json");
        JsonNode portfolio = JsonNode.Parse(await File.ReadAllTextAsync(definition, RiskHost.Stop))!;
        portfolio["fx"]!["EUR"] = 1.5;
        await File.WriteAllTextAsync(definition, portfolio.ToJsonString(), RiskHost.Stop);
        JsonNode second = await RunAsync(host);
        Assert.Equal(LostOutputs, Count(second, "run"));
        Assert.Equal(Count(first, "run") - LostOutputs, Count(second, "cached"));
        Assert.Equal(2, await RoundsOfAsync(host, second["id"]!.GetValue<string>()));
    }

    private static async Task<JsonNode> RunAsync(RiskHost host)
    {
        JsonNode run = await host.GetJsonAsync($"api/runs/{await host.RollupAsync(new { folder = "book" })}");
        Assert.Equal("completed", run["status"]!.GetValue<string>());
        return run;
    }

    private static int Count(JsonNode run, string field) => run["stages"]![0]![field]!.GetValue<int>();

    private static async Task<int> RoundsOfAsync(RiskHost host, string run)
    {
        JsonNode instance = await host.GetJsonAsync($"runtime/webhooks/durabletask/instances/{run}?showHistory=true");
        return instance["historyEvents"]!.AsArray().Count(step => step!["FunctionName"]?.GetValue<string>() == nameof(RollupActivities.ResolveCache));
    }

    private static void Damage(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        bytes[16] ^= 1;
        File.WriteAllBytes(path, bytes);
    }
}
