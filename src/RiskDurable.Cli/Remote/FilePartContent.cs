using System.Net;
using System.Net.Http.Headers;

namespace RiskDurable.Cli.Remote;

/// <summary>A run of a file's bytes as the body of a request; read while it is sent, again where it is sent again.</summary>
internal sealed class FilePartContent : HttpContent
{
    private const int BufferSize = 128 * 1024;

    private readonly string _path;
    private readonly long _first;
    private readonly long _length;
    private readonly Action<long> _sent;

    /// <summary>Names the bytes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="first">Number of the first byte.</param>
    /// <param name="length">Number of bytes.</param>
    /// <param name="total">Bytes of the whole file.</param>
    /// <param name="sent">Told how many bytes more have been sent.</param>
    public FilePartContent(string path, long first, long length, long total, Action<long> sent)
    {
        (_path, _first, _length, _sent) = (path, first, length, sent);
        Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        if (length < total)
        {
            Headers.ContentRange = new ContentRangeHeaderValue(first, first + length - 1, total);
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        using var file = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);
        file.Position = _first;
        byte[] buffer = new byte[BufferSize];
        for (long left = _length; left > 0;)
        {
            int read = await file.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, BufferSize)), cancellationToken);
            if (read == 0)
            {
                throw new IOException($"{_path} became shorter while it was sent.");
            }

            await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            _sent(read);
            left -= read;
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _length;
        return true;
    }
}
