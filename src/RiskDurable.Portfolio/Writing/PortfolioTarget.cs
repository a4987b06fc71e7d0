using RiskDurable.Portfolio.Reading;

namespace RiskDurable.Portfolio.Writing;

/// <summary>The folder that a new portfolio goes to: it is written beside it, and takes its place when it is complete.</summary>
internal sealed class PortfolioTarget : IDisposable
{
    private static readonly string[] PortfolioFiles = [PortfolioReader.FileName, PortfolioWriter.DealsFileName, "yet.csv", "yet.parquet", "trials.csv"];

    private readonly string _target;

    public PortfolioTarget(string folder, bool overwrite)
    {
        _target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (File.Exists(_target))
        {
            throw new BadInputException([new Problem(folder, "", "This is a file; name a folder.")]);
        }

        if (!overwrite && Directory.Exists(_target) && Directory.EnumerateFileSystemEntries(_target).Any())
        {
            throw new BadInputException(
                [new Problem(folder, "", "The folder is not empty; name another, or overwrite the portfolio that is in it (--overwrite).")]);
        }

        Partial = _target + ".partial";
        Remove(Partial);
        Directory.CreateDirectory(Partial);
    }

    /// <summary>Where to write.</summary>
    public string Partial { get; }

    /// <summary>Puts the portfolio in its place. Of what was there only a portfolio's own files are replaced.</summary>
    public void Complete()
    {
        Directory.CreateDirectory(_target);
        foreach (string name in PortfolioFiles)
        {
            File.Delete(Path.Combine(_target, name));
        }

        Remove(Path.Combine(_target, "elts"));
        foreach (string entry in Directory.EnumerateFileSystemEntries(Partial).ToArray())
        {
            Directory.Move(entry, Path.Combine(_target, Path.GetFileName(entry)));
        }
    }

    public void Dispose() => Remove(Partial);

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
