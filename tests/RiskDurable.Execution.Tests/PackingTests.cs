using RiskDurable.Execution.Packing;
using RiskDurable.Execution.Storage;
using RiskDurable.Kernel;
using RiskDurable.Portfolio;
using RiskDurable.Portfolio.Files;

namespace RiskDurable.Execution.Tests;

public sealed class PackingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken None => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Trials_in_any_order_of_the_file_give_the_same_blocks(bool withUniforms)
    {
        var random = new Random(21);
        string[] rows = [.. Enumerable.Range(0, 5000).Select(i => FormattableString.Invariant(
            $"{random.Next(1, 1001)},{random.Next(200)},{random.Next(365) + (i * 1e-5)}{(withUniforms ? FormattableString.Invariant($",{random.NextDouble():F9}") : "")}"))];
        PackedPortfolio sorted = await PackAsync("sorted", [.. rows.OrderBy(row => int.Parse(row.Split(',')[0]))], withUniforms);
        PackedPortfolio shuffled = await PackAsync("shuffled", rows, withUniforms);
        Assert.Equal(sorted.Manifest.Blocks, shuffled.Manifest.Blocks);
        Assert.Equal(sorted.Hash, shuffled.Hash);
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(_folder["work"]), path => Path.GetFileName(path).StartsWith("yet-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Years_without_events_are_in_the_blocks_and_equal_days_keep_the_order_of_the_file()
    {
        PackedPortfolio packed = await PackAsync("book", ["3,7,10", "3,5,10", "3,9,2", "1,5,0.5"], withUniforms: false, trials: 4, blockTrials: 3);
        Assert.Equal([(0, 3, 4), (3, 1, 0)], packed.Manifest.Blocks.Select(block => (block.FirstTrial, block.Trials, block.Occurrences)));
        TrialBlock block = await PackedTables.ReadBlockAsync(new DiskObjectStore(_folder["objects"]), packed.Manifest.Blocks[0].Hash, None);
        Assert.Equal([0, 1, 1, 4], block.TrialStarts);
        Assert.Equal([5L, 7, 9], block.EventIds);
        Assert.Equal([0, 3, 2, 1], block.Positions); // event 5 in trials 1 and 3, 7 and 9 in trial 3; 9 first by day, then 7 before 5
        Assert.Equal([0, 2, 2, 2], Enumerable.Range(0, 4).Select(block.TrialOf));
    }

    [Fact]
    public async Task A_file_that_did_not_change_is_not_read_again_and_one_that_did_is()
    {
        PackedPortfolio first = await PackAsync("book", ["1,5,1", "2,5,1"], withUniforms: false);
        string yet = Path.Combine(_folder["book"], "yet.csv");
        DateTime changed = File.GetLastWriteTimeUtc(yet);
        File.WriteAllText(yet, "trial,event_id,day\n1,6,1\n2,6,1\n");
        File.SetLastWriteTimeUtc(yet, changed);
        Assert.Equal(first.Hash, (await PackAgainAsync()).Hash);
        File.SetLastWriteTimeUtc(yet, changed.AddSeconds(1));
        Assert.NotEqual(first.Hash, (await PackAgainAsync()).Hash);
    }

    [Fact]
    public async Task Problems_of_all_tables_are_told_at_once()
    {
        await PackAsync("book", ["1,5,1"], withUniforms: false);
        File.WriteAllText(Path.Combine(_folder["book"], "yet.csv"), "trial,event_id,day\n7000,6,1\n");
        File.WriteAllText(Path.Combine(_folder["book"], "elts", "E.csv"), "event_id,mean_loss\n5,-1\n");
        BadInputException refused = await Assert.ThrowsAsync<BadInputException>(PackAgainAsync);
        Assert.Equal(["elts/E.csv", "yet.csv"], refused.Problems.Select(problem => problem.File));
    }

    private async Task<PackedPortfolio> PackAsync(string folder, string[] rows, bool withUniforms, int trials = 1000, int blockTrials = 100)
    {
        string root = _folder[folder];
        Directory.CreateDirectory(Path.Combine(root, "elts"));
        File.WriteAllText(Path.Combine(root, "elts", "E.csv"), "event_id,mean_loss\n5,100\n");
        File.WriteAllLines(Path.Combine(root, "yet.csv"), ["trial,event_id,day" + (withUniforms ? ",z" : ""), .. rows]);
        File.WriteAllText(
            Path.Combine(root, "portfolio.json"),
            $$"""
            { "schema": "riskdurable/portfolio/1", "id": "p", "name": "P", "currency": "USD", "fx": {}, "trials": {{trials}}, "yet": "yet.csv",
              "rollup": [], "deals": [ { "id": "D", "name": "D", "currency": "USD", "layers": [ { "id": "L", "subject": [ { "elt": "E" } ] } ] } ] }
            """);
        return await Packer(blockTrials).PackAsync(new FolderFiles(root), null, None);
    }

    private Task<PackedPortfolio> PackAgainAsync() => Packer(100).PackAsync(new FolderFiles(_folder["book"]), null, None);

    private PortfolioPacker Packer(int blockTrials) => new(
        new DiskObjectStore(_folder["objects"]), new DiskDocumentStore(_folder["documents"]), new PackSettings(blockTrials, 2), _folder["work"]);
}
