using RiskDurable.Execution.Packing;
using RiskDurable.Execution.Running;
using RiskDurable.Execution.Storage;
using RiskDurable.Portfolio.Files;
using RiskDurable.Portfolio.Samples;

namespace RiskDurable.Execution.Tests;

public sealed class RightOfWayTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly StillClock _time = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_waits_until_the_last_of_the_analyses_has_ended()
    {
        var way = new RightOfWay(_time);
        await way.GiveWayAsync(Stop);
        IDisposable first = way.Take();
        IDisposable second = way.Take();
        Task job = way.GiveWayAsync(Stop).AsTask();
        await _time.Waiting.WaitAsync(Stop);
        first.Dispose();
        first.Dispose();
        Assert.False(job.IsCompleted);
        second.Dispose();
        await job.WaitAsync(Stop);
    }

    [Fact]
    public async Task Jobs_have_half_of_the_time_where_analyses_never_end()
    {
        var way = new RightOfWay(_time);
        using IDisposable analysis = way.Take();
        for (int turn = 0; turn < 3; turn++)
        {
            Task job = way.GiveWayAsync(Stop).AsTask();
            await _time.Waiting.WaitAsync(Stop);
            _time.Advance(Longest);
            await job.WaitAsync(Stop);
            for (TimeSpan worked = Step; worked < Longest; worked += Step)
            {
                _time.Advance(Step);
                await way.GiveWayAsync(Stop).AsTask().WaitAsync(Stop);
                Assert.Equal(0, _time.Waiting.CurrentCount);
            }

            _time.Advance(Step);
        }
    }

    [Fact]
    public async Task A_job_that_is_told_to_stop_does_not_wait()
    {
        var way = new RightOfWay(_time);
        using IDisposable analysis = way.Take();
        using var stop = new CancellationTokenSource();
        Task job = way.GiveWayAsync(stop.Token).AsTask();
        await _time.Waiting.WaitAsync(Stop);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => job);
    }

    [Theory]
    [InlineData(ObjectKind.Elt)]
    [InlineData(ObjectKind.Block)]
    public async Task Packing_waits_where_its_next_table_or_block_would_begin(string kind)
    {
        using var folder = new TemporaryFolder();
        SamplePortfolio.Write(folder["book"], new SampleOptions { Deals = 5, Trials = 1_000, EventsPerTrial = 5 }, cancellationToken: Stop);
        var files = new FolderFiles(folder["book"]);
        PackedPortfolio undisturbed = await PackerOf(folder, "undisturbed", new DiskObjectStore(folder["undisturbed"]), null).PackAsync(files, null, Stop);

        // An analysis begins when the first object of the kind is written.
        var way = new RightOfWay(_time);
        IDisposable? analysis = null;
        int written = 0;
        var store = new WatchedStore(new DiskObjectStore(folder["objects"]))
        {
            Written = key =>
            {
                if (key.Kind == kind && ++written == 1)
                {
                    analysis = way.Take();
                }
            },
        };
        Task<PackedPortfolio> packing = PackerOf(folder, "packed", store, way).PackAsync(files, null, Stop);
        await _time.Waiting.WaitAsync(Stop);
        Assert.Equal((1, false), (written, packing.IsCompleted));
        analysis!.Dispose();
        PackedPortfolio packed = await packing;
        Assert.Equal(undisturbed.Hash, packed.Hash);
        Assert.Equal(kind == ObjectKind.Elt ? packed.Manifest.Elts.Count : packed.Manifest.Blocks.Count, written);
        Assert.True(written > 2);
    }

    private static PortfolioPacker PackerOf(TemporaryFolder folder, string name, IObjectStore store, RightOfWay? way) => new(
        store, new DiskDocumentStore(folder[name + "-documents"]), new PackSettings(BlockTrials: 200, Threads: 1), folder[name + "-work"], way);
}
