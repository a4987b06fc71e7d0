using System.Text.Json.Nodes;

namespace RiskDurable.Cli.Tests;

public sealed class RunsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("riskdurable-cli-").FullName;

    private string Data => Path.Combine(_root, "data");

    [Fact]
    public async Task Runs_of_a_data_folder_are_listed_and_shown()
    {
        string book = Path.Combine(_root, "book");
        await RiskCall.Run("sample", book, "--deals", "5", "--trials", "50");
        Assert.Equal(0, (await RiskCall.Run("rollup", book, "--out", Path.Combine(_root, "out"), "--data", Data)).ExitCode);

        RiskCall list = await RiskCall.Run("runs", "--data", Data, "--json");
        Assert.Equal((0, ""), (list.ExitCode, list.Error));
        JsonNode run = Assert.Single(JsonNode.Parse(list.Output)!["runs"]!.AsArray())!;
        string id = run["id"]!.GetValue<string>();
        Assert.Equal("completed", run["status"]!.GetValue<string>());
        Assert.Contains(id, (await RiskCall.Run("runs", "--data", Data)).Output, StringComparison.Ordinal);
        Assert.DoesNotContain(id, (await RiskCall.Run("runs", "--data", Data, "--status", "failed")).Output, StringComparison.Ordinal);
        Assert.DoesNotContain(id, (await RiskCall.Run("runs", "--data", Data, "--portfolio", "other")).Output, StringComparison.Ordinal);

        RiskCall show = await RiskCall.Run("runs", "show", id, "--data", Data);
        Assert.Equal((0, ""), (show.ExitCode, show.Error));
        Assert.Contains("completed, portfolio sample-5-1", show.Output, StringComparison.Ordinal);
        Assert.Contains("reduce", show.Output, StringComparison.Ordinal);
        Assert.Equal(id, JsonNode.Parse((await RiskCall.Run("runs", "show", id, "--data", Data, "--json")).Output)!["id"]!.GetValue<string>());

        RiskCall unknown = await RiskCall.Run("runs", "show", "rollup-none", "--data", Data);
        Assert.Equal(1, unknown.ExitCode);
        Assert.Contains("There is no run 'rollup-none'", unknown.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "--data", "no-such-folder")]
    [InlineData(2, "--host", "not an address")]
    [InlineData(1, "--host", "http://127.0.0.1:1")]
    [InlineData(2, "show")]
    public async Task What_cannot_be_asked_ends_with_a_reason(int code, params string[] arguments)
    {
        RiskCall call = await RiskCall.Run(["runs", .. arguments]);
        Assert.Equal(code, call.ExitCode);
        Assert.NotEqual("", call.Error.Trim());
        Assert.DoesNotContain("   at ", call.Error + call.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_ends_the_server_with_a_reason()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        string port = $"{((System.Net.IPEndPoint)listener.LocalEndpoint).Port}";
        RiskCall call = await RiskCall.Run("serve", "--port", port, "--data", Data);
        Assert.Equal(1, call.ExitCode);
        Assert.Contains(port, call.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await RiskCall.Run("serve", "--port", "70000", "--data", Data)).ExitCode);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
