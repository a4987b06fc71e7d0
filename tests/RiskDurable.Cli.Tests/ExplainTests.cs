using System.Text.Json.Nodes;

namespace RiskDurable.Cli.Tests;

/// <summary><c>risk explain</c> over a data folder.</summary>
public sealed class ExplainTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("riskdurable-cli-").FullName;

    private string Data => Path.Combine(_root, "data");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Says_which_jobs_were_new_and_which_outputs_the_store_had_lost()
    {
        await RiskCall.Run("sample", Path.Combine(_root, "book"), "--deals", "5", "--trials", "50");
        await RollupAsync();
        RiskCall first = await RiskCall.Run("explain", await LatestAsync(), "--data", Data);
        Assert.Equal((0, ""), (first.ExitCode, first.Error));
        Assert.Contains("unseen: The key is new", first.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("lost", first.Output, StringComparison.Ordinal);

        string[] outputs = Directory.GetFiles(Path.Combine(Data, "objects"), "*.reduce", SearchOption.AllDirectories);
        Assert.NotEmpty(outputs);
        Array.ForEach(outputs, File.Delete);
        await RollupAsync("--rank-convention", "weibull");
        string run = await LatestAsync();
        RiskCall second = await RiskCall.Run("explain", run, "--data", Data);
        Assert.Contains("cached: The output was there", second.Output, StringComparison.Ordinal);
        Assert.Contains("lost: The cache knew the output, but the store had lost it", second.Output, StringComparison.Ordinal);

        RiskCall ofDeal = await RiskCall.Run("explain", run, "--deal", "D00001", "--data", Data, "--json");
        JsonNode stage = Assert.Single(JsonNode.Parse(ofDeal.Output)!["stages"]!.AsArray())!;
        Assert.Equal("map", stage["name"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("rollup-none", null, "There is no run 'rollup-none'")]
    [InlineData(null, "D99999", "has no deal 'D99999'")]
    public async Task What_is_not_there_is_told(string? run, string? deal, string message)
    {
        await RiskCall.Run("sample", Path.Combine(_root, "book"), "--deals", "2", "--trials", "20");
        await RollupAsync();
        RiskCall call = await RiskCall.Run(["explain", run ?? await LatestAsync(), .. deal is null ? [] : new[] { "--deal", deal }, "--data", Data]);
        Assert.NotEqual(0, call.ExitCode);
        Assert.Contains(message, call.Error, StringComparison.Ordinal);
    }

    private async Task RollupAsync(params string[] more)
    {
        RiskCall call = await RiskCall.Run(["rollup", Path.Combine(_root, "book"), "--out", Path.Combine(_root, "out"), "--data", Data, .. more]);
        Assert.True(call.ExitCode == 0, call.Error);
    }

    private async Task<string> LatestAsync() =>
        JsonNode.Parse((await RiskCall.Run("runs", "--data", Data, "--json")).Output)!["runs"]![0]!["id"]!.GetValue<string>();
}
