using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using RiskDurable.Portfolio.Files;

namespace RiskDurable.Azure;

/// <summary>
/// A blob as a seekable stream. It is fetched in segments, and those that follow one that is read are fetched ahead: a table that is read from its
/// beginning to its end, or column by column, comes as fast as the line is. One version is read, or reading fails.
/// </summary>
internal sealed class BlobReadStream(BlobAccount account, BlobClient blob, ETag tag, long length, string path) : Stream, IRemoteSource
{
    private const int SegmentBytes = 4 << 20;
    private const int Ahead = 2;

    // The columns of a Parquet file are read side by side: each needs a segment, and those ahead of it.
    private const int MostSegments = 18;

    private readonly CancellationTokenSource _closed = new();
    private readonly Dictionary<long, Segment> _segments = [];
    private long _uses;
    private long _position;

    public Exception? Failure { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    // Whoever reads tables does so on a thread of its own.
    public override int Read(Span<byte> buffer) => Copy(SegmentAsync(buffer.Length).GetAwaiter().GetResult(), buffer);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Copy(await SegmentAsync(buffer.Length).WaitAsync(cancellationToken).ConfigureAwait(false), buffer.Span);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => _position,
        _ => length,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // What was fetched ahead in vain ends.
            _closed.Cancel();
            _segments.Clear();
        }

        base.Dispose(disposing);
    }

    private int Copy(byte[] segment, Span<byte> buffer)
    {
        if (_position >= length || buffer.IsEmpty)
        {
            return 0;
        }

        ReadOnlySpan<byte> available = segment.AsSpan((int)(_position % SegmentBytes));
        int count = Math.Min(available.Length, buffer.Length);
        available[..count].CopyTo(buffer);
        _position += count;
        return count;
    }

    /// <summary>The segment of the position; those that follow are fetched where it looks as if they will be read.</summary>
    private async Task<byte[]> SegmentAsync(int count)
    {
        ObjectDisposedException.ThrowIf(_closed.IsCancellationRequested, this);
        if (_position >= length || count == 0)
        {
            return [];
        }

        long index = _position / SegmentBytes;
        bool follows = index == 0 || _segments.ContainsKey(index) || _segments.ContainsKey(index - 1);
        Task<byte[]> wanted = Fetch(index);
        for (long next = index + 1; follows && next <= index + Ahead && next * SegmentBytes < length; next++)
        {
            _ = Fetch(next);
        }

        try
        {
            return await wanted.ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            Failure = failure;
            throw;
        }
    }

    private Task<byte[]> Fetch(long index)
    {
        if (!_segments.TryGetValue(index, out Segment? segment))
        {
            if (_segments.Count >= MostSegments)
            {
                _segments.Remove(_segments.MinBy(held => held.Value.LastUse).Key);
            }

            _segments[index] = segment = new Segment(DownloadAsync(index));
        }

        segment.LastUse = ++_uses;
        return segment.Bytes;
    }

    private async Task<byte[]> DownloadAsync(long index)
    {
        long first = index * SegmentBytes;
        int count = (int)Math.Min(SegmentBytes, length - first);
        var options = new BlobDownloadOptions { Range = new HttpRange(first, count), Conditions = new BlobRequestConditions { IfMatch = tag } };
        try
        {
            return await account.RunAsync(
                "read-portfolio",
                count,
                async cancel => (await blob.DownloadContentAsync(options, cancel).ConfigureAwait(false)).Value.Content.ToArray(),
                _closed.Token).ConfigureAwait(false);
        }
        catch (RequestFailedException changed) when (changed.Status is 404 or 412)
        {
            throw new IOException($"'{path}' was replaced or removed while it was read. Pack the portfolio again.", changed);
        }
    }

    private sealed class Segment(Task<byte[]> bytes)
    {
        public Task<byte[]> Bytes => bytes;

        public long LastUse { get; set; }
    }
}
