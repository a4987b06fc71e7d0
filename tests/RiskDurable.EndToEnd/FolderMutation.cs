using System.Text;
using System.Text.RegularExpressions;

namespace RiskDurable.EndToEnd;

/// <summary>Spoils a portfolio folder the ways that people, editors and broken transfers do.</summary>
internal static partial class FolderMutation
{
    private static readonly string[] Numbers =
    [
        "-1", "0", "NaN", "Infinity", "-Infinity", "1e308", "1e999", "-0", "0.5", "", " ", "abc", "1,5", "0x10", "99999999999999999999", "1e-320", "null", "\"7\"", "--", "+3",
    ];

    private static readonly string[] Texts =
    [
        "", "../../etc/passwd", "/etc/passwd", "portfolio.json", "elts", "D1a/L1", "a/b/c", "\\u0000", "\\ud800", "USD", "xxx", "E1", "ceded", "nul.csv", "yet.csv", "🌀", "deal",
    ];

    private static readonly Action<string, Random>[] OfAnyFile =
    [
        (file, _) => File.Delete(file),
        (file, _) => File.WriteAllBytes(file, []),
        (file, random) => Bytes(file, bytes => bytes[..random.Next(bytes.Length + 1)]),
        (file, random) => Bytes(file, bytes => Overwrite(bytes, random, 1)),
        (file, random) => Bytes(file, bytes => Overwrite(bytes, random, 8)),
        (file, random) => Bytes(file, bytes => [.. bytes, .. bytes[..random.Next(bytes.Length + 1)]]),
        (file, random) => Bytes(file, bytes => Splice(bytes, random)),
        (file, _) => Bytes(file, bytes => Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(bytes))).ToArray()),
        (file, _) =>
        {
            File.Delete(file);
            Directory.CreateDirectory(file);
        },
        (file, _) => File.Move(file, Path.ChangeExtension(file, Path.GetExtension(file) == ".csv" ? ".parquet" : ".csv"), overwrite: true),
    ];

    private static readonly Action<string, Random>[] OfText =
    [
        (file, random) => Text(file, text => ReplaceOne(NumberPattern(), text, random, random.GetItems(Numbers, 1)[0])),
        (file, random) => Text(file, text => ReplaceOne(NumberPattern(), text, random, random.GetItems(Numbers, 1)[0])),
        (file, random) => Text(file, text => ReplaceOne(StringPattern(), text, random, $"\"{random.GetItems(Texts, 1)[0]}\"")),
        (file, random) => Text(file, text => ReplaceOne(StringPattern(), text, random, AnotherOf(StringPattern(), text, random))),
        (file, random) => Text(file, text => ReplaceOne(NamePattern(), text, random, "\"misspelt\":")),
        (file, random) => Text(file, text => ReplaceOne(NamePattern(), text, random, AnotherOf(NamePattern(), text, random))),
        (file, random) => Text(file, text => ReplaceOne(PunctuationPattern(), text, random, "")),
        (file, random) => Text(file, text => ReplaceOne(PunctuationPattern(), text, random, new string('[', random.Next(1, 300)))),
        (file, random) => Text(file, text => ReplaceOne(PunctuationPattern(), text, random, AnotherOf(PunctuationPattern(), text, random))),
        (file, random) => Lines(file, lines => [.. lines, lines[random.Next(lines.Length)]]),
        (file, random) => Lines(file, lines => [.. lines.Where((_, i) => i != random.Next(lines.Length))]),
        (file, random) => Lines(file, lines => [.. lines.Take(1), new string('9', 70_000), .. lines.Skip(1)]),
        (file, _) => Text(file, text => text.Replace('\n', '\r')),
        (file, random) => Text(file, text => text.Insert(random.Next(text.Length + 1), "\0")),
        (file, random) => Text(file, text => text.Insert(random.Next(text.Length + 1), "\"")),
    ];

    /// <summary>Spoils one to three places; returns the names of the files touched.</summary>
    public static string Apply(string folder, Random random)
    {
        var touched = new List<string>();
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            string[] files = [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
            if (files.Length == 0)
            {
                break;
            }

            // Half of the time the definition itself: it has the most places to go wrong.
            string file = random.Next(2) == 0 && files.FirstOrDefault(path => path.EndsWith(".json", StringComparison.Ordinal)) is string json
                ? json
                : files[random.Next(files.Length)];
            bool text = !file.EndsWith(".parquet", StringComparison.Ordinal);
            Action<string, Random>[] ways = text && random.Next(4) > 0 ? OfText : OfAnyFile;
            int way = random.Next(ways.Length);
            ways[way](file, random);
            touched.Add($"{Path.GetRelativePath(folder, file)} ({(ways == OfText ? "text" : "file")} {way})");
        }

        return string.Join(", ", touched);
    }

    private static void Bytes(string file, Func<byte[], byte[]> change) => File.WriteAllBytes(file, change(File.ReadAllBytes(file)));

    private static void Text(string file, Func<string, string> change) => File.WriteAllText(file, change(File.ReadAllText(file)));

    private static void Lines(string file, Func<string[], string[]> change)
    {
        string[] lines = File.ReadAllLines(file);
        if (lines.Length > 0)
        {
            File.WriteAllLines(file, change(lines));
        }
    }

    private static byte[] Overwrite(byte[] bytes, Random random, int count)
    {
        for (int i = 0; i < count && bytes.Length > 0; i++)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return bytes;
    }

    private static byte[] Splice(byte[] bytes, Random random)
    {
        int from = random.Next(bytes.Length + 1);
        int to = Math.Min(bytes.Length, from + random.Next(1, 40));
        return [.. bytes[..from], .. bytes[to..]];
    }

    private static string ReplaceOne(Regex pattern, string text, Random random, string replacement)
    {
        MatchCollection matches = pattern.Matches(text);
        if (matches.Count == 0)
        {
            return text;
        }

        Match match = matches[random.Next(matches.Count)];
        return text[..match.Index] + replacement + text[(match.Index + match.Length)..];
    }

    private static string AnotherOf(Regex pattern, string text, Random random)
    {
        MatchCollection matches = pattern.Matches(text);
        return matches.Count == 0 ? "" : matches[random.Next(matches.Count)].Value;
    }

    [GeneratedRegex(@"-?\d+(\.\d+)?([eE][-+]?\d+)?")]
    private static partial Regex NumberPattern();

    [GeneratedRegex("\"[^\"]*\"(?!\\s*:)")]
    private static partial Regex StringPattern();

    [GeneratedRegex("\"[^\"]*\"\\s*:")]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"[\[\]{}:,]")]
    private static partial Regex PunctuationPattern();
}
