using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Storage;
using RiskDurable.Functions.Portfolios;
using RiskDurable.Functions.Rollup;
using RiskDurable.Functions.Runs;

namespace RiskDurable.Functions.Tests.Runs;

public sealed class PublishedRunsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_that_ended_earlier_replaces_no_later_one_and_is_known_all_the_same()
    {
        var runs = new PublishedRuns(new DiskDocumentStore(_folder.File("documents")));
        CompletedRun later = Run("rollup-b", minute: 2);
        CompletedRun earlier = Run("rollup-A/ü", minute: 1);
        await runs.PublishRun(later, RiskHost.Stop);
        await runs.PublishRun(earlier, RiskHost.Stop);
        await runs.PublishRun(later, RiskHost.Stop);
        Assert.Equal("rollup-b", (await runs.LatestAsync("Book 1", RiskHost.Stop))!.RunId);
        Assert.Equal(earlier.CompletedAt, (await runs.FindAsync("rollup-A/ü", RiskHost.Stop))!.CompletedAt);
        Assert.Null(await runs.FindAsync("rollup-c", RiskHost.Stop));
        Assert.Null(await runs.LatestAsync("Book 2", RiskHost.Stop));
    }

    [Fact]
    public async Task Of_runs_that_end_at_the_same_time_the_last_one_stays()
    {
        var runs = new PublishedRuns(new DiskDocumentStore(_folder.File("documents")));
        await Task.WhenAll(Enumerable.Range(1, 12).Select(minute => Task.Run(() => runs.PublishRun(Run($"rollup-{minute}", minute), RiskHost.Stop))));
        Assert.Equal("rollup-12", (await runs.LatestAsync("Book 1", RiskHost.Stop))!.RunId);
    }

    private static CompletedRun Run(string id, int minute) => new(
        "Book 1", id, new PlanReference(new string('a', 64), RollupSettings.Default), new DateTimeOffset(2026, 1, 1, 0, minute, 0, TimeSpan.Zero), "test");
}
