namespace RiskDurable.Portfolio.Results;

/// <summary>
/// A file that appears under its name only when it is complete: it is written beside the target, moved over it by
/// <see cref="Complete"/>, and deleted by <see cref="Dispose"/> when that did not happen.
/// </summary>
public sealed class ReplacedFile : IDisposable
{
    private readonly string _path;
    private readonly string _partial;
    private FileStream? _stream;

    /// <summary>Opens the temporary file; its folder is created when it is missing.</summary>
    /// <param name="path">The target.</param>
    /// <exception cref="IOException">It cannot be created, or another process writes the same target.</exception>
    public ReplacedFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = Path.GetFullPath(path);
        _partial = _path + ".partial";
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        _stream = new FileStream(_partial, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1);
    }

    /// <summary>Where the content goes; unbuffered.</summary>
    /// <exception cref="ObjectDisposedException">The file is complete or disposed.</exception>
    public Stream Stream => _stream ?? throw new ObjectDisposedException(_path);

    /// <summary>Puts the file in its place, over one that is there.</summary>
    public void Complete()
    {
        Stream.Dispose();
        _stream = null;
        File.Move(_partial, _path, overwrite: true);
    }

    /// <summary>Deletes what was written, unless it is complete.</summary>
    public void Dispose()
    {
        if (_stream is not null)
        {
            _stream.Dispose();
            _stream = null;
            File.Delete(_partial);
        }
    }
}
