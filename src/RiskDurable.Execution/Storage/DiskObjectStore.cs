using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;

namespace RiskDurable.Execution.Storage;

/// <summary>Objects as files under a folder, <c>ab/abcd....kind</c>. Several processes may share the folder.</summary>
/// <remarks>
/// A file is written under a temporary name and renamed, so that a reader never sees a part of one, whenever the writer is killed. It is not
/// flushed to the device: what a power failure may tear is found by its checksums when it is read, and produced again.
/// </remarks>
public sealed class DiskObjectStore : IObjectStore
{
    private const string TemporaryFolder = ".tmp";
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromHours(24);

    private readonly string _root;
    private readonly string _temporary;

    /// <summary>Opens the store, creating its folder if need be, and removes what writers killed long ago left behind.</summary>
    /// <param name="root">The folder.</param>
    public DiskObjectStore(string root)
    {
        _root = Path.GetFullPath(root);
        _temporary = Path.Combine(_root, TemporaryFolder);
        Directory.CreateDirectory(_temporary);
        foreach (FileInfo abandoned in new DirectoryInfo(_temporary).EnumerateFiles())
        {
            if (DateTime.UtcNow - abandoned.LastWriteTimeUtc > AbandonedAfter)
            {
                abandoned.Delete();
            }
        }
    }

    /// <inheritdoc/>
    public string Name => _root;

    /// <inheritdoc/>
    public ValueTask<bool> ExistsAsync(ObjectKey key, CancellationToken cancellationToken) => ValueTask.FromResult(File.Exists(PathOf(key)));

    /// <inheritdoc/>
    public ValueTask WriteAsync(ObjectKey key, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string path = PathOf(key);
        if (File.Exists(path))
        {
            return ValueTask.CompletedTask;
        }

        string temporary = Path.Combine(_temporary, Guid.NewGuid().ToString("N"));
        try
        {
            // Synchronous on purpose: file I/O here is a copy into the page cache, which no thread pool makes faster.
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                file.Write(data.Span);
            }

            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<byte[]> ReadAsync(ObjectKey key, CancellationToken cancellationToken) => ReadRangeAsync(key, 0, Array.MaxLength, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<byte[]> ReadRangeAsync(ObjectKey key, long offset, int length, CancellationToken cancellationToken) => ValueTask.FromResult(
        Read(key, offset, length, available => GC.AllocateUninitializedArray<byte>(available), data => data, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<ObjectBytes> LendRangeAsync(ObjectKey key, long offset, int length, CancellationToken cancellationToken) => ValueTask.FromResult(
        Read(key, offset, length, ObjectBytes.Lend, data => data.Span, cancellationToken));

    /// <inheritdoc/>
    public ValueTask ReadPartsAsync(ObjectKey key, long offset, IReadOnlyList<Memory<byte>> parts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parts);
        using SafeFileHandle file = Open(key, cancellationToken);
        foreach (Memory<byte> part in parts)
        {
            Read(file, key, offset, part.Span);
            offset += part.Length;
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        try
        {
            File.Delete(PathOf(key));
        }
        catch (DirectoryNotFoundException)
        {
            // Nothing was ever stored under this prefix.
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredObject> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (DirectoryInfo folder in new DirectoryInfo(_root).EnumerateDirectories().Where(folder => folder.Name != TemporaryFolder))
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (FileInfo file in folder.EnumerateFiles())
            {
                if (ObjectKey.TryParse(file.Name, out ObjectKey key))
                {
                    yield return new StoredObject(key, file.Length, file.LastWriteTimeUtc);
                }
            }

            await Task.CompletedTask.ConfigureAwait(false);
        }
    }

    private T Read<T>(ObjectKey key, long offset, int length, Func<int, T> allocate, Func<T, Span<byte>> bytesOf, CancellationToken cancellationToken)
    {
        using SafeFileHandle file = Open(key, cancellationToken);
        long available = Math.Max(RandomAccess.GetLength(file) - offset, 0);
        T data = allocate((int)Math.Min(available, length));
        Read(file, key, offset, bytesOf(data));
        return data;
    }

    private static void Read(SafeFileHandle file, ObjectKey key, long offset, Span<byte> bytes)
    {
        int read = 0;
        while (read < bytes.Length)
        {
            int got = RandomAccess.Read(file, bytes[read..], offset + read);
            if (got == 0)
            {
                throw UnreadableObjectException.EndsBefore(key, offset + bytes.Length);
            }

            read += got;
        }
    }

    private SafeFileHandle Open(ObjectKey key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return File.OpenHandle(PathOf(key));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UnreadableObjectException(key, $"it is not in '{_root}'", exception);
        }
    }

    private string PathOf(ObjectKey key) => Path.Combine(_root, key.Hash[..2], key.Name);
}
