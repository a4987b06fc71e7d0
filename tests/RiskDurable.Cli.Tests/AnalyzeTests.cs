using System.Text.Json.Nodes;
using RiskDurable.Embedded.Hosting;
using RiskDurable.Embedded.Worker.Builder;
using RiskDurable.Functions.Hosting;

namespace RiskDurable.Cli.Tests;

/// <summary><c>risk analyze</c> over a book that was rolled up.</summary>
public sealed class AnalyzeTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("riskdurable-cli-");

    private string Book => Path.Combine(_folder.FullName, "book");

    private string Data => Path.Combine(_folder.FullName, "data");

    public async ValueTask InitializeAsync()
    {
        await Done("sample", Book, "--deals", "6", "--trials", "500");
        await Done("rollup", Book, "--out", Path.Combine(_folder.FullName, "results"), "--data", Data);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_deal_from_a_file_with_variants_and_one_of_the_book_are_shown_as_tables()
    {
        string deal = Write("deal.json", """{ "id": "N1", "currency": "USD", "layers": [ { "id": "L1", "subject": [ { "elt": "E00001" } ] } ] }""");
        string variants = Write("variants.json", """[ { "name": "half", "dealId": "N1", "layers": { "L1": { "share": 0.5 } } } ]""");
        RiskCall call = await Done("analyze", Book, deal, "D00002", "--variants", variants, "--data", Data);
        Assert.Contains("N1: losses, 500 trials, million USD", call.Output, StringComparison.Ordinal);
        Assert.Contains("half", call.Output, StringComparison.Ordinal);
        Assert.Contains("D00002: marginal impact", call.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_is_asked_gives_the_same_answer_as_the_data_folder()
    {
        string[] call = ["analyze", "sample-6-1", "D00003", "--return-periods", "5", "20", "--json"];
        JsonNode local = JsonNode.Parse((await Done([.. call, "--data", Data])).Output)!;
        await using EmbeddedHost host = await EmbeddedHost.StartAsync(
            new EmbeddedHostOptions
            {
                ContentRoot = AppContext.BaseDirectory,
                StateFolder = Path.Combine(Data, "state"),
                Port = 0,
                ApiKey = "sesame",
                FunctionAssemblies = [typeof(RiskApplication).Assembly],
                Settings = new Dictionary<string, string?> { ["Risk:DataFolder"] = Data, ["Logging:LogLevel:Default"] = "None" },
            },
            builder =>
            {
                builder.ConfigureFunctionsWebApplication();
                builder.AddRiskDurable();
            },
            TestContext.Current.CancellationToken);
        string address = host.BaseAddress!.ToString();
        JsonNode remote = JsonNode.Parse((await Done([.. call, "--host", address, "--key", "sesame"])).Output)!;
        Assert.Equal(local.ToJsonString(), remote.ToJsonString());
        Assert.Equal([5, 20], local["portfolio"]!["curves"]![0]!["points"]!.AsArray().Select(point => point!["returnPeriod"]!.GetValue<int>()));

        RiskCall refused = await RiskCall.Run([.. call, "--host", address]);
        Assert.Equal(ExitCode.Failed, refused.ExitCode);
        Assert.Contains("--key", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_is_told_by_file_and_place()
    {
        string deal = Write("deal.json", """{ "id": "N1", "currency": "XXX", "layers": [ { "id": "L1", "subject": [ { "elt": "E00001" } ], "shares": 1 } ] }""");
        string variants = Write("variants.json", """[ { "name": "v", "dealId": "D00001", "layers": { "L1": { "share": 3 } } } ]""");
        RiskCall call = await RiskCall.Run("analyze", Book, deal, "D00001", "--variants", variants, "--data", Data);
        Assert.Equal(ExitCode.BadInput, call.ExitCode);
        Assert.Contains($"{deal}: $.currency:", call.Error, StringComparison.Ordinal);
        Assert.Contains($"{deal}: $.layers[0].shares:", call.Error, StringComparison.Ordinal);
        Assert.Contains($"{variants}: $[0].layers.L1.share:", call.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nobody", "D00001", ExitCode.Failed)]
    [InlineData("sample-6-1", "no-such-file.json", ExitCode.BadInput)]
    [InlineData("sample-6-1", "D99999", ExitCode.BadInput)]
    public async Task What_is_not_there_is_refused(string portfolio, string deal, int code)
    {
        RiskCall call = await RiskCall.Run("analyze", portfolio, deal, "--data", Data);
        Assert.Equal(code, call.ExitCode);
        Assert.Contains(portfolio == "nobody" ? "nobody" : deal, call.Error, StringComparison.Ordinal);
    }

    private static async Task<RiskCall> Done(params string[] args)
    {
        RiskCall call = await RiskCall.Run(args);
        Assert.True(call.ExitCode == ExitCode.Done, call.Error);
        return call;
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
