namespace RiskDurable.Execution.Storage;

/// <summary>Documents as files under a folder. Several processes of one machine may share it.</summary>
/// <remarks>A version is the hash of the bytes: a document that is changed and changed back is the version it was.</remarks>
public sealed class DiskDocumentStore : IDocumentStore
{
    private static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestLock = TimeSpan.FromSeconds(20);

    private readonly string _root;

    /// <summary>Opens the store, creating its folder if need be.</summary>
    /// <param name="root">The folder.</param>
    public DiskDocumentStore(string root)
    {
        _root = Path.GetFullPath(root);
        Directory.CreateDirectory(_root);
    }

    /// <inheritdoc/>
    public string Name => _root;

    /// <inheritdoc/>
    public async ValueTask<StoredDocument?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            byte[] data = await File.ReadAllBytesAsync(PathOf(name), cancellationToken).ConfigureAwait(false);
            return new StoredDocument(data, KeyHash.OfContent(data));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> WriteAsync(string name, ReadOnlyMemory<byte> data, string? ifMatch, CancellationToken cancellationToken)
    {
        string path = PathOf(name);
        using FileStream held = await LockAsync(cancellationToken).ConfigureAwait(false);
        if ((await ReadAsync(name, cancellationToken).ConfigureAwait(false))?.ETag != ifMatch)
        {
            return false;
        }

        string temporary = Path.Combine(_root, $".{Guid.NewGuid():N}");
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                file.Write(data.Span);

                // Nothing produces a document again: it must outlive a power failure.
                file.Flush(flushToDisk: true);
            }

            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }

        return true;
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string name, CancellationToken cancellationToken)
    {
        string path = PathOf(name);
        using FileStream held = await LockAsync(cancellationToken).ConfigureAwait(false);
        if (File.Exists(path))
        {
            File.Delete(path);
        }
    }

    /// <summary>One writer at a time; the lock goes with the process that holds it.</summary>
    private async ValueTask<FileStream> LockAsync(CancellationToken cancellationToken)
    {
        string path = Path.Combine(_root, ".lock");
        long started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException) when (TimeProvider.System.GetElapsedTime(started) < LongestLock)
            {
                await Task.Delay(LockPoll, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private string PathOf(string name)
    {
        DocumentName.Check(name);
        return Path.Combine(_root, name);
    }
}
