using Microsoft.Extensions.Configuration;
using RiskDurable.Embedded.Hosting;

namespace RiskDurable.Embedded.Settings;

/// <summary>The time zone that NCRONTAB expressions are read in.</summary>
internal static class TimeZoneSetting
{
    private const string Name = "WEBSITE_TIME_ZONE";

    /// <exception cref="HostStartupException">The setting names no time zone of this system.</exception>
    public static TimeZoneInfo Read(IConfiguration settings)
    {
        if (settings[Name] is not { Length: > 0 } id)
        {
            return TimeZoneInfo.Utc;
        }

        return TimeZoneInfo.TryFindSystemTimeZoneById(id, out TimeZoneInfo? zone)
            ? zone
            : throw new HostStartupException($"The application setting {Name} is wrong:", [$"\"{id}\" is no time zone of this system; use a name such as \"Europe/Berlin\"."]);
    }
}
