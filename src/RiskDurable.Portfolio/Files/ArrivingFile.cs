using System.Buffers;
using System.Security.Cryptography;

namespace RiskDurable.Portfolio.Files;

/// <summary>A file that is being written under a temporary name, and hashed on the way; removed on disposal unless it was moved.</summary>
internal sealed class ArrivingFile : IDisposable
{
    private const int BufferSize = 128 * 1024;

    private readonly string _path;
    private readonly FileStream _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public ArrivingFile(string temporaryFolder)
    {
        _path = Path.Combine(temporaryFolder, Guid.NewGuid().ToString("N"));
        _file = new FileStream(_path, FileMode.CreateNew, FileAccess.Write, FileShare.Delete, bufferSize: 0);
    }

    /// <summary>Bytes so far.</summary>
    public long Length { get; private set; }

    public async Task AppendAsync(Stream content, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is var read and > 0)
            {
                _hash.AppendData(buffer, 0, read);
                await _file.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                Length += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Ends the writing; what was written outlives a power failure, as nothing produces it again.</summary>
    /// <returns>SHA-256 of the bytes, lower-case hexadecimal.</returns>
    public string Complete()
    {
        _file.Flush(flushToDisk: true);
        _file.Dispose();
        return Convert.ToHexStringLower(_hash.GetHashAndReset());
    }

    public void MoveTo(string target) => File.Move(_path, target, overwrite: true);

    public void Dispose()
    {
        _file.Dispose();
        _hash.Dispose();
        File.Delete(_path);
    }
}
