namespace RiskDurable.Portfolio.Files;

/// <summary>
/// Where files are kept that callers send, because they have no folder that the application can read. A file is there whole or not at all:
/// a reader that has opened it reads what it opened, or fails where it is replaced meanwhile, but never reads a mixture.
/// </summary>
public interface IUploadArea
{
    /// <summary>Where the files are, for messages to people.</summary>
    string Name { get; }

    /// <summary>The files of a portfolio, in no particular order.</summary>
    /// <param name="portfolio">The portfolio's id.</param>
    /// <param name="cancellationToken">Stops the enumeration.</param>
    /// <exception cref="BadInputException">The id cannot be stored.</exception>
    IAsyncEnumerable<UploadedFile> ListAsync(string portfolio, CancellationToken cancellationToken);

    /// <summary>A file of a portfolio; null where there is none.</summary>
    /// <param name="portfolio">The portfolio's id.</param>
    /// <param name="path">Relative path with <c>/</c>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="BadInputException">The id or the path cannot be stored.</exception>
    Task<UploadedFile?> FindAsync(string portfolio, string path, CancellationToken cancellationToken);

    /// <summary>Stores a file, or a part of one; what was there under its path is replaced when all of it has come.</summary>
    /// <param name="portfolio">The portfolio's id.</param>
    /// <param name="path">Relative path with <c>/</c>.</param>
    /// <param name="content">What came.</param>
    /// <param name="cancellationToken">Stops; the file is then the old one.</param>
    /// <exception cref="BadInputException">The id or the path cannot be stored, or the bytes are not those that were announced.</exception>
    /// <exception cref="UploadConflictException">Another file stands in the way.</exception>
    Task<UploadOutcome> WriteAsync(string portfolio, string path, UploadContent content, CancellationToken cancellationToken);

    /// <summary>Removes a file.</summary>
    /// <param name="portfolio">The portfolio's id.</param>
    /// <param name="path">Relative path with <c>/</c>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>False where there is none.</returns>
    /// <exception cref="BadInputException">The id or the path cannot be stored.</exception>
    Task<bool> DeleteAsync(string portfolio, string path, CancellationToken cancellationToken);

    /// <summary>The files of a portfolio, to be read.</summary>
    /// <param name="portfolio">The portfolio's id.</param>
    /// <exception cref="BadInputException">The id cannot be stored.</exception>
    IPortfolioFiles FilesOf(string portfolio);
}

/// <summary>A file that was sent.</summary>
/// <param name="Path">Relative path with <c>/</c>.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">SHA-256 of its bytes, 64 lower-case hexadecimal digits; null where it came past the API and nobody has worked it out.</param>
/// <param name="UploadedAt">When it was stored.</param>
public sealed record UploadedFile(string Path, long Bytes, string? Sha256, DateTimeOffset UploadedAt);

/// <summary>A file that is being sent, or a part of one.</summary>
/// <param name="Body">The bytes.</param>
/// <param name="First">Number of the first byte in the file; 0 for the first.</param>
/// <param name="Length">Number of bytes in <paramref name="Body"/>.</param>
/// <param name="Total">Number of bytes of the whole file.</param>
/// <param name="Sha256">SHA-256 of the whole file, 64 lower-case hexadecimal digits; of a file that comes in parts it is known.</param>
/// <param name="BodySha256">SHA-256 of <paramref name="Body"/> alone; null where the caller does not say.</param>
public sealed record UploadContent(Stream Body, long First, long Length, long Total, string? Sha256, string? BodySha256)
{
    /// <summary>Whether it is the whole file.</summary>
    public bool IsWhole => Length == Total;

    /// <summary>Refuses bytes that are not those which were announced.</summary>
    /// <param name="path">The file.</param>
    /// <param name="length">Bytes that came.</param>
    /// <param name="sha256">Their SHA-256.</param>
    /// <param name="announced">What it should be; null where nobody said.</param>
    /// <exception cref="BadInputException">They are other ones.</exception>
    public void Check(string path, long length, string sha256, params ReadOnlySpan<string?> announced)
    {
        if (length != Length)
        {
            throw new BadInputException([new Problem(path, "", $"{length} bytes came, {Length} were announced. Send it again.")]);
        }

        foreach (string? digest in announced)
        {
            if (digest is not null && digest != sha256)
            {
                throw new BadInputException([new Problem(path, "", $"The bytes that came have the SHA-256 {sha256}, {digest} was announced. Send it again.")]);
            }
        }
    }
}

/// <summary>What became of an upload.</summary>
/// <param name="File">The file; null while parts are missing.</param>
/// <param name="IsNew">Whether there was none before.</param>
/// <param name="BytesReceived">Bytes that have come so far, from the file's beginning on without a gap.</param>
public sealed record UploadOutcome(UploadedFile? File, bool IsNew, long BytesReceived);

/// <summary>A file cannot be stored, as another one has a name that it needs for its folder, or its folder's name.</summary>
/// <param name="message">Which, and what to do.</param>
public sealed class UploadConflictException(string message) : Exception(message);
