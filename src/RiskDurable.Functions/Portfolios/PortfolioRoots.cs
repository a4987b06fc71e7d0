using Microsoft.Extensions.Options;
using RiskDurable.Azure;
using RiskDurable.Functions.Hosting;
using RiskDurable.Portfolio.Files;

namespace RiskDurable.Functions.Portfolios;

/// <summary>
/// The folders and containers below which portfolios are looked for when a request names a folder: a caller must not read elsewhere.
/// </summary>
public sealed class PortfolioRoots
{
    private const string Setting = "(setting Risk:PortfolioRoots)";

    private readonly string[] _folders;
    private readonly string[] _containers;
    private readonly PortfolioSources _sources;

    /// <summary>Reads the setting.</summary>
    /// <param name="options">Which folders and containers.</param>
    /// <param name="sources">Opens what is found.</param>
    /// <param name="accounts">Where containers are; null where the store is the disk of this machine.</param>
    /// <exception cref="InvalidOperationException">A container is named, and there is no storage account.</exception>
    public PortfolioRoots(IOptions<RiskOptions> options, PortfolioSources sources, BlobAccounts? accounts = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        string[] roots = options.Value.PortfolioRoots.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        _containers = [.. roots.Where(IsContainer).Select(root => root.TrimEnd('/'))];
        _folders = [.. roots.Where(root => !IsContainer(root)).Select(root => Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)))];
        _sources = sources;
        if (_containers.Length > 0 && accounts is null)
        {
            throw new InvalidOperationException($"Setting Risk:PortfolioRoots: '{_containers[0]}' is a container, and the setting Risk:Store names no storage account.");
        }
    }

    /// <summary>Finds a folder. Links below a root are followed: whoever made them meant it.</summary>
    /// <param name="folder">Relative to one of the roots, or a full path below one.</param>
    /// <param name="objection">What is wrong, where nothing is found.</param>
    /// <returns>The source, as <see cref="PortfolioSources"/> has it; or null.</returns>
    public string? Find(string folder, out string objection)
    {
        ArgumentNullException.ThrowIfNull(folder);
        if (folder.Any(char.IsControl))
        {
            objection = "The folder's name has a control character.";
            return null;
        }

        string[] onDisk = IsContainer(folder) ? [] : [.. _folders.Select(root => Path.GetFullPath(folder, root)).Where(IsBelowARoot)];
        string[] inContainers = [.. _containers.Select(root => InContainer(folder, root)).OfType<string>()];
        objection = onDisk.Length + inContainers.Length == 0
            ? $"The folder '{folder}' is not below a folder that portfolios are read from {Setting}."
            : $"There is no folder '{folder}' below the folders that portfolios are read from {Setting}.";
        return onDisk.FirstOrDefault(Directory.Exists) ?? inContainers.FirstOrDefault(source => _sources.Open(source) is BlobFiles { IsEmpty: false });
    }

    private static bool IsContainer(string root) => root.StartsWith(PortfolioSources.BlobPrefix, StringComparison.Ordinal);

    /// <summary>The source of a folder in a container; null where it is not below it.</summary>
    private static string? InContainer(string folder, string root)
    {
        string relative = folder.Trim('/');
        if (IsContainer(folder))
        {
            if (relative != root && !relative.StartsWith(root + "/", StringComparison.Ordinal))
            {
                return null;
            }

            relative = relative[root.Length..].Trim('/');
        }

        return relative is "" or "." ? root : PortfolioFilePath.Objection(relative) is null ? $"{root}/{relative}" : null;
    }

    private bool IsBelowARoot(string path) => _folders.Any(root =>
        path.Equals(root, StringComparison.Ordinal) || path.StartsWith(Path.EndsInDirectorySeparator(root) ? root : root + Path.DirectorySeparatorChar, StringComparison.Ordinal));
}
