namespace RiskDurable.Portfolio.Files;

/// <summary>
/// The files of one portfolio, wherever they are: a folder or a blob prefix. Paths are relative to the portfolio's root and use
/// <c>/</c>. A path that could leave the root is refused with a <see cref="BadInputException"/> that names it.
/// </summary>
public interface IPortfolioFiles
{
    /// <summary>Where the files are, for messages to people: a folder or an address.</summary>
    string Name { get; }

    /// <summary>Whether the file is there.</summary>
    /// <param name="path">Relative path with <c>/</c>.</param>
    /// <exception cref="BadInputException">The path is not a plain relative path.</exception>
    bool Exists(string path);

    /// <summary>Opens a file for reading.</summary>
    /// <param name="path">Relative path with <c>/</c>.</param>
    /// <returns>A seekable stream, at its start; the caller disposes it.</returns>
    /// <exception cref="BadInputException">The path is not a plain relative path, or the file is missing or cannot be opened.</exception>
    Stream OpenRead(string path);

    /// <summary>What is known of a file without reading it; null where there is no such file.</summary>
    /// <param name="path">Relative path with <c>/</c>.</param>
    /// <exception cref="BadInputException">The path is not a plain relative path.</exception>
    FileStamp? Stamp(string path);
}

/// <summary>What is known of a file without reading it.</summary>
/// <param name="Bytes">Its length.</param>
/// <param name="Fingerprint">
/// A text that changes whenever the file's content may have changed, so that an unchanged file need not be read again; null where the source has no
/// such thing.
/// </param>
public readonly record struct FileStamp(long Bytes, string? Fingerprint);
