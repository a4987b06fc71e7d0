using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace RiskDurable.Embedded.Http;

/// <summary>The one key of the host, in place of Azure's function, system and master keys.</summary>
internal sealed class ApiKey(string? key)
{
    private const string Header = "x-functions-key";
    private const string QueryParameter = "code";

    private readonly byte[]? _key = key is null ? null : Encoding.UTF8.GetBytes(key);

    /// <summary>Whether a request may pass: always where no key is configured.</summary>
    public bool Admits(HttpRequest request)
    {
        if (_key is null)
        {
            return true;
        }

        string? given = request.Headers.TryGetValue(Header, out var header) ? header.ToString()
            : request.Query.TryGetValue(QueryParameter, out var query) ? query.ToString() : null;
        return given is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), _key);
    }
}
