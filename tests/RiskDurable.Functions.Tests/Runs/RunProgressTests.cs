using RiskDurable.Functions.Runs;

namespace RiskDurable.Functions.Tests.Runs;

public sealed class RunProgressTests
{
    private readonly EntityBench<RunProgressState> _progress = new(new RunProgress());

    [Fact]
    public void A_report_that_arrives_twice_changes_nothing()
    {
        var first = new ProgressReport("map", 0, 20, "0-4,7", 100);
        _progress.Run("Report", first);
        _progress.Run("Report", first);
        Assert.Equal((6, 100), (_progress.State.Stages[0].Count(), _progress.State.Stages[0].Hits));
    }

    [Fact]
    public void Reports_add_up_in_any_order_and_stages_are_kept_apart()
    {
        ProgressReport[] reports =
        [
            new("map", 0, 20, "0-9", 10), new("map", 0, 20, "10-19", 20), new("map", 1, 9, "8", 5), new("reduce", 2, 3, "0-2", 0),
        ];
        foreach (ProgressReport report in reports.Reverse().Concat(reports))
        {
            _progress.Run("Report", report);
        }

        Assert.Equal([("map", 20, 30L), ("map", 1, 5L), ("reduce", 3, 0L)], _progress.State.Stages.Select(stage => (stage.Name, stage.Count(), stage.Hits)));
    }

    [Fact]
    public void Steps_of_packing_run_side_by_side_and_their_parts_add_up()
    {
        _progress.Run("Packing", new PackingPart("Packing event loss tables", 1, 4, 0.5));
        _progress.Run("Packing", new PackingPart("Indexing the year-event table", 0, 1, 0.1));
        _progress.Run("Packing", new PackingPart("Packing event loss tables", 3, 4, 1));
        _progress.Run("Packing", new PackingPart("Packing event loss tables", 1, 4, 0.3));
        Assert.Equal(
            [("Packing event loss tables", (0.5 + 1) / 4), ("Indexing the year-event table", 0.1)],
            _progress.State.Packing.Select(step => (step.Name, step.Fraction())));
        _progress.Run("PackingStarts");
        Assert.Empty(_progress.State.Packing);
    }

    [Fact]
    public void A_hundred_thousand_jobs_take_less_than_20_KB()
    {
        _progress.Run("Report", new ProgressReport("map", 0, 100_000, "0-99999", 1));
        Assert.Equal(100_000, _progress.State.Stages[0].Count());
        Assert.InRange(_progress.StateLength, 1, 20 * 1024);
    }
}
