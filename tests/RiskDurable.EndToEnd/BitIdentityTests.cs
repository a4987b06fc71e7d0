using RiskDurable.Reference;

namespace RiskDurable.EndToEnd;

/// <summary>The bytes of the results depend on the portfolio alone.</summary>
public sealed class BitIdentityTests
{
    private static readonly int Portfolios = LongTests.Choose(2, 30);

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
            Book book = RandomPortfolio.Create(seed, PortfolioSize.ManyTrials);
            PortfolioFolder.Write(book, folder["portfolio"], seed);
            var outputs = new byte[Ways.Length][][];
            await Parallel.ForEachAsync(
                Enumerable.Range(0, Ways.Length),
                new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = TestContext.Current.CancellationToken },
                async (way, _) => outputs[way] = await Run(way, folder));
            for (int way = 1; way < Ways.Length; way++)
            {
                Same(outputs[0], outputs[way], $"seed {seed}, {Ways[way].Name}");
            }

            Same(outputs[0], await Run(1, folder), $"seed {seed}, from the cache");
            ReferenceResult expected = NaiveReference.Run(book);
            Assert.Empty(ResultComparison.OfYlt(expected, ResultFile.ReadYlt(Path.Combine(folder["out0"], "ylt.csv"))));
            Assert.Empty(ResultComparison.OfEpt(expected, ResultFile.ReadEpt(Path.Combine(folder["out0"], "ept.csv"))));
        }
    }

    private static void Same(byte[][] expected, byte[][] actual, string place)
    {
        Assert.True(expected[0].AsSpan().SequenceEqual(actual[0]), $"{place}: ylt.csv differs");
        Assert.True(expected[1].AsSpan().SequenceEqual(actual[1]), $"{place}: ept.csv differs");
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
