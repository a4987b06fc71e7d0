using Microsoft.Extensions.Options;
using RiskDurable.Functions.Hosting;

namespace RiskDurable.Functions.Portfolios;

/// <summary>The folders below which portfolios are looked for when a request names a folder: a caller must not read elsewhere.</summary>
/// <param name="options">Which folders.</param>
public sealed class PortfolioRoots(IOptions<RiskOptions> options)
{
    private readonly string[] _roots =
    [
        .. options.Value.PortfolioRoots
            .Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(root => Path.TrimEndingDirectorySeparator(Path.GetFullPath(root))),
    ];

    /// <summary>Finds a folder. Links below a root are followed: whoever made them meant it.</summary>
    /// <param name="folder">Relative to one of the roots, or a full path below one.</param>
    /// <param name="objection">What is wrong, where nothing is found.</param>
    /// <returns>The full path, or null.</returns>
    public string? Find(string folder, out string objection)
    {
        ArgumentNullException.ThrowIfNull(folder);
        if (folder.Any(char.IsControl))
        {
            objection = "The folder's name has a control character.";
            return null;
        }

        string[] inside = [.. _roots.Select(root => Path.GetFullPath(folder, root)).Where(IsBelowARoot)];
        objection = inside.Length == 0
            ? $"The folder '{folder}' is not below a folder that portfolios are read from (setting Risk:PortfolioRoots)."
            : $"There is no folder '{folder}' below the folders that portfolios are read from (setting Risk:PortfolioRoots).";
        return inside.FirstOrDefault(Directory.Exists);
    }

    private bool IsBelowARoot(string path) => _roots.Any(root =>
        path.Equals(root, StringComparison.Ordinal) || path.StartsWith(Path.EndsInDirectorySeparator(root) ? root : root + Path.DirectorySeparatorChar, StringComparison.Ordinal));
}
