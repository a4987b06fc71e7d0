using RiskDurable.Execution.Packing;
using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Results;
using RiskDurable.Execution.Running;
using RiskDurable.Portfolio.Samples;

namespace RiskDurable.Execution.Tests;

public sealed class RollupTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken None => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_same_rollup_again_runs_no_job_and_writes_the_same_bytes()
    {
        WriteSample();
        await RunAsync("first");
        (RunRecord record, _) = await RunAsync("second");
        Assert.All(record.Stages, stage => Assert.Equal((stage.Jobs, 0), (stage.Cached, stage.Run)));
        AssertSameResults("first", "second");
    }

    [Theory]
    [InlineData(37, 1)]
    [InlineData(500, 2)]
    [InlineData(20_000, 2)]
    public async Task Results_are_the_same_bytes_for_any_block_size_and_thread_count(int blockTrials, int threads)
    {
        WriteSample();
        await RunAsync("first");
        await RunAsync("other", data: "other-data", pack: new PackSettings(blockTrials, threads), threads: threads);
        AssertSameResults("first", "other");
    }

    [Fact]
    public async Task The_numbers_of_this_kernel_version_are_pinned()
    {
        // Another digest means other results for the same input: raise KernelVersion.Current, then pin the new one.
        WriteSample();
        await RunAsync("results");
        Assert.Equal(1, Kernel.KernelVersion.Current);
        Assert.Equal(
            ("ed92a4e96135be7f", "95ea06c9cf6587fb"),
            (DigestOf("results", ResultFiles.YltCsv)[..16], DigestOf("results", ResultFiles.Ept)[..16]));
    }

    [Theory]
    [InlineData("*.map", "")]
    [InlineData("*.years", "")]
    [InlineData("*.recoveries", "")]
    [InlineData("*.reduce", "")]
    [InlineData("*.report", "")]
    [InlineData("*.map", "damaged")]
    [InlineData("*.years", "damaged")]
    [InlineData("*.recoveries", "damaged")]
    [InlineData("*.reduce", "damaged")]
    public async Task An_output_that_is_gone_or_damaged_is_produced_again(string pattern, string damage)
    {
        WriteSample();
        await RunAsync("first");
        string[] outputs = Directory.GetFiles(_folder["data"], pattern, SearchOption.AllDirectories);
        Assert.NotEmpty(outputs);
        foreach (string output in outputs)
        {
            if (damage.Length == 0)
            {
                File.Delete(output);
            }
            else
            {
                Damage(output);
            }
        }

        // Reports read the reduce outputs, and these the map outputs: without them everything is looked at again.
        foreach (string report in Directory.GetFiles(_folder["data"], "*.report", SearchOption.AllDirectories))
        {
            File.Delete(report);
        }

        await RunAsync("second");
        AssertSameResults("first", "second");
    }

    [Fact]
    public async Task A_rollup_down_to_tags_keeps_no_years_of_deals_and_a_deeper_one_after_it_works_them_out()
    {
        WriteSample();
        DirectRunRequest request = Request("tags", "data", Pack, threads: 2);
        await DirectRun.ExecuteAsync(request with { Settings = request.Settings with { Depth = ReportDepth.Tags } }, null, None);
        Assert.Empty(Directory.GetFiles(_folder["data"], "*.years", SearchOption.AllDirectories));
        (RunRecord deeper, _) = await RunAsync("after-tags");
        await RunAsync("layers", "other");
        AssertSameResults("after-tags", "layers");
        string[] tags = File.ReadAllLines(Path.Combine(_folder["tags"], ResultFiles.Ept));
        Assert.Empty(tags.Except(File.ReadAllLines(Path.Combine(_folder["layers"], ResultFiles.Ept))));
        Assert.True(tags.Length > 20);

        // Losses of leaves and all that is above them are the same objects.
        Assert.Equal(0, deeper.Stages[(int)RollupStage.Reduce].Run);
        (RunRecord again, _) = await DirectRun.ExecuteAsync(request with { Settings = request.Settings with { Depth = ReportDepth.Tags } }, null, None);
        Assert.All(again.Stages, stage => Assert.Equal(0, stage.Run));
    }

    [Fact]
    public async Task A_job_that_runs_again_to_repair_an_output_counts_as_run()
    {
        WriteSample();
        await RunAsync("first");
        foreach (string report in Directory.GetFiles(_folder["data"], "*.report", SearchOption.AllDirectories))
        {
            File.Delete(report);
        }

        foreach (string output in Directory.GetFiles(_folder["data"], "*.reduce", SearchOption.AllDirectories))
        {
            Damage(output);
        }

        // One attempt finds them damaged, the next one produces them.
        (RunRecord record, _) = await RunAsync("second");
        Assert.All(record.Stages, stage => Assert.Equal(stage.Name == "map" ? (stage.Jobs, 0) : (0, stage.Jobs), (stage.Cached, stage.Run)));
        Assert.True(record.Stages[(int)RollupStage.Reduce].Jobs > 1);
    }

    [Fact]
    public async Task A_packed_table_that_is_gone_is_packed_again()
    {
        WriteSample();
        await RunAsync("first");
        foreach (string output in Directory.GetFiles(_folder["data"], "*", SearchOption.AllDirectories).Where(path => !path.Contains("/documents/", StringComparison.Ordinal)))
        {
            File.Delete(output);
        }

        await RunAsync("second");
        AssertSameResults("first", "second");
    }

    [Fact]
    public async Task A_run_that_was_stopped_goes_on_where_it_stopped()
    {
        WriteSample();
        await RunAsync("undisturbed", data: "other-data");
        using var stop = new CancellationTokenSource();
        var observer = new StopAfter(stop, jobs: 40);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => DirectRun.ExecuteAsync(Request("stopped", "data", Pack, 2), observer, stop.Token));
        Assert.False(File.Exists(Path.Combine(_folder["stopped"], ResultFiles.Report)));
        (RunRecord record, _) = await RunAsync("stopped");
        Assert.InRange(record.Stages[0].Cached, 40, record.Stages[0].Jobs - 1);
        AssertSameResults("undisturbed", "stopped");
    }

    [Fact]
    public async Task Fewer_nodes_are_reported_at_a_lesser_depth_and_these_are_the_same()
    {
        WriteSample();
        (_, RollupReport all) = await RunAsync("all");
        foreach (ReportDepth depth in Enum.GetValues<ReportDepth>())
        {
            (RunRecord record, RollupReport report) = await DirectRun.ExecuteAsync(
                Request($"{depth}", "data", Pack, 2) with { Settings = RollupSettings.Default with { Depth = depth } }, null, None);
            Assert.Equal(0, record.Stages[0].Run + record.Stages[1].Run);
            Assert.Equal(
                all.Nodes.Where(node => (int)node.Kind <= (int)depth).Select(node => (node.Node, node.Aal)),
                report.Nodes.Select(node => (node.Node, node.Aal)));
        }
    }

    [Fact]
    public async Task Contributions_of_children_add_up_to_the_parents_tail_value_at_risk()
    {
        WriteSample();
        (_, RollupReport report) = await RunAsync("results");
        int checkedParents = 0;
        foreach (ReportedNode parent in report.Nodes.Where(node => node.Kind != NodeKind.Layer))
        {
            foreach (ReportedPoint tail in parent.Curves.Single(curve => curve.EpType == 4).Points.Where(point => point.ReturnPeriod is 100 or 250))
            {
                ReportedNode[] children = [.. report.Nodes.Where(node => ParentOf(node.Node) == parent.Node)];
                double sum = children.Sum(child => child.Contributions.Single(at => at.ReturnPeriod == tail.ReturnPeriod).Amount);
                double scale = children.Sum(child => Math.Abs(child.Contributions.Single(at => at.ReturnPeriod == tail.ReturnPeriod).Amount));
                Assert.InRange(sum, tail.Loss - (1e-9 * scale) - 1e-9, tail.Loss + (1e-9 * scale) + 1e-9);
                checkedParents++;
            }
        }

        Assert.True(checkedParents > 50);
    }

    /// <summary>Changes a byte that every reader of the object checks: one of its directory.</summary>
    private static void Damage(string output)
    {
        byte[] bytes = File.ReadAllBytes(output);
        bytes[16] ^= 1;
        File.WriteAllBytes(output, bytes);
    }

    private static PackSettings Pack => new(700, 2);

    private static string? ParentOf(string path) => Portfolio.NodePath.Parse(path).Parent()?.Text;

    private void WriteSample() =>
        SamplePortfolio.Write(_folder["book"], new SampleOptions { Deals = 40, Trials = 2_000, EventsPerTrial = 10, Seed = 4 }, cancellationToken: None);

    private DirectRunRequest Request(string results, string data, PackSettings pack, int threads) =>
        new(_folder["book"], _folder[results], _folder[data], RollupSettings.Default, pack, threads, Csv: true);

    private Task<(RunRecord Record, RollupReport Report)> RunAsync(string results, string data = "data", PackSettings? pack = null, int threads = 2) =>
        DirectRun.ExecuteAsync(Request(results, data, pack ?? Pack, threads), null, None);

    private void AssertSameResults(string first, string second)
    {
        foreach (string file in new[] { ResultFiles.YltCsv, ResultFiles.Ept, ResultFiles.YltParquet })
        {
            Assert.Equal(DigestOf(first, file), DigestOf(second, file));
        }
    }

    private string DigestOf(string results, string file) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Path.Combine(_folder[results], file))));

    private sealed class StopAfter(CancellationTokenSource stop, int jobs) : IRunObserver
    {
        public void Packing(PackProgress progress)
        {
        }

        public void Planned(RollupPlan plan)
        {
        }

        public void Running(StageProgress progress)
        {
            if (progress.Done >= jobs)
            {
                stop.Cancel();
            }
        }

        public void Writing(double fraction)
        {
        }
    }
}
