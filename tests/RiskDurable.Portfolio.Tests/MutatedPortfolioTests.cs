using System.Diagnostics;
using System.Text;
using RiskDurable.Kernel;
using RiskDurable.Portfolio.Model;
using RiskDurable.Portfolio.Tables;
using RiskDurable.Portfolio.Writing;

namespace RiskDurable.Portfolio.Tests;

/// <summary>Whatever the bytes are: a portfolio is read or refused; never a crash, a hang, or another exception.</summary>
public sealed class MutatedPortfolioTests(ITestOutputHelper output)
{
    private const int Folders = 2_000;

    // What breaks parsers: the edges of their grammars and of their numbers.
    private static readonly string[] Tokens =
    [
        "\"", "{", "}", "[", "]", ",", ":", "\n", "\r", "\0", "-", "null", "true", "1e999", "-1", "NaN", "0", "1e-400", "99999999999999999999", "\\ud800",
        "\uFEFF", "../", "/", "\"\"", ".", "x", " ", "\"id\":\"A\",", "A/L1", "2147483648", new string('[', 3000), new string('9', 4000), new string(',', 200),
    ];

    [Fact]
    public void Two_thousand_mutated_folders_are_read_or_refused()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        SortedDictionary<string, byte[]>[] originals = [MakeFolder(".csv"), MakeFolder(".parquet")];
        Assert.All(originals, files => Assert.True(ReadAll(Mutated(files, null), out _)));
        int accepted = 0;
        var slowest = TimeSpan.Zero;
        for (int i = 0; i < Folders; i++)
        {
            var random = new Random(seed + i);
            PortfolioFolder folder = Mutated(originals[random.Next(originals.Length)], random);
            var watch = Stopwatch.StartNew();
            try
            {
                accepted += ReadAll(folder, out BadInputException? refusal) ? 1 : 0;
                Assert.True(refusal is null || refusal.Problems.All(problem => problem.Message.Length is > 0 and < 5_000));
            }
            catch (Exception error) when (error is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {seed + i}: {error}");
            }

            slowest = watch.Elapsed > slowest ? watch.Elapsed : slowest;
        }

