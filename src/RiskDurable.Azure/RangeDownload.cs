using System.Globalization;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace RiskDurable.Azure;

/// <summary>A range of a blob on its way, with the length of the whole; its bytes go to where the caller wants them without a copy between.</summary>
internal sealed class RangeDownload : IDisposable
{
    private readonly Stream _content;

    private RangeDownload(Stream content, long total)
    {
        _content = content;
        Total = total;
    }

    /// <summary>Length of the blob.</summary>
    public long Total { get; }

    /// <summary>Asks for a range; nothing comes where the blob ends before it.</summary>
    /// <param name="blob">The blob.</param>
    /// <param name="offset">First byte.</param>
    /// <param name="length">Number of bytes, at least 1.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="RequestFailedException">It is not there.</exception>
    public static async Task<RangeDownload> OpenAsync(BlobClient blob, long offset, int length, CancellationToken cancellationToken)
    {
        try
        {
            BlobDownloadStreamingResult range = await blob.DownloadStreamingAsync(
                new BlobDownloadOptions { Range = new HttpRange(offset, length) }, cancellationToken).ConfigureAwait(false);

            // "bytes 0-99/1234"
            string? text = range.Details.ContentRange;
            long total = text is null
                ? range.Details.ContentLength
                : long.Parse(text.AsSpan(text.IndexOf('/', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture);
            return new RangeDownload(range.Content, total);
        }
        catch (RequestFailedException behindItsEnd) when (behindItsEnd.Status == 416)
        {
            BlobProperties properties = await blob.GetPropertiesAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            return new RangeDownload(Stream.Null, properties.ContentLength);
        }
    }

    /// <summary>Receives the range.</summary>
    /// <param name="memory">Where to; as long as the range is, or as what the blob has of it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="IOException">The connection broke.</exception>
    public async Task ReadToEndAsync(Memory<byte> memory, CancellationToken cancellationToken) =>
        await _content.ReadExactlyAsync(memory, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public void Dispose() => _content.Dispose();
}
