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
}
