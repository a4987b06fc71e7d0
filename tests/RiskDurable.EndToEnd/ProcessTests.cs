using System.Diagnostics;
using RiskDurable.Reference;

namespace RiskDurable.EndToEnd;

/// <summary>What scripts around the command line rely on.</summary>
public sealed class ProcessTests
{
    [Fact]
    public async Task A_sound_portfolio_is_validated_and_run_with_exit_code_0()
    {
        using var folder = new TemporaryFolder();
        PortfolioFolder.Write(RandomPortfolio.Create(1), folder["portfolio"]);
        Assert.Equal(0, (await RiskProcess.Run("validate", folder["portfolio"])).ExitCode);

        RiskOutcome run = await RiskProcess.Run("rollup", folder["portfolio"], "--out", folder["out"], "--data", folder["data"]);
        Assert.True(run.ExitCode == 0, run.Text);
        string[] files = [.. Directory.EnumerateFiles(folder["out"]).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
        Assert.Equal(["ept.csv", "plan.json", "report.json", "ylt.parquet"], files);
    }

    [Fact]
    public async Task Bad_input_is_named_on_the_error_stream_with_exit_code_2()
    {
        using var folder = new TemporaryFolder();
        PortfolioFolder.Write(RandomPortfolio.Create(1), folder["portfolio"]);
        string file = Path.Combine(folder["portfolio"], "portfolio.json");
        File.WriteAllText(file, File.ReadAllText(file).Replace("\"trials\"", "\"trails\"", StringComparison.Ordinal));
        foreach (string[] call in new string[][]
        {
            ["validate", folder["portfolio"]],
            ["rollup", folder["portfolio"], "--out", folder["out"], "--data", folder["data"]],
        })
        {
            RiskOutcome outcome = await RiskProcess.Run(call);
            Assert.Equal(2, outcome.ExitCode);
            Assert.Contains("portfolio.json", outcome.Error, StringComparison.Ordinal);
            Assert.Contains("trails", outcome.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", outcome.Text, StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(folder["out"]) && Directory.EnumerateFileSystemEntries(folder["out"]).Any());
    }

    [Theory]
    [InlineData("rollup", "/no/such/folder", "--out", "/no/such/out")]
    [InlineData("validate", "/no/such/folder")]
    [InlineData("rollup")]
    [InlineData("rollup", "/tmp", "--no-such-option")]
    [InlineData("no-such-command")]
    public async Task A_call_that_cannot_be_meant_ends_with_exit_code_2(params string[] arguments)
    {
        RiskOutcome outcome = await RiskProcess.Run(arguments);
        Assert.True(outcome.ExitCode == 2, $"exit code {outcome.ExitCode}: {outcome.Text}");
        Assert.DoesNotContain("   at ", outcome.Text, StringComparison.Ordinal);
        Assert.NotEqual("", outcome.Text.Trim());
    }

    [Fact]
    public async Task An_interrupt_ends_with_130_and_leaves_nothing_half_done()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent with kill.");
        using var folder = new TemporaryFolder();
        var size = new PortfolioSize { MinTrials = 60_000, MaxTrials = 60_000, MaxDeals = 12, MaxEvents = 400, MaxEventsPerTrial = 10 };
        PortfolioFolder.Write(RandomPortfolio.Create(77, size), folder["portfolio"], 77);
        string[] call = ["rollup", folder["portfolio"], "--out", folder["out"], "--data", folder["data"], "--csv", "--block-trials", "300", "--threads", "1"];

        using (RiskProcess process = RiskProcess.Start(null, call))
        {
            await Until(() => process.HasExited || Objects(folder) > 30);
            using Process kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
            RiskOutcome outcome = await process.End();
            Assert.True(outcome.ExitCode == 130, $"exit code {outcome.ExitCode}: {outcome.Text}");
            Assert.DoesNotContain("   at ", outcome.Text, StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(folder["out"]) && Directory.EnumerateFiles(folder["out"], "*", SearchOption.AllDirectories).Any());
        Assert.Empty(Leftovers(folder.Path));

        RiskOutcome resumed = await RiskProcess.Run([.. call, "--resume"]);
        Assert.True(resumed.ExitCode == 0, resumed.Text);
        Assert.Empty(Leftovers(folder.Path));
        RiskOutcome straight = await RiskCommand.Run("rollup", folder["portfolio"], "--out", folder["straight"], "--data", folder["other"], "--csv");
        Assert.True(straight.ExitCode == 0, straight.Text);
        foreach (string file in new[] { "ylt.csv", "ept.csv" })
        {
            bool same = File.ReadAllBytes(Path.Combine(folder["out"], file)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(folder["straight"], file)));
            Assert.True(same, $"{file} differs after an interrupt");
        }
    }

    private static int Objects(TemporaryFolder folder) =>
        Directory.Exists(folder["data"]) ? Directory.EnumerateFiles(folder["data"], "*", SearchOption.AllDirectories).Count() : 0;

    private static IEnumerable<string> Leftovers(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetRelativePath(folder, file) is var path
                && (path.Contains("tmp", StringComparison.OrdinalIgnoreCase) || path.Contains("temp", StringComparison.OrdinalIgnoreCase)
                    || path.EndsWith(".partial", StringComparison.Ordinal) || path.Contains("scratch", StringComparison.OrdinalIgnoreCase)));

    private static async Task Until(Func<bool> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromMinutes(1));
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }
}
