namespace RiskDurable.Portfolio.Files;

/// <summary>What a path inside a portfolio may look like: relative, segments joined by <c>/</c>, nothing that climbs out of the root.</summary>
public static class PortfolioFilePath
{
    /// <summary>Says what is wrong with a path, in words that end a sentence about it.</summary>
    /// <param name="path">The path as given.</param>
    /// <returns>Null for a path that is fine.</returns>
    public static string? Objection(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length == 0)
        {
            return "it is empty; give a file name relative to the portfolio's folder";
        }

        if (path.Contains('\\', StringComparison.Ordinal))
        {
            return "it has a '\\'; separate folders with '/'";
        }

        if (path.Any(char.IsControl))
        {
            return "it has a control character";
        }

        // A colon is a drive or a stream name on some file systems.
        if (path[0] == '/' || path.Contains(':', StringComparison.Ordinal))
        {
            return "it must be relative to the portfolio's folder, without a leading '/' and without ':'";
        }

        foreach (string segment in path.Split('/'))
        {
            if (segment.Length == 0 || segment is "." or "..")
            {
                return $"its part '{segment}' is not allowed; files must lie inside the portfolio's folder";
            }
        }

        return null;
    }

    /// <summary>Passes a good path on.</summary>
    /// <param name="path">The path as given.</param>
    /// <exception cref="BadInputException">The path is not a plain relative path.</exception>
    public static string Check(string path) =>
        Objection(path) is string objection ? throw new BadInputException([new Problem(path, "", $"This path is refused: {objection}.")]) : path;
}
