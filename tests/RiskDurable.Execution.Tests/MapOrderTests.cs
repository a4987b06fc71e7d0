using CsCheck;
using RiskDurable.Execution.Packing;
using RiskDurable.Execution.Running;
using RiskDurable.Execution.Storage;

namespace RiskDurable.Execution.Tests;

public sealed class MapOrderTests
{
    private static readonly Gen<(int Bundles, int AtOnce, int Blocks)> Sizes = Gen.Select(Gen.Int[0, 9], Gen.Int[1, 6], Gen.Int[1, 20]);

    [Fact]
    public void Every_job_is_run_once() => Sizes.Sample(sizes =>
        Assert.Equal(Enumerable.Range(0, sizes.Bundles * sizes.Blocks), MapOrder.Of(sizes.Bundles * sizes.Blocks, sizes.AtOnce, sizes.Blocks).Order()));

    [Fact]
    public void A_block_that_others_have_taken_the_place_of_is_not_needed_again() => Sizes.Sample(sizes =>
    {
        int[] blocks = [.. MapOrder.Of(sizes.Bundles * sizes.Blocks, sizes.AtOnce, sizes.Blocks).Select(job => job / sizes.Bundles)];
        foreach (int block in blocks.Distinct())
        {
            int first = Array.IndexOf(blocks, block);
            int last = Array.LastIndexOf(blocks, block);
            Assert.InRange(blocks[first..(last + 1)].Distinct().Count(), 1, sizes.AtOnce);
        }
    });

    [Fact]
    public void Groups_of_blocks_are_of_one_size_and_each_goes_bundle_by_bundle() =>
        Assert.Equal([0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11], MapOrder.Of(jobs: 12, atOnce: 3, blocks: 4));

    [Fact]
    public void As_many_blocks_are_taken_together_as_are_kept_in_memory()
    {
        using var folder = new TemporaryFolder();
        var store = new DiskObjectStore(folder.Path);
        PackedBlock[] blocks = [.. Enumerable.Range(0, 9).Select(block => new PackedBlock(block * 100, 100, 100_000, 10_000, ""))];
        Assert.Equal(1, new TableCache(store, 1).BlocksAtOnce(blocks));
        Assert.Equal(9, new TableCache(store, 1L << 30).BlocksAtOnce(blocks));
        Assert.InRange(new TableCache(store, 8_000_000).BlocksAtOnce(blocks), 2, 4);
    }
}
