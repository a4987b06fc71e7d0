using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace RiskDurable.Embedded.Http;

/// <summary>The one key of the host, in place of Azure's function, system and master keys.</summary>
internal sealed class ApiKey(string? key)
{
    private const string Header = "x-functions-key";
    private const string QueryParameter = "code";

    private readonly byte[]? _digest = key is null ? null : DigestOf(key);

    /// <summary>Whether a request may pass: always where no key is configured.</summary>
    public bool Admits(HttpRequest request)
    {
        if (_digest is null)
        {
            return true;
        }

        // Digests have one length: how long it takes tells nothing of the key, not even how long that is.
        return Given(request) is { } given && IsRight(given);
    }

    /// <summary>Whether a key is the configured one.</summary>
    public bool IsRight(string given) => _digest is not null && CryptographicOperations.FixedTimeEquals(DigestOf(given), _digest);

    /// <summary>The key that a request presents; null where it presents none.</summary>
    public static string? Given(HttpRequest request) =>
        request.Headers.TryGetValue(Header, out var header) ? header.ToString()
        : request.Query.TryGetValue(QueryParameter, out var query) ? query.ToString() : null;

    private static byte[] DigestOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
