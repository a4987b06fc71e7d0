using RiskDurable.Execution.Storage;
using RiskDurable.Functions.Rollup;

namespace RiskDurable.Functions.Tests.Rollup;

public sealed class JobBatchesTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(100, 1)]
    [InlineData(101, 2)]
    [InlineData(30_000, 300)]
    public async Task Pages_hold_all_batches_in_order(int batches, int pages)
    {
        using var folder = new TemporaryFolder();
        var store = new DiskObjectStore(folder.Path);
        string[] all = [.. Enumerable.Range(0, batches).Select(batch => $"{batch * 10}-{(batch * 10) + 9}")];
        string hash = await JobBatches.StoreAsync(store, all, RiskHost.Stop);
        Assert.Equal(pages, JobBatches.Pages(batches));
        var read = new List<string>();
        for (int page = 0; page < pages; page++)
        {
            IReadOnlyList<string> some = await JobBatches.ReadAsync(store, hash, page, RiskHost.Stop);
            Assert.InRange(some.Count, 1, 100);
            read.AddRange(some);
        }

        Assert.Equal(all, read);
    }

    [Fact]
    public async Task A_page_is_read_without_the_others()
    {
        using var folder = new TemporaryFolder();
        var store = new TestStore(folder.Path);
        string[] all = [.. Enumerable.Range(0, 30_000).Select(batch => $"{batch * 10}-{(batch * 10) + 9}")];
        string hash = await JobBatches.StoreAsync(store, all, RiskHost.Stop);
        long whole = (await store.ReadAsync(new ObjectKey(ObjectKind.Batches, hash), RiskHost.Stop)).Length;
        Assert.Equal(all[29_900..], await JobBatches.ReadAsync(store, hash, 299, RiskHost.Stop));
        Assert.InRange(store.BytesRead, 1, whole / 10);
    }

    [Fact]
    public async Task There_is_no_page_behind_the_last_one()
    {
        using var folder = new TemporaryFolder();
        var store = new DiskObjectStore(folder.Path);
        string hash = await JobBatches.StoreAsync(store, ["0-9"], RiskHost.Stop);
        await Assert.ThrowsAsync<UnreadableObjectException>(async () => await JobBatches.ReadAsync(store, hash, 1, RiskHost.Stop));
    }
}
