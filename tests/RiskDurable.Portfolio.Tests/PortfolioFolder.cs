using System.Text;
using RiskDurable.Portfolio.Files;
using RiskDurable.Portfolio.Model;
using RiskDurable.Portfolio.Reading;

namespace RiskDurable.Portfolio.Tests;

/// <summary>A portfolio's files in memory.</summary>
internal sealed class PortfolioFolder : IPortfolioFiles
{
    public string Name => "memory";

    public SortedDictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    public string this[string path]
    {
        set => Files[path] = Encoding.UTF8.GetBytes(value);
    }

    public bool Exists(string path) => Files.ContainsKey(PortfolioFilePath.Check(path));

    /// <summary>Without a fingerprint: nothing of these files is remembered.</summary>
    public FileStamp? Stamp(string path) => Files.TryGetValue(path, out byte[]? bytes) ? new FileStamp(bytes.Length, null) : null;

    public Stream OpenRead(string path) => Files.TryGetValue(PortfolioFilePath.Check(path), out byte[]? bytes)
        ? new MemoryStream(bytes, writable: false)
        : throw new BadInputException([new Problem(path, "", $"This file is missing in {Name}.")]);

    public PortfolioDefinition Read() => PortfolioReader.Read(this);

    /// <summary>What is wrong, one line a problem; empty when the portfolio is read.</summary>
    public string[] Problems() => ProblemsOf(() => Read());

    public static string[] ProblemsOf(Action read)
    {
        try
        {
            read();
            return [];
        }
        catch (BadInputException error)
        {
            return [.. error.Problems.Select(problem => problem.ToString())];
        }
    }
}
