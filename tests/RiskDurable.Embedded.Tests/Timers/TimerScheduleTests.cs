using System.Globalization;
using RiskDurable.Embedded.Timers;

namespace RiskDurable.Embedded.Tests.Timers;

public sealed class TimerScheduleTests
{
    [Theory]
    [InlineData("0 */5 * * * *", "2026-03-01 10:02:30", "2026-03-01 10:05:00")]
    [InlineData("0 0 3 * * *", "2026-03-01 03:00:00", "2026-03-02 03:00:00")]
    [InlineData("*/5 * * * *", "2026-03-01 10:02:30", "2026-03-01 10:05:00")]
    [InlineData("30 0 9-17 * * 1-5", "2026-02-27 17:00:30", "2026-03-02 09:00:30")]
    [InlineData("0 0 0 1 jan *", "2026-03-01 00:00:00", "2027-01-01 00:00:00")]
    [InlineData("0 0 12 * * MON,Fri", "2026-03-02 12:00:00", "2026-03-06 12:00:00")]
    [InlineData("0 0 0 29 2 *", "2026-03-01 00:00:00", "2028-02-29 00:00:00")]
    [InlineData("0 0 0 13 * 5", "2026-03-01 00:00:00", "2026-03-13 00:00:00")]
    [InlineData("00:00:10", "2026-03-01 10:00:03", "2026-03-01 10:00:13")]
    [InlineData("1.00:00:00", "2026-03-01 10:00:03", "2026-03-02 10:00:03")]
    public void The_next_tick_is(string schedule, string after, string expected) =>
        Assert.Equal(Utc(expected), TimerSchedule.Parse(schedule, TimeZoneInfo.Utc).Next(Utc(after)));

    [Theory]
    [InlineData("")]
    [InlineData("every day")]
    [InlineData("* * * *")]
    [InlineData("0 0 0 L * *")]
    [InlineData("0 0 0 ? * *")]
    [InlineData("0 0 0 * * 1#2")]
    [InlineData("@daily")]
    [InlineData("0 0 0 * * 7")]
    [InlineData("0 60 * * * *")]
    [InlineData("0 0 0 * Foo *")]
    [InlineData("00:00:00")]
    [InlineData("-00:00:10")]
    public void What_the_real_host_would_refuse_is_refused(string schedule)
    {
        FormatException problem = Assert.Throws<FormatException>(() => TimerSchedule.Parse(schedule, TimeZoneInfo.Utc));
        Assert.Contains($"\"{schedule}\"", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_date_that_never_comes_is_told() =>
        Assert.Throws<FormatException>(() => TimerSchedule.Parse("0 0 0 31 2 *", TimeZoneInfo.Utc).Next(Utc("2026-03-01 00:00:00")));

    [Fact]
    public void Fields_are_read_in_the_time_zone_across_daylight_saving()
    {
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var schedule = TimerSchedule.Parse("0 0 3 * * *", berlin);
        Assert.Equal(Utc("2026-03-28 02:00:00"), schedule.Next(Utc("2026-03-27 12:00:00")));
        Assert.Equal(Utc("2026-03-29 01:00:00"), schedule.Next(Utc("2026-03-28 12:00:00")));
    }

    [Theory]
    [InlineData("0 * * * * *", true)]
    [InlineData("00:01:00", true)]
    [InlineData("*/30 * * * * *", false)]
    [InlineData("00:00:59", false)]
    [InlineData("0,10 0 * * * *", false)]
    public void Only_schedules_of_a_minute_or_more_are_monitored(string schedule, bool expected) =>
        Assert.Equal(expected, TimerSchedule.Parse(schedule, TimeZoneInfo.Utc).CanBeMonitored(Utc("2026-03-01 00:00:30")));

    private static DateTime Utc(string text) =>
        DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}
