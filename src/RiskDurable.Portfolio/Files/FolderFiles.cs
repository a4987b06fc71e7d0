namespace RiskDurable.Portfolio.Files;

/// <summary>A portfolio in a folder of the local file system. Links inside the folder are followed.</summary>
public sealed class FolderFiles : IPortfolioFiles
{
    private readonly string _root;

    /// <summary>Names the folder; it need not exist yet.</summary>
    /// <param name="root">The folder's path.</param>
    /// <param name="name">What messages call it; its path where null.</param>
    public FolderFiles(string root, string? name = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        Name = name ?? root;
        _root = Path.GetFullPath(root);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public bool Exists(string path) => File.Exists(Locate(path));

    /// <inheritdoc/>
    public Stream OpenRead(string path)
    {
        string file = Locate(path);
        try
        {
            // Readers keep large buffers of their own. Whoever replaces the file meanwhile need not wait for them.
            return new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1, FileOptions.SequentialScan);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BadInputException([new Problem(path, "", $"This file is missing in {Name}.")]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException([new Problem(path, "", $"This file cannot be opened: {error.Message}")]);
        }
    }

    /// <inheritdoc/>
    /// <remarks>The fingerprint is full path, length and time of last change, to the resolution of the file system.</remarks>
    public FileStamp? Stamp(string path)
    {
        var file = new FileInfo(Locate(path));
        return file.Exists ? new(file.Length, FormattableString.Invariant($"{file.FullName}|{file.Length}|{file.LastWriteTimeUtc.Ticks}")) : null;
    }

    private string Locate(string path) => Path.Combine(_root, PortfolioFilePath.Check(path).Replace('/', Path.DirectorySeparatorChar));
}
