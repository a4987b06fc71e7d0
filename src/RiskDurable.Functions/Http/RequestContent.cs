using System.Text.Json;
using RiskDurable.Portfolio;

namespace RiskDurable.Functions.Http;

/// <summary>Reads request bodies, within limits.</summary>
internal static class RequestContent
{
    private static readonly JsonDocumentOptions Json = new() { CommentHandling = JsonCommentHandling.Skip, MaxDepth = 32 };

    /// <summary>The whole body; null where it is larger than allowed.</summary>
    /// <param name="request">The request.</param>
    /// <param name="limit">What is allowed, bytes.</param>
    public static async Task<byte[]?> ReadAsync(HttpRequest request, int limit)
    {
        if (request.ContentLength > limit)
        {
            return null;
        }

        using var body = new MemoryStream((int)(request.ContentLength ?? 0));
        byte[] part = new byte[16 * 1024];
        while (await request.Body.ReadAsync(part, request.HttpContext.RequestAborted).ConfigureAwait(false) is var read and > 0)
        {
            if (body.Length + read > limit)
            {
                return null;
            }

            body.Write(part, 0, read);
        }

        return body.ToArray();
    }

    /// <summary>The body as JSON.</summary>
    /// <param name="body">UTF-8.</param>
    /// <exception cref="BadInputException">It is not JSON.</exception>
    public static JsonDocument Parse(byte[] body)
    {
        if (body.Length == 0)
        {
            throw new BadInputException([new Problem(ApiProblem.Body, "$", "The body is empty; a JSON document was expected.")]);
        }

        try
        {
            return JsonDocument.Parse(body, Json);
        }
        catch (JsonException exception)
        {
            string place = FormattableString.Invariant($"line {(exception.LineNumber ?? 0) + 1}, column {(exception.BytePositionInLine ?? 0) + 1}");
            throw new BadInputException([new Problem(ApiProblem.Body, place, $"This is not valid JSON: {exception.Message.Split(" LineNumber:")[0]}")]);
        }
    }
}
