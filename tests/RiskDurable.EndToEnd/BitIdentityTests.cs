using RiskDurable.Kernel;
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

    /// <summary>Every other book is uncertain, and its losses are drawn.</summary>
    [Fact]
    public async Task Blocks_threads_and_vector_widths_change_no_byte()
    {
        for (int seed = 200_000; seed < 200_000 + Portfolios; seed++)
        {
            using var folder = new TemporaryFolder();
            bool isDrawn = seed % 2 == 1;
            Book book = RandomPortfolio.Create(seed, PortfolioSize.ManyTrials);
            book = isDrawn ? RandomUncertainty.AddTo(book, seed) : book;
            string[] options = isDrawn ? ["--sampling", "beta", "--seed", $"{seed}"] : [];
            PortfolioFolder.Write(book, folder["portfolio"], seed);

            // What the runtime reads from its environment at the start needs a process; the others run in this one meanwhile, one by one.
            Task<byte[][]>[] runs = new Task<byte[][]>[Ways.Length];
            foreach (int way in Enumerable.Range(0, Ways.Length).OrderByDescending(way => Ways[way].Environment.Count))
            {
                runs[way] = Run(way, folder, options);
                if (Ways[way].Environment.Count == 0)
                {
                    await runs[way];
                }
            }

            byte[][][] outputs = await Task.WhenAll(runs);
            for (int way = 1; way < Ways.Length; way++)
            {
                Same(outputs[0], outputs[way], $"seed {seed}, {Ways[way].Name}");
            }

            Same(outputs[0], await Run(1, folder, options), $"seed {seed}, from the cache");
            if (isDrawn)
            {
                Same(await Draw(folder, (ulong)seed), outputs[0], $"seed {seed}, without a durable host");
                byte[][] others = await Draw(folder, (ulong)seed + 1);
                Assert.False(outputs[0][0].AsSpan().SequenceEqual(others[0]), $"seed {seed}: another seed draws the same");
            }
            else
            {
                ReferenceResult expected = NaiveReference.Run(book);
                Assert.Empty(ResultComparison.OfYlt(expected, ResultFile.ReadYlt(Path.Combine(folder["out0"], "ylt.csv"))));
                Assert.Empty(ResultComparison.OfEpt(expected, ResultFile.ReadEpt(Path.Combine(folder["out0"], "ept.csv"))));
            }
        }
    }

    private static async Task<byte[][]> Draw(TemporaryFolder folder, ulong seed)
    {
        RollupOutput direct = await RollupOutput.Create(folder["portfolio"], folder[$"drawn{seed}"], sampling: new LossSampling(seed));
        return Bytes(direct.Folder);
    }

    private static void Same(byte[][] expected, byte[][] actual, string place)
    {
        Assert.True(expected[0].AsSpan().SequenceEqual(actual[0]), $"{place}: ylt.csv differs");
        Assert.True(expected[1].AsSpan().SequenceEqual(actual[1]), $"{place}: ept.csv differs");
    }

    private static async Task<byte[][]> Run(int way, TemporaryFolder folder, string[] more)
    {
        (string name, string[] options, Dictionary<string, string> environment) = Ways[way];
        string[] call = ["rollup", folder["portfolio"], "--out", folder[$"out{way}"], "--data", folder[$"data{way}"], "--csv", .. options, .. more];
        RiskOutcome outcome = environment.Count == 0 ? await RiskCommand.Run(call) : await RiskProcess.Run(environment, call);
        Assert.True(outcome.ExitCode == 0, $"{name}: exit code {outcome.ExitCode}: {outcome.Text}");
        return Bytes(folder[$"out{way}"]);
    }

    private static byte[][] Bytes(string output) => [File.ReadAllBytes(Path.Combine(output, "ylt.csv")), File.ReadAllBytes(Path.Combine(output, "ept.csv"))];
}
