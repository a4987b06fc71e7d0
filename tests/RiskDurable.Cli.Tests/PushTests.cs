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

    [Theory]
    [InlineData("layers")]
    [InlineData("tags")]
    public async Task A_rollup_of_a_folder_on_a_host_leaves_the_files_that_it_leaves_here(string level)
    {
        string here = Path.Combine(_folder.FullName, "here");
        string there = Path.Combine(_folder.FullName, "there");
        string[] call = ["rollup", Book, "--level", level, "--csv", "--json", "--block-trials", "1500"];
        JsonNode remote = JsonNode.Parse((await Done([.. call, "--out", there, "--data", there + "-data", .. Host])).Output)!;
        JsonNode local = JsonNode.Parse((await Done([.. call, "--out", here, "--data", here + "-data"])).Output)!;
        Assert.Equal("completed", remote["run"]!["status"]!.GetValue<string>());
        Assert.Equal(local["nodes"]!.ToJsonString(), remote["nodes"]!.ToJsonString());

        string[] names = [.. Directory.EnumerateFiles(here).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
        Assert.Equal(names, Directory.EnumerateFiles(there).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        Assert.Equal(["ept.csv", "plan.json", "report.json", "ylt.csv", "ylt.parquet"], names);
        foreach (string name in names.Where(name => !name.EndsWith(".json", StringComparison.Ordinal)))
        {
            Assert.True(Bytes(here, name).SequenceEqual(Bytes(there, name)), $"{name} differs");
        }

        Assert.Equal(Lasting("report.json", here, "runId", "createdAt"), Lasting("report.json", there, "runId", "createdAt"));
        Assert.Equal(Lasting("plan.json", here, "runId", "actual"), Lasting("plan.json", there, "runId", "actual"));
    }

    [Fact]
    public async Task What_was_fetched_is_not_fetched_again_and_what_is_damaged_is()
    {
        string data = Path.Combine(_folder.FullName, "kept");
        string[] call = ["rollup", Book, "--out", Path.Combine(_folder.FullName, "first"), "--data", data, "--level", "deals", .. Host];
        await Done(call);
        FileInfo[] objects = [.. new DirectoryInfo(Path.Combine(data, "objects")).EnumerateFiles("*", SearchOption.AllDirectories)];
        var written = objects.ToDictionary(file => file.FullName, file => file.LastWriteTimeUtc);
        FileInfo damaged = objects.First(file => file.Extension == ".years");
        byte[] sound = await File.ReadAllBytesAsync(damaged.FullName, TestContext.Current.CancellationToken);
        byte[] bytes = [.. sound];
        bytes.AsSpan(bytes.Length / 4).Clear();
        await File.WriteAllBytesAsync(damaged.FullName, bytes, TestContext.Current.CancellationToken);

        call[3] = Path.Combine(_folder.FullName, "second");
        await Done(call);
        Assert.Equal(sound, await File.ReadAllBytesAsync(damaged.FullName, TestContext.Current.CancellationToken));
        Assert.All(written.Where(file => file.Key != damaged.FullName), file => Assert.Equal(file.Value, File.GetLastWriteTimeUtc(file.Key)));
        Assert.True(Bytes(Path.Combine(_folder.FullName, "first"), "ylt.parquet").SequenceEqual(Bytes(call[3], "ylt.parquet")), "ylt.parquet differs");
    }

    [Theory]
    [InlineData("--threads", "2")]
    [InlineData("--resume")]
    [InlineData("--store", "azurite")]
    public async Task What_a_deployment_decides_is_not_said_to_it(params string[] option)
    {
        RiskCall call = await RiskCall.Run(["rollup", Book, .. option, .. Host]);
        Assert.Equal(ExitCode.BadInput, call.ExitCode);
        Assert.Contains($"{option[0]} says how to run on this machine", call.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_asked_of_a_deployment_is_refused()
    {
        RiskCall blocks = await RiskCall.Run(["rollup", "sample-6-1", "--block-trials", "100", .. Host]);
        Assert.Equal(ExitCode.BadInput, blocks.ExitCode);
        Assert.Contains("--block-trials", blocks.Error, StringComparison.Ordinal);

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

    private static byte[] Bytes(string folder, string name) => File.ReadAllBytes(Path.Combine(folder, name));

    /// <summary>A result file but for what says when and where it was run.</summary>
    private static string Lasting(string name, string folder, params string[] passing)
    {
        JsonObject fields = JsonNode.Parse(Bytes(folder, name))!.AsObject();
        Assert.All(passing, field => Assert.True(fields.Remove(field), field));
        return fields.ToJsonString();
    }

    private async Task<JsonNode> PushAsync() => JsonNode.Parse((await Done(["push", Book, "--json", .. Host])).Output)!;

    private static async Task<RiskCall> Done(params string[] args)
    {
        RiskCall call = await RiskCall.Run(args);
        Assert.True(call.ExitCode == ExitCode.Done, call.Error + call.Output);
        return call;
    }
}
