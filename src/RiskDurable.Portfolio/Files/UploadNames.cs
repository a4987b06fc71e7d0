using System.Text;

namespace RiskDurable.Portfolio.Files;

/// <summary>What an upload area calls portfolios and their files.</summary>
public static class UploadNames
{
    private const int LongestFolder = 120;
    private const int LongestPath = 400;
    private const int LongestSegment = 200;

    /// <summary>The folder of a portfolio: its id, with everything percent-encoded that is special in an address or to a file system.</summary>
    /// <param name="portfolio">The portfolio's id.</param>
    /// <exception cref="BadInputException">The id is too long.</exception>
    public static string FolderOf(string portfolio)
    {
        ArgumentException.ThrowIfNullOrEmpty(portfolio);
        string folder = Uri.EscapeDataString(portfolio);

        // What begins with a dot is the area's own.
        folder = folder[0] == '.' ? "%2E" + folder[1..] : folder;
        return folder.Length <= LongestFolder
            ? folder
            : throw new BadInputException([new Problem(
                "", "", $"The portfolio's id is too long for uploads: with special characters percent-encoded it has {folder.Length} characters, at most {LongestFolder} are allowed.")]);
    }

    /// <summary>Passes a path on that can be stored.</summary>
    /// <param name="path">Relative path with <c>/</c>.</param>
    /// <exception cref="BadInputException">It leaves the portfolio's folder, or is too long.</exception>
    public static string CheckPath(string path)
    {
        PortfolioFilePath.Check(path);
        if (path.Length > LongestPath || path.Split('/').Any(segment => Encoding.UTF8.GetByteCount(segment) > LongestSegment))
        {
            throw new BadInputException([new Problem(
                path, "", $"This path is refused: it is too long; up to {LongestPath} characters are allowed, and {LongestSegment} bytes a name between two '/'.")]);
        }

        return path;
    }
}
