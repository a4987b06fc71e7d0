using System.Security.Cryptography;
using System.Text.Json.Nodes;
using RiskDurable.Execution.Packing;
using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Running;
using RiskDurable.Portfolio.Samples;

namespace RiskDurable.EndToEnd;

/// <summary>The rollup through the durable application, by the command line; in a process of its own where it is killed.</summary>
public sealed class DurableRollupTests : IDisposable
{
    private static readonly string[] Results = ["ylt.csv", "ept.csv", "ylt.parquet"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Gives_byte_for_byte_what_a_rollup_without_a_durable_host_gives()
    {
        WriteSample(deals: 60, trials: 3_000);
        await DirectRun.ExecuteAsync(
            new DirectRunRequest(At("book"), At("direct"), At("direct-data"), RollupSettings.Default, new PackSettings(700, 2), 2, Csv: true),
            null,
            TestContext.Current.CancellationToken);
        await Rollup("durable");
        AssertSame("direct", "durable");
        JsonNode plan = Plan("durable");
        Assert.Equal("completed", (string)plan["status"]!);
        Assert.Equal(["map", "reduce", "report"], plan["stages"]!.AsArray().Select(stage => (string)stage!["name"]!));
        Assert.All(plan["stages"]!.AsArray(), stage => Assert.Equal((int)stage!["jobs"]!, (int)stage["run"]!));
    }

    [Fact]
    public async Task Runs_again_only_what_changed()
    {
        WriteSample(deals: 60, trials: 2_000);
        await Rollup("first");
        await Rollup("same");
        Assert.Equal((0, 0, 0), RunJobs("same"));
        AssertSame("first", "same");

        Edit(portfolio => portfolio["fx"]!["EUR"] = 1.23);
        await Rollup("new-rates");
        (int map, int reduce, _) = RunJobs("new-rates");
        Assert.Equal(0, map);
        Assert.Equal((int)Plan("new-rates")["stages"]![1]!["jobs"]!, reduce);

        EditDeal(layer => layer["occurrenceLimit"] = 12_345.0);
        await Rollup("new-limit");
        int rerun = RunJobs("new-limit").Map;
        Assert.InRange(rerun, 1, (int)Plan("new-limit")["stages"]![0]!["jobs"]! / 2);
    }

    [Theory]
    [InlineData("map")]
    [InlineData("recoveries")]
    [InlineData("report")]
    public async Task Finds_outputs_that_are_gone_from_the_store_and_produces_them_again(string kind)
    {
        WriteSample(deals: 40, trials: 1_000);
        await Rollup("first");
        string[] lost = [.. Directory.GetFiles(At("data"), $"*.{kind}", SearchOption.AllDirectories)];
        Assert.NotEmpty(lost);
        Array.ForEach(lost, File.Delete);

        // New rates make reduce and report jobs run again, which read the map outputs; the old rates then find theirs gone or there.
        Edit(portfolio => portfolio["fx"]!["EUR"] = 1.5);
        await Rollup("other");
        Edit(portfolio => portfolio["fx"]!["EUR"] = JsonNode.Parse(_rate!));
        await Rollup("second");
        AssertSame("first", "second");
    }

    [Fact]
    public async Task Cleaning_removes_what_no_portfolio_and_no_cached_key_needs_and_nothing_else()
    {
        WriteSample(deals: 30, trials: 1_000);
        await Rollup("first");
        int needed = ObjectsIn("data");
        string[] strays = [.. Enumerable.Range(0, 3).Select(i => Path.Combine(At("data"), "objects", "ab", $"ab{i}{new string('0', 61)}.{(i == 0 ? "block" : "map")}"))];
        Directory.CreateDirectory(Path.GetDirectoryName(strays[0])!);
        Array.ForEach(strays, stray => File.WriteAllText(stray, "old"));
        RiskOutcome kept = await RiskCommand.Run("gc", "--data", At("data"));
        Assert.True(kept.ExitCode == 0, kept.Text);
        Assert.All(strays, stray => Assert.True(File.Exists(stray), "younger than the grace"));
        RiskOutcome dry = await RiskCommand.Run("gc", "--data", At("data"), "--grace-minutes", "0", "--dry-run");
        Assert.Contains("Would remove 3 objects", dry.Output, StringComparison.Ordinal);
        Assert.Equal(needed + 3, ObjectsIn("data"));
        await RiskCommand.Run("gc", "--data", At("data"), "--grace-minutes", "0");
        Assert.Equal(needed, ObjectsIn("data"));
        Assert.DoesNotContain(strays, File.Exists);
        await Rollup("second");
        Assert.Equal((0, 0, 0), RunJobs("second"));
    }

    [Fact]
    public async Task Survives_a_kill_at_any_moment_with_nothing_lost()
    {
        int kills = LongTests.Choose(20, 100);
        int seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        WriteSample(deals: 30, trials: 2_000);
        await Rollup("undisturbed", data: "other-data", blockTrials: 100);
        int objects = ObjectsIn("other-data");
        int killed = 0;
        for (int i = 1; i <= kills; i++)
        {
            // Not at a time but at a state: once so many objects are there, and a few milliseconds of spinning later.
            int target = objects * i / (kills + 1);
            using RiskProcess process = RiskProcess.Start(null, Arguments("disturbed", "data", 100).Append("--resume"));
            while (ObjectsIn("data") < target && !process.HasExited)
            {
                await Task.Delay(5, TestContext.Current.CancellationToken);
            }

            Thread.SpinWait(random.Next(1, 2_000_000));
            killed += process.HasExited ? 0 : 1;
            await process.Kill();
        }

        RiskOutcome outcome = await RiskProcess.Run(Arguments("disturbed", "data", 100).Append("--resume"));
        Assert.True(outcome.ExitCode == 0, outcome.Text);
        AssertSame("undisturbed", "disturbed");
        Assert.True(killed >= kills / 2, $"Only {killed} of {kills} kills met a running process: give it more to do.");
    }

    private string? _rate;

    private string At(string name) => Path.Combine(_folder.Path, name);

    private void WriteSample(int deals, int trials) =>
        SamplePortfolio.Write(At("book"), new SampleOptions { Deals = deals, Trials = trials, EventsPerTrial = 10, Seed = 3 });

    private string[] Arguments(string results, string data, int blockTrials) =>
        ["rollup", At("book"), "--out", At(results), "--data", At(data), "--csv", "--block-trials", $"{blockTrials}"];

    private async Task Rollup(string results, string data = "data", int blockTrials = 700)
    {
        RiskOutcome outcome = await RiskCommand.Run(Arguments(results, data, blockTrials));
        Assert.True(outcome.ExitCode == 0, outcome.Text);
    }

    private int ObjectsIn(string data) => Directory.Exists(Path.Combine(At(data), "objects"))
        ? Directory.EnumerateFiles(Path.Combine(At(data), "objects"), "*", SearchOption.AllDirectories).Count()
        : 0;

    private JsonNode Plan(string results) => JsonNode.Parse(File.ReadAllText(Path.Combine(At(results), "plan.json")))!;

    private (int Map, int Reduce, int Report) RunJobs(string results)
    {
        int[] run = [.. Plan(results)["stages"]!.AsArray().Select(stage => (int)stage!["run"]!)];
        return (run[0], run[1], run[2]);
    }

    private void Edit(Action<JsonNode> edit)
    {
        string path = Path.Combine(At("book"), "portfolio.json");
        JsonNode portfolio = JsonNode.Parse(File.ReadAllText(path))!;
        _rate ??= portfolio["fx"]!["EUR"]!.ToJsonString();
        edit(portfolio);
        File.WriteAllText(path, portfolio.ToJsonString());
    }

    private void EditDeal(Action<JsonNode> edit)
    {
        string path = Path.Combine(At("book"), "deals.jsonl");
        string[] lines = File.ReadAllLines(path);
        int number = Array.FindIndex(lines, line => JsonNode.Parse(line)!["layers"]![0]!["occurrenceLimit"] is not null);
        JsonNode deal = JsonNode.Parse(lines[number])!;
        edit(deal["layers"]![0]!);
        lines[number] = deal.ToJsonString();
        File.WriteAllLines(path, lines);
    }

    private void AssertSame(string first, string second) => Assert.All(Results, file => Assert.Equal(
        Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path.Combine(At(first), file)))),
        Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path.Combine(At(second), file))))));
}
