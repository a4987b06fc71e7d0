using RiskDurable.Portfolio.Files;

namespace RiskDurable.Functions.Portfolios;

/// <summary>Where portfolios are read from, by the short texts that orchestrations carry: a folder's full path, or <c>uploads:ID</c>.</summary>
/// <param name="uploads">What callers sent.</param>
public sealed class PortfolioSources(IUploadArea uploads)
{
    private const string UploadsPrefix = "uploads:";

    /// <summary>The source of what was uploaded for a portfolio.</summary>
    /// <param name="portfolio">The portfolio's id.</param>
    public static string Uploaded(string portfolio) => UploadsPrefix + portfolio;

    /// <summary>The portfolio whose uploads a source is; null for another one.</summary>
    /// <param name="source">A source.</param>
    public static string? UploadedPortfolio(string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source.StartsWith(UploadsPrefix, StringComparison.Ordinal) ? source[UploadsPrefix.Length..] : null;
    }

    /// <summary>The files of a source.</summary>
    /// <param name="source">A source.</param>
    /// <param name="name">What messages call a folder; its path where null.</param>
    public IPortfolioFiles Open(string source, string? name = null) =>
        UploadedPortfolio(source) is { } portfolio ? uploads.FilesOf(portfolio) : new FolderFiles(source, name);
}
