using System.Text.Json.Nodes;
using RiskDurable.Embedded.Hosting;
using RiskDurable.Embedded.Worker.Builder;
using RiskDurable.Functions.Hosting;

namespace RiskDurable.Cli.Tests;

/// <summary><c>risk push</c>, and <c>risk rollup</c> of a folder, against a host that cannot read the folder.</summary>
public sealed class PushTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("riskdurable-cli-");
    private EmbeddedHost _host = null!;

    private string Book => Path.Combine(_folder.FullName, "book");

    private string[] Host => ["--host", _host.BaseAddress!.ToString(), "--key", "sesame"];

    public async ValueTask InitializeAsync()
    {
        string data = Path.Combine(_folder.FullName, "server");
        _host = await EmbeddedHost.StartAsync(
            new EmbeddedHostOptions
            {
                ContentRoot = AppContext.BaseDirectory,
                StateFolder = Path.Combine(data, "state"),
                Port = 0,
                ApiKey = "sesame",
                FunctionAssemblies = [typeof(RiskApplication).Assembly],
                Settings = new Dictionary<string, string?>
                {
                    ["Risk:DataFolder"] = data,
                    ["Risk:PortfolioRoots"] = data,
                    ["Risk:LargestUploadMegabytes"] = "1",
                    ["Logging:LogLevel:Default"] = "None",
                },
            },
            builder =>
            {
                builder.ConfigureFunctionsWebApplication();
                builder.AddRiskDurable();
            },
            TestContext.Current.CancellationToken);
        await Done("sample", Book, "--deals", "6", "--trials", "4000", "--format", "csv");
        Assert.True(new FileInfo(Path.Combine(Book, "yet.csv")).Length > 2 * 1024 * 1024, "the year-event table comes in several parts");
        await File.WriteAllTextAsync(Path.Combine(Book, "notes.txt"), "no part of the portfolio", TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Only_what_changed_is_sent_and_the_portfolio_is_packed()
    {
        JsonNode first = await PushAsync();
        int files = Directory.EnumerateFiles(Book, "*", SearchOption.AllDirectories).Count() - 1;
        Assert.Equal((files, files), (first["files"]!.GetValue<int>(), first["filesSent"]!.GetValue<int>()));
        Assert.Equal(("sample-6-1", 6), (first["portfolio"]!.GetValue<string>(), first["summary"]!["deals"]!.GetValue<int>()));

        JsonNode again = await PushAsync();
        Assert.Equal((files, 0), (again["files"]!.GetValue<int>(), again["filesSent"]!.GetValue<int>()));
        Assert.Equal(first["manifest"]!.GetValue<string>(), again["manifest"]!.GetValue<string>());

        string elt = Directory.EnumerateFiles(Book, "*.csv", SearchOption.AllDirectories).First(file => Path.GetFileName(file) != "yet.csv");
        string[] lines = await File.ReadAllLinesAsync(elt, TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(elt, lines[..^1], TestContext.Current.CancellationToken);
        JsonNode changed = await PushAsync();
        Assert.Equal((1, new FileInfo(elt).Length), (changed["filesSent"]!.GetValue<int>(), changed["bytesSent"]!.GetValue<long>()));
        Assert.NotEqual(first["manifest"]!.GetValue<string>(), changed["manifest"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_rollup_of_a_folder_on_a_host_gives_what_it_gives_here()
    {
        JsonNode remote = JsonNode.Parse((await Done(["rollup", Book, "--level", "tags", "--json", .. Host])).Output)!;
        JsonNode local = JsonNode.Parse((await Done(
            "rollup", Book, "--level", "tags", "--json", "--data", Path.Combine(_folder.FullName, "here"), "--out", Path.Combine(_folder.FullName, "out"))).Output)!;
        Assert.Equal("completed", remote["run"]!["status"]!.GetValue<string>());
        Assert.Equal(local["nodes"]![0]!.ToJsonString(), remote["nodes"]![0]!.ToJsonString());

        RiskCall missing = await RiskCall.Run(["rollup", Path.Combine(_folder.FullName, "none"), .. Host]);
        Assert.Equal(ExitCode.BadInput, missing.ExitCode);
        Assert.Contains("portfolio.json", missing.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_is_told_before_anything_is_sent_or_by_the_host()
    {
        string definition = Path.Combine(Book, "portfolio.json");
        string sound = await File.ReadAllTextAsync(definition, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(definition, sound.Replace("\"trials\"", "\"trails\"", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        RiskCall structure = await RiskCall.Run(["push", Book, .. Host]);
        Assert.Equal(ExitCode.BadInput, structure.ExitCode);
        Assert.Contains("$.trails", structure.Error, StringComparison.Ordinal);

        await File.WriteAllTextAsync(definition, sound, TestContext.Current.CancellationToken);
        await File.AppendAllTextAsync(Path.Combine(Book, "yet.csv"), "4001,1,1\n", TestContext.Current.CancellationToken);
        RiskCall table = await RiskCall.Run(["push", Book, .. Host]);
        Assert.Equal(ExitCode.BadInput, table.ExitCode);
        Assert.Contains("yet.csv: line", table.Error, StringComparison.Ordinal);

        RiskCall nobody = await RiskCall.Run("push", Book, "--host", "http://127.0.0.1:1");
        Assert.Equal((ExitCode.Failed, true), (nobody.ExitCode, nobody.Error.Contains("does not answer", StringComparison.Ordinal)));
        Assert.Equal(ExitCode.BadInput, (await RiskCall.Run("push", Book)).ExitCode);
    }

    private async Task<JsonNode> PushAsync() => JsonNode.Parse((await Done(["push", Book, "--json", .. Host])).Output)!;

    private static async Task<RiskCall> Done(params string[] args)
    {
        RiskCall call = await RiskCall.Run(args);
        Assert.True(call.ExitCode == ExitCode.Done, call.Error + call.Output);
        return call;
    }
}
