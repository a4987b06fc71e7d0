using System.Diagnostics;

namespace RiskDurable.Embedded.Tests.Worker;

/// <summary>Waits for conditions that another thread brings about.</summary>
internal static class Until
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static Task TrueAsync(Func<bool> condition, string what) => TrueAsync(() => Task.FromResult(condition()), what);

    public static async Task TrueAsync(Func<Task<bool>> condition, string what)
    {
        long start = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Limit, $"Waited {Limit.TotalSeconds} s for: {what}");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }
}
