using System.Globalization;
using Microsoft.Net.Http.Headers;
using RiskDurable.Functions.Http;
using RiskDurable.Portfolio;

namespace RiskDurable.Functions.Portfolios;

/// <summary>What the headers of an upload say of its bytes.</summary>
internal static class UploadHeaders
{
    /// <summary>SHA-256 of the whole file, RFC 9530.</summary>
    public const string ReprDigest = "Repr-Digest";

    /// <summary>SHA-256 of the body alone, RFC 9530.</summary>
    public const string ContentDigest = "Content-Digest";

    private const int DigestBytes = 32;
    private const string Algorithm = "sha-256=:";

    /// <summary>The SHA-256 of a digest header as hexadecimal digits; null where it is not given.</summary>
    /// <param name="request">The request.</param>
    /// <param name="header">The header's name.</param>
    /// <exception cref="BadInputException">It is malformed.</exception>
    public static string? Sha256Of(HttpRequest request, string header)
    {
        foreach (string member in request.Headers[header].SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries)))
        {
            if (!member.StartsWith(Algorithm, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            byte[] digest = new byte[DigestBytes];
            string text = member[Algorithm.Length..].TrimEnd(':');
            return Convert.TryFromBase64String(text, digest, out int length) && length == DigestBytes
                ? Convert.ToHexStringLower(digest)
                : throw new BadInputException([new Problem(ApiProblem.Header, header, $"A SHA-256 was expected, as in '{header}: sha-256=:<44 characters of base64>:'.")]);
        }

        return null;
    }

    /// <summary>Which bytes of the file the body holds: number of the first, and of all of the file's; all where <c>Content-Range</c> is not given.</summary>
    /// <param name="request">The request.</param>
    /// <param name="length">Bytes of the body.</param>
    /// <exception cref="BadInputException">The header is malformed or contradicts the length.</exception>
    public static (long First, long Total) RangeOf(HttpRequest request, long length)
    {
        string text = request.Headers.ContentRange.ToString();
        if (text.Length == 0)
        {
            return (0, length);
        }

        if (!ContentRangeHeaderValue.TryParse(text, out ContentRangeHeaderValue? range) || range is not { From: { } from, To: { } to, Length: { } total } || range.Unit != "bytes")
        {
            throw Wrong("A range with the file's length was expected, as in 'Content-Range: bytes 0-8388607/20000000'.");
        }

        return to - from + 1 == length
            ? (from, total)
            : throw Wrong(string.Create(CultureInfo.InvariantCulture, $"The range has {to - from + 1} bytes, the body {length}."));
    }

    private static BadInputException Wrong(string message) => new([new Problem(ApiProblem.Header, HeaderNames.ContentRange, message)]);
}
