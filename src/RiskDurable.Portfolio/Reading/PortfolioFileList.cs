using RiskDurable.Portfolio.Files;
using RiskDurable.Portfolio.Model;

namespace RiskDurable.Portfolio.Reading;

/// <summary>Which files make up a portfolio: what its definition consists of, and the tables that it names.</summary>
public static class PortfolioFileList
{
    /// <summary>Reads and checks a portfolio's definition, and lists its files.</summary>
    /// <param name="files">The portfolio's files.</param>
    /// <returns>The definition; and paths relative to the portfolio's root, each once: tables first, <c>portfolio.json</c> last.</returns>
    /// <exception cref="BadInputException">The definition is not sound; carries everything that is wrong with it.</exception>
    public static (PortfolioDefinition Definition, IReadOnlyList<string> Paths) Read(IPortfolioFiles files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var opened = new OpenedFiles(files);
        PortfolioDefinition portfolio = PortfolioReader.Read(opened);
        string[] tables =
        [
            portfolio.YetFile,
            .. portfolio.TrialsFile is { } trials ? [trials] : Array.Empty<string>(),
            .. portfolio.Elts.Values.Select(elt => elt.File).Order(StringComparer.Ordinal),
        ];
        return (portfolio, [.. tables.Concat(opened.Paths.Where(path => path != PortfolioReader.FileName)).Append(PortfolioReader.FileName).Distinct()]);
    }

    /// <summary>Notes what is opened.</summary>
    private sealed class OpenedFiles(IPortfolioFiles files) : IPortfolioFiles
    {
        public List<string> Paths { get; } = [];

        public string Name => files.Name;

        public bool Exists(string path) => files.Exists(path);

        public Stream OpenRead(string path)
        {
            Paths.Add(path);
            return files.OpenRead(path);
        }

        public FileStamp? Stamp(string path) => files.Stamp(path);
    }
}
