using RiskDurable.Reference;

namespace RiskDurable.EndToEnd;

/// <summary>The bytes of the results depend on the portfolio alone.</summary>
public sealed class BitIdentityTests
{
    private static readonly int Portfolios = LongTests.Choose(3, 30);

    private static readonly (string Name, string[] Options, Dictionary<string, string> Environment)[] Ways =
    [
        ("small blocks, one thread", ["--block-trials", "500", "--threads", "1"], []),
        ("large blocks, two threads", ["--block-trials", "20000", "--threads", "2"], []),
        ("small blocks, two threads", ["--block-trials", "500", "--threads", "2"], []),
        ("without AVX2", ["--block-trials", "500", "--threads", "2"], new() { ["DOTNET_EnableAVX2"] = "0" }),
        ("without any vectors", ["--block-trials", "20000", "--threads", "1"], new() { ["DOTNET_EnableHWIntrinsic"] = "0" }),
    ];

    [Fact]
    public async Task Blocks_threads_and_vector_widths_change_no_byte()
    {
        for (int seed = 200_000; seed < 200_000 + Portfolios; seed++)
        {
            using var folder = new TemporaryFolder();
            PortfolioFolder.Write(RandomPortfolio.Create(seed, PortfolioSize.ManyTrials), folder["portfolio"], seed);
            byte[][] first = await Run(0, folder);
            Assert.InRange(first[0].Length, 1000, int.MaxValue);
            for (int way = 1; way < Ways.Length; way++)
            {
                byte[][] other = await Run(way, folder);
                Assert.True(first[0].AsSpan().SequenceEqual(other[0]), $"seed {seed}: ylt.csv differs {Ways[way].Name}");
                Assert.True(first[1].AsSpan().SequenceEqual(other[1]), $"seed {seed}: ept.csv differs {Ways[way].Name}");
            }

            byte[][] cached = await Run(1, folder);
            Assert.True(first[0].AsSpan().SequenceEqual(cached[0]), $"seed {seed}: ylt.csv differs from the cache");
            Assert.True(first[1].AsSpan().SequenceEqual(cached[1]), $"seed {seed}: ept.csv differs from the cache");
        }
    }

    private static async Task<byte[][]> Run(int way, TemporaryFolder folder)
    {
        (string name, string[] options, Dictionary<string, string> environment) = Ways[way];
        RiskOutcome outcome = await RiskProcess.Run(
            environment, ["rollup", folder["portfolio"], "--out", folder[$"out{way}"], "--data", folder[$"data{way}"], "--csv", .. options]);
        Assert.True(outcome.ExitCode == 0, $"{name}: exit code {outcome.ExitCode}: {outcome.Text}");
        string output = folder[$"out{way}"];
        return [await File.ReadAllBytesAsync(Path.Combine(output, "ylt.csv")), await File.ReadAllBytesAsync(Path.Combine(output, "ept.csv"))];
    }
}
