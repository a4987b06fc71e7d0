using RiskDurable.Portfolio.OpenResults;

namespace RiskDurable.Portfolio.Tests.OpenResults;

public sealed class OrdCalendarTests
{
    [Fact]
    public void Every_minute_of_a_year_comes_back()
    {
        double previous = 0;
        for (int minute = 0; minute < 366 * 24 * 60; minute++)
        {
            double day = 1 + (minute / 1440.0);
            (int month, int ofMonth, int hour, int ofHour) = OrdCalendar.DateOf(day + 1e-6);
            double back = OrdCalendar.DayOf(month, ofMonth, hour, ofHour)!.Value;
            Assert.Equal(day, back, 1e-9);
            Assert.True(back > previous);
            previous = back;
        }
    }

    [Theory]
    [InlineData(1, 1, 1, 0)]
    [InlineData(1.5, 1, 1, 12)]
    [InlineData(60, 2, 29, 0)]
    [InlineData(61, 3, 1, 0)]
    [InlineData(366, 12, 31, 0)]
    [InlineData(-3, 1, 1, 0)]
    [InlineData(400, 12, 31, 23)]
    public void A_day_is_a_date_of_a_leap_year(double day, int month, int ofMonth, int hour)
    {
        (int foundMonth, int foundDay, int foundHour, _) = OrdCalendar.DateOf(day);
        Assert.Equal((month, ofMonth, hour), (foundMonth, foundDay, foundHour));
    }

    [Theory]
    [InlineData(0, 1, 0, 0)]
    [InlineData(13, 1, 0, 0)]
    [InlineData(2, 30, 0, 0)]
    [InlineData(4, 31, 0, 0)]
    [InlineData(1, 0, 0, 0)]
    [InlineData(1, 1, 24, 0)]
    [InlineData(1, 1, 0, 60)]
    public void What_is_no_date_is_none(int month, int day, int hour, int minute) => Assert.Null(OrdCalendar.DayOf(month, day, hour, minute));
}
