using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace RiskDurable.Portfolio.Reading;

/// <summary>JSON text to documents; syntax errors become problems with their line and column.</summary>
internal static class JsonDocuments
{
    // A book of 100,000 deals takes some 200 MB; more than this is not a portfolio file.
    private const long LargestFile = 1L << 30;

    private static readonly JsonDocumentOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, MaxDepth = 32 };

    /// <summary>The bytes of a file without a byte order mark.</summary>
    /// <exception cref="BadInputException">The file is missing, cannot be read, or is far too large.</exception>
    public static ReadOnlyMemory<byte> ReadAll(Files.IPortfolioFiles files, string file)
    {
        using Stream stream = files.OpenRead(file);
        if (stream.Length > LargestFile)
        {
            throw new BadInputException([new Problem(file, "", "The file is larger than 1 GB; put tables into CSV or Parquet files.")]);
        }

        byte[] bytes = new byte[stream.Length];
        try
        {
            stream.ReadExactly(bytes);
        }
        catch (IOException error) when (!Files.SourceFailure.IsOf(stream))
        {
            throw new BadInputException([new Problem(file, "", $"The file cannot be read: {error.Message}")]);
        }

        return bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes.AsMemory(3) : bytes;
    }

    /// <summary>Parses one document; null after a problem.</summary>
    /// <param name="context">Where problems go.</param>
    /// <param name="text">UTF-8.</param>
    /// <param name="file">The file, for messages.</param>
    /// <param name="firstLine">The line in which the text starts, from 1.</param>
    public static JsonDocument? Parse(ReadingContext context, ReadOnlyMemory<byte> text, string file, long firstLine)
    {
        if (!Utf8.IsValid(text.Span))
        {
            context.Problems.Add(file, Line(firstLine), "The text is not UTF-8; save the file as UTF-8.");
            return null;
        }

        try
        {
            return JsonDocument.Parse(text, Options);
        }
        catch (JsonException error)
        {
            string place = string.Create(
                CultureInfo.InvariantCulture, $"line {firstLine + (error.LineNumber ?? 0)}, column {(error.BytePositionInLine ?? 0) + 1}");
            string reason = error.Message.Split(" LineNumber:")[0];
            context.Problems.Add(file, place, $"This is not valid JSON: {reason}");
            return null;
        }
    }

    private static string Line(long line) => string.Create(CultureInfo.InvariantCulture, $"line {line}");
}
