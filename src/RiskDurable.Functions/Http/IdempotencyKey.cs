using RiskDurable.Portfolio;

namespace RiskDurable.Functions.Http;

/// <summary>The header <c>Idempotency-Key</c>: whoever asks again with the same key starts nothing twice.</summary>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";

    private const int Longest = 80;

    /// <summary>The key of a request; null where it has none.</summary>
    /// <param name="request">The request.</param>
    /// <exception cref="BadInputException">It cannot be part of an id.</exception>
    public static string? Read(HttpRequest request)
    {
        string key = request.Headers[Header].ToString();
        if (key.Length == 0)
        {
            return null;
        }

        return key.Length <= Longest && key.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.')
            ? key
            : throw new BadInputException([new Problem(ApiProblem.Header, Header, $"Up to {Longest} letters, digits, '-', '_' and '.' were expected.")]);
    }
}
