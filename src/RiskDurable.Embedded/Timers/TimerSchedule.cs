using System.Globalization;
using Cronos;

namespace RiskDurable.Embedded.Timers;

/// <summary>When a timer ticks.</summary>
internal abstract class TimerSchedule
{
    private static readonly TimeSpan ShortestMonitoredInterval = TimeSpan.FromMinutes(1);

    /// <summary>The first tick after a moment.</summary>
    /// <param name="after">UTC.</param>
    public abstract DateTime Next(DateTime after);

    /// <summary>Whether ticks lie far enough apart for their state to be recorded: a minute or more, as in the real host.</summary>
    public bool CanBeMonitored(DateTime now)
    {
        DateTime tick = Next(now);
        for (int i = 0; i < 10; i++)
        {
            DateTime following = Next(tick);
            if (following - tick < ShortestMonitoredInterval)
            {
                return false;
            }

            tick = following;
        }

        return true;
    }

    /// <summary>Reads an NCRONTAB expression or a time span.</summary>
    /// <param name="text">The schedule, references resolved.</param>
    /// <param name="zone">The time zone that the expression's fields are read in.</param>
    /// <exception cref="FormatException">The text is neither; the message says what is wrong with it.</exception>
    public static TimerSchedule Parse(string text, TimeZoneInfo zone)
    {
        string trimmed = text.Trim();
        string[] fields = trimmed.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length is 5 or 6)
        {
            return ParseCron(trimmed, fields, zone);
        }

        if (fields.Length == 1 && TimeSpan.TryParse(trimmed, CultureInfo.InvariantCulture, out TimeSpan interval))
        {
            return interval > TimeSpan.Zero
                ? new IntervalSchedule(interval)
                : throw new FormatException($"\"{text}\" is not longer than zero.");
        }

        throw new FormatException(
            $"\"{text}\" is neither an NCRONTAB expression (\"second minute hour day month day-of-week\") nor a time span (\"00:05:00\").");
    }

    private static CronSchedule ParseCron(string text, string[] fields, TimeZoneInfo zone)
    {
        // Cronos knows more than NCRONTAB does; what Azure would refuse must not work here.
        foreach (string field in fields)
        {
            bool isName = field.Any(char.IsAsciiLetter);
            string remaining = isName ? WithoutNames(field) : field;
            if (remaining.Any(character => !char.IsAsciiDigit(character) && character is not ('*' or ',' or '-' or '/')))
            {
                throw new FormatException($"\"{text}\": field \"{field}\" is not NCRONTAB: use numbers, names of months and days, '*', ',', '-' and '/'.");
            }
        }

        if (fields[^1].Split(',', '-').Any(day => day.Split('/')[0] == "7"))
        {
            throw new FormatException($"\"{text}\": days of the week run from 0 (Sunday) to 6.");
        }

        try
        {
            return new CronSchedule(CronExpression.Parse(text, fields.Length == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard), zone);
        }
        catch (CronFormatException problem)
        {
            throw new FormatException($"\"{text}\": {problem.Message}", problem);
        }
    }

    private static string WithoutNames(string field)
    {
        DateTimeFormatInfo names = CultureInfo.InvariantCulture.DateTimeFormat;
        string remaining = field.ToUpperInvariant();
        foreach (string name in names.AbbreviatedMonthNames.Concat(names.AbbreviatedDayNames).Where(name => name.Length > 0))
        {
            remaining = remaining.Replace(name.ToUpperInvariant(), "", StringComparison.Ordinal);
        }

        return remaining;
    }

    private sealed class IntervalSchedule(TimeSpan interval) : TimerSchedule
    {
        public override DateTime Next(DateTime after) => after + interval;
    }

    private sealed class CronSchedule(CronExpression expression, TimeZoneInfo zone) : TimerSchedule
    {
        public override DateTime Next(DateTime after) =>
            expression.GetNextOccurrence(DateTime.SpecifyKind(after, DateTimeKind.Utc), zone)
            ?? throw new FormatException($"\"{expression}\" never ticks after {after:u}.");
    }
}
