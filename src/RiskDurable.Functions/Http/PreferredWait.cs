using System.Globalization;
using RiskDurable.Portfolio;

namespace RiskDurable.Functions.Http;

/// <summary>The preference <c>wait</c> of RFC 7240: how long the caller would wait for the result itself.</summary>
internal static class PreferredWait
{
    /// <summary>Longer is not waited for, whatever the caller prefers.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    private const string Header = "Prefer";

    /// <summary>How long to wait; 0 where the caller does not say.</summary>
    /// <param name="request">The request.</param>
    /// <exception cref="BadInputException">It is no number of seconds.</exception>
    public static TimeSpan Of(HttpRequest request)
    {
        foreach (string preference in request.Headers[Header].SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries)))
        {
            string[] parts = preference.Split(';', 2)[0].Split('=', 2, StringSplitOptions.TrimEntries);
            if (!parts[0].Equals("wait", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            return parts.Length == 2 && int.TryParse(parts[1].Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out int seconds)
                ? TimeSpan.FromSeconds(Math.Min(seconds, (int)Longest.TotalSeconds))
                : throw new BadInputException([new Problem(ApiProblem.Header, Header, "A number of seconds was expected, as in 'Prefer: wait=2'.")]);
        }

        return TimeSpan.Zero;
    }

    /// <summary>Tells the caller how long is waited.</summary>
    /// <param name="request">The request.</param>
    /// <param name="wait">As <see cref="Of"/> gave it.</param>
    public static void Confirm(HttpRequest request, TimeSpan wait)
    {
        if (wait > TimeSpan.Zero)
        {
            request.HttpContext.Response.Headers["Preference-Applied"] = string.Create(CultureInfo.InvariantCulture, $"wait={wait.TotalSeconds}");
        }
    }
}
