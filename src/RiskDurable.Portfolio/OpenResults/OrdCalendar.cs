namespace RiskDurable.Portfolio.OpenResults;

/// <summary>
/// Days of the year and dates. Every simulated year has the 366 days of a leap year, so that the order of dates is that of days whatever the
/// year is called: 1 January is day 1, noon on it 1.5, 31 December is day 366.
/// </summary>
public static class OrdCalendar
{
    private const int MinutesADay = 24 * 60;

    private static readonly int[] DaysOfMonths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    private static readonly int[] DaysBefore = [.. DaysOfMonths.Select((_, month) => DaysOfMonths.Take(month).Sum())];

    /// <summary>The day of a date; null where there is no such date.</summary>
    /// <param name="month">From 1.</param>
    /// <param name="day">From 1.</param>
    /// <param name="hour">From 0.</param>
    /// <param name="minute">From 0.</param>
    public static double? DayOf(long month, long day, long hour, long minute) =>
        month is >= 1 and <= 12 && day >= 1 && day <= DaysOfMonths[month - 1] && hour is >= 0 and < 24 && minute is >= 0 and < 60
            ? DaysBefore[month - 1] + day + (((hour * 60) + minute) / (double)MinutesADay)
            : null;

    /// <summary>The date of a day, to the minute; days outside the year count as its first or last.</summary>
    /// <param name="day">The day.</param>
    public static (int Month, int Day, int Hour, int Minute) DateOf(double day)
    {
        long minutes = (long)Math.Floor(Math.Clamp(day, 1, 367) * MinutesADay);
        minutes = Math.Min(minutes, (367L * MinutesADay) - 1);
        int whole = (int)(minutes / MinutesADay);
        int month = 12;
        while (DaysBefore[month - 1] >= whole)
        {
            month--;
        }

        int rest = (int)(minutes % MinutesADay);
        return (month, whole - DaysBefore[month - 1], rest / 60, rest % 60);
    }
}
