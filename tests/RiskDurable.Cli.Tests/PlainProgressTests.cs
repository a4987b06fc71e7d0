using RiskDurable.Cli.Terminal;

namespace RiskDurable.Cli.Tests;

public sealed class PlainProgressTests
{
    [Fact]
    public void A_log_gets_a_line_after_two_seconds_and_then_one_every_five()
    {
        using var log = new StringWriter { NewLine = "\n" };
        var clock = new Clock();
        IStageProgress progress = new PlainProgress(log, clock);
        for (int second = 0; second <= 13; second++)
        {
            clock.Seconds = second;
            progress.Report("Years", second, 20);
        }

        Assert.Equal("Years: 10 % after 2 s\nYears: 35 % after 7 s\nYears: 60 % after 12 s\n", log.ToString());
    }

    private sealed class Clock : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
