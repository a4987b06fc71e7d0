namespace RiskDurable.Functions.Http;

/// <summary>Who sent a request.</summary>
internal static class Caller
{
    // Set by the platform's authentication, which removes what a client sends under this name.
    private const string PrincipalHeader = "X-MS-CLIENT-PRINCIPAL-NAME";
    private const int Longest = 200;

    public const string Unknown = "http";

    /// <summary>The name that the platform's authentication gives; for the record, not for any decision.</summary>
    /// <param name="request">The request.</param>
    public static string Of(HttpRequest request)
    {
        string name = request.Headers[PrincipalHeader].ToString();
        return name.Length is > 0 and <= Longest ? name : Unknown;
    }
}
