using System.Diagnostics;

namespace RiskDurable.Bench;

/// <summary>Measures pieces of work in turns and keeps the best time of each: what else runs on the machine disturbs all of them alike.</summary>
internal static class Timing
{
    /// <summary>The least seconds of each piece of work.</summary>
    public static double[] Best(int repeats, params Action[] work)
    {
        double[] best = [.. work.Select(_ => double.PositiveInfinity)];

        // The first round is not counted: it compiles, and touches memory for the first time.
        for (int round = 0; round <= repeats; round++)
        {
            for (int i = 0; i < work.Length; i++)
            {
                long started = Stopwatch.GetTimestamp();
                work[i]();
                double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
                best[i] = round == 0 ? best[i] : Math.Min(best[i], seconds);
            }
        }

        return best;
    }

    /// <summary>The least seconds of work that so many threads do at the same time.</summary>
    public static double BestOnThreads(int repeats, int threads, Action<int> work) =>
        Best(repeats, () =>
        {
            if (threads == 1)
            {
                work(0);
                return;
            }

            Thread[] all = [.. Enumerable.Range(0, threads).Select(thread => new Thread(() => work(thread)))];
            Array.ForEach(all, thread => thread.Start());
            Array.ForEach(all, thread => thread.Join());
        })[0];
}
