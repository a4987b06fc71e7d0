using RiskDurable.Azure;
using RiskDurable.Portfolio.Files;

namespace RiskDurable.Functions.Portfolios;

/// <summary>
/// Where portfolios are read from, by the short texts that orchestrations carry: a folder's full path, <c>blob:CONTAINER/FOLDER</c>, or <c>uploads:ID</c>.
/// </summary>
/// <param name="uploads">What callers sent.</param>
/// <param name="accounts">Where containers are; null where the store is the disk of this machine.</param>
public sealed class PortfolioSources(IUploadArea uploads, BlobAccounts? accounts = null)
{
    internal const string BlobPrefix = "blob:";

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
    /// <exception cref="InvalidOperationException">The source is a container, and there is no storage account.</exception>
    public IPortfolioFiles Open(string source, string? name = null)
    {
        if (UploadedPortfolio(source) is { } portfolio)
        {
            return uploads.FilesOf(portfolio);
        }

        if (!source.StartsWith(BlobPrefix, StringComparison.Ordinal))
        {
            return new FolderFiles(source, name);
        }

        string[] place = source[BlobPrefix.Length..].Split('/', 2);
        return accounts is null
            ? throw new InvalidOperationException($"'{source}' is in a container, and the setting Risk:Store names no storage account.")
            : new BlobFiles(accounts.First, place[0], place.Length > 1 ? place[1] : "", name);
    }
}
