using RiskDurable.Execution.Packing;
using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Storage;
using RiskDurable.Kernel;
using RiskDurable.Portfolio.Model;

namespace RiskDurable.Execution.Tests;

public sealed class ExecutionPlanTests
{
    private static CancellationToken None => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ReportDepth.Tags)]
    [InlineData(ReportDepth.Deals)]
    public async Task A_stored_plan_has_every_jobs_outputs_and_cost(ReportDepth depth)
    {
        using var folder = new TemporaryFolder();
        var store = new DiskObjectStore(folder["objects"]);
        List<Deal> deals = RandomBook.Deals(new Random(5), 60, oneCurrencyASubject: false);
        RollupPlan plan = RollupPlan.Create(RandomBook.Manifest(deals), deals, RollupSettings.Default with { Depth = depth });
        ExecutionPlan stored = await ExecutionPlan.ReadAsync(store, await ExecutionPlan.Of(plan).StoreAsync(store, None), None);
        var cost = new CostModel(plan);
        Assert.Equal(plan.Stages, stored.Stages);
        Assert.Equal("random", stored.Portfolio);
        int withRecoveries = 0;
        foreach (PlanStage stage in plan.Stages)
        {
            for (int job = 0; job < stage.Jobs; job++)
            {
                Assert.Equal(plan.OutputsOf(stage, job), stored.OutputsOf(stage, job));
                Assert.Equal(cost.Seconds(stage, job), stored.Seconds(stage, job));
                withRecoveries += stored.OutputsOf(stage, job).Count(key => key.Kind == ObjectKind.Recoveries);
                Assert.Equal(
                    depth == ReportDepth.Deals && stage.Kind == RollupStage.Map ? 1 : 0, stored.OutputsOf(stage, job).Count(key => key.Kind == ObjectKind.Years));
            }
        }

        Assert.InRange(withRecoveries, 1, plan.Stages.Sum(stage => stage.Jobs) - 1);
    }

    [Fact]
    public void Losses_that_are_drawn_make_map_jobs_dearer_and_no_others()
    {
        List<Deal> deals = RandomBook.Deals(new Random(5), 60, oneCurrencyASubject: false);
        RollupPlan mean = RollupPlan.Create(RandomBook.Manifest(deals), deals, RollupSettings.Default);
        RollupPlan drawn = RollupPlan.Create(RandomBook.Manifest(deals), deals, RollupSettings.Default with { Sampling = new LossSampling(1) });
        var costOfMean = new CostModel(mean);
        var costOfDrawn = new CostModel(drawn);
        Assert.All(mean.Stages, stage => Assert.Equal(
            stage.Kind == RollupStage.Map,
            costOfDrawn.Seconds(drawn.Stages[stage.Index], 0) > costOfMean.Seconds(stage, 0)));
    }

    [Fact]
    public void Tables_are_dealt_into_batches_by_bytes_and_number_and_what_is_packed_is_left_out()
    {
        Assert.Equal([[0, 1, 2], [3], [4, 5], [6]], Plan([10, 10, 12, 40, 20, 12, 1]).Batches());
        Assert.Equal([256, 256, 88], Plan([.. Enumerable.Repeat(0L, 600)]).Batches().Select(batch => batch.Count));
        PackPlan plan = Plan([1, 1, 1]);
        EltToPack packed = plan.Elts[1] with { Packed = new KnownElt("key", new PackedElt("E1", "USD", 1, RandomBook.Hash("E1"))) };
        Assert.Equal([[0, 2]], (plan with { Elts = [plan.Elts[0], packed, plan.Elts[2]] }).Batches());
        Assert.Empty(Plan([]).Batches());

        // However much there is: their numbers are in the history of one orchestration.
        Assert.InRange(Plan([.. Enumerable.Repeat(30L, 10_000)]).Batches().Count(), 900, 1100);
    }

    private static PackPlan Plan(IReadOnlyList<long> megabytes) => new(
        "p", "P", "USD", new Dictionary<string, double> { ["USD"] = 1 }, 10, [], 10, RandomBook.Hash("deals"), 1, 1,
        [.. megabytes.Select((size, i) => new EltToPack(new EltReference($"E{i}", $"E{i}.csv", "USD"), size << 20, null))],
        "yet.csv", null, null, null);
}