        output.WriteLine($"{accepted} read, {Folders - accepted} refused, slowest {slowest.TotalMilliseconds:F0} ms");
        Assert.InRange(accepted, 1, Folders - 1);
        Assert.True(slowest < TimeSpan.FromSeconds(20), $"seed {seed}: one folder took {slowest}");
    }

    /// <summary>Reads the definition and, whatever became of it, the tables; says what was refused first.</summary>
    private static bool ReadAll(PortfolioFolder folder, out BadInputException? refusal)
    {
        string extension = folder.Files.Keys.Any(path => path.EndsWith(".csv", StringComparison.Ordinal)) ? ".csv" : ".parquet";
        refusal = RefusalOf(() => folder.Read());
        foreach (string id in new[] { "E1", "E2" })
        {
            refusal = RefusalOf(() => EltReader.Read(folder, new EltReference(id, $"elts/{id}{extension}", "USD"))) ?? refusal;
        }

        refusal = RefusalOf(() => YetReader.CountRows(folder, "yet" + extension)) ?? refusal;
        refusal = RefusalOf(() =>
        {
            foreach (YetBatch batch in YetReader.Read(folder, "yet" + extension, 100))
            {
                Assert.True(batch.Count > 0);
            }
        }) ?? refusal;
        return refusal is null;
    }

    private static BadInputException? RefusalOf(Action read)
    {
        try
        {
            read();
            return null;
        }
        catch (BadInputException error)
        {
            return error;
        }
    }

    private static PortfolioFolder Mutated(SortedDictionary<string, byte[]> original, Random? random)
    {
        var folder = new PortfolioFolder();
        foreach ((string path, byte[] bytes) in original)
        {
            folder.Files[path] = (byte[])bytes.Clone();
        }

        for (int n = random is null ? 0 : random.Next(1, 4); n > 0 && folder.Files.Count > 0; n--)
        {
            string path = folder.Files.Keys.ElementAt(random!.Next(folder.Files.Count));
            if (random.Next(40) == 0)
            {
                folder.Files.Remove(path);
            }
            else
            {
                folder.Files[path] = Mutate(folder.Files[path], random);
            }
        }

        return folder;
    }

    private static byte[] Mutate(byte[] bytes, Random random)
    {
        int at = random.Next(bytes.Length + 1);
        int length = Math.Min(random.Next(1, 40), bytes.Length - at);
        switch (random.Next(7))
        {
            case 0:
                return bytes[..at];
            case 1:
                return [.. bytes[..at], .. bytes[(at + length)..]];
            case 2:
                return [.. bytes[..(at + length)], .. bytes[at..]];
            case 3:
                return [.. bytes[..at], .. Encoding.UTF8.GetBytes(Tokens[random.Next(Tokens.Length)]), .. bytes[at..]];
            case 4:
                return [.. bytes[..at], .. Encoding.UTF8.GetBytes(Tokens[random.Next(Tokens.Length)]), .. bytes[(at + length)..]];
            case 5 when length > 0:
                random.NextBytes(bytes.AsSpan(at, Math.Min(length, 4)));
                return bytes;
            default:
                if (length > 0)
                {
                    bytes[at] ^= (byte)(1 << random.Next(8));
                }

                return bytes;
        }
    }

    private static SortedDictionary<string, byte[]> MakeFolder(string extension)
    {
        string folder = Directory.CreateTempSubdirectory("riskdurable-mutated-").FullName;
        try
        {
            long[] ids = [.. Enumerable.Range(1, 60).Select(i => (long)i * 7)];
            double[] means = [.. ids.Select(id => id * 1000.25)];
            EltWriter.Write(Path.Combine(folder, "elts", "E1" + extension), new EventLossTable(ids, means));
            EltWriter.Write(
                Path.Combine(folder, "elts", "E2" + extension),
                new EventLossTable(ids, means, new LossUncertainty(means, means, [.. means.Select(mean => 10 * mean)])));
            using (var yet = new YetWriter(Path.Combine(folder, "yet" + extension), hasZ: true))
            {
                for (int i = 0; i < 300; i++)
                {
                    yet.Add((i / 3) + 1, ids[i % ids.Length], i / 10.0, (i + 0.5) / 300);
                }

                yet.Complete();
            }

            var tags = new Dictionary<string, string> { ["lob"] = "property" };
            var terms = new LayerTerms(100, 5000, 10, 20_000, 50);
            Deal[] deals = [.. Enumerable.Range(0, 60).Select(i => new Deal(
                $"D{i}",
                "name",
                i % 2 == 0 ? "USD" : "EUR",
                tags,
                [
                    new Layer("L1", [new SubjectTerm("E1", null, 1)], terms, 0.5, LayerPosition.Assumed, 100, [new Reinstatement(2, 1)]),
                    new Layer("L2", [new SubjectTerm("E2", null, 2), new SubjectTerm(null, new LayerId($"D{i}", "L1"), -1)], terms, 1, LayerPosition.Memo, 0, []),
                ]))];
            var elts = new Dictionary<string, EltReference>
            {
                ["E1"] = new("E1", "elts/E1" + extension, "USD"),
                ["E2"] = new("E2", "elts/E2" + extension, "EUR"),
            };
            var fx = new Dictionary<string, double> { ["EUR"] = 1.1, ["USD"] = 1 };
            bool inline = extension == ".csv";
            PortfolioWriter.Write(
                folder,
                new PortfolioDefinition("p", "p", "USD", fx, 100, "yet" + extension, elts, ["lob"], inline ? deals[..4] : deals));
            var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
            foreach (string path in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
            {
                files.Add(Path.GetRelativePath(folder, path).Replace('\\', '/'), File.ReadAllBytes(path));
            }

            return files;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
