using System.Globalization;

namespace RiskDurable.Cli.Terminal;

/// <summary>Progress as lines of text, for logs: the first after two seconds, then one every five.</summary>
internal sealed class PlainProgress(TextWriter writer, TimeProvider time) : IStageProgress
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _next = First;

    public void Report(string stage, double fraction, string? detail = null)
    {
        TimeSpan elapsed = time.GetElapsedTime(_start);
        lock (_lock)
        {
            if (elapsed >= _next)
            {
                _next = elapsed + Interval;
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{stage}: {fraction * 100:F0} % after {elapsed.TotalSeconds:F0} s{(detail is null ? "" : ", " + detail)}"));
            }
        }
    }
}
