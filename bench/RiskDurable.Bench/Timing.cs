using System.Diagnostics;
using System.Runtime.InteropServices;

namespace RiskDurable.Bench;

/// <summary>Measures pieces of work in turns and keeps the best time of each: what else runs on the machine disturbs all of them alike.</summary>
internal static partial class Timing
{
    private const int ProcessCpuTime = 2;

    /// <summary>Whether to measure the process's processor time and not what the clock says: for a machine that does other work as well. Linux.</summary>
    public static bool OfProcessor { get; set; }

    /// <summary>The least seconds of each piece of work.</summary>
    public static double[] Best(int repeats, params Action[] work) => BestOf(repeats, 1, work);

    /// <summary>The least seconds of work that so many threads do at the same time.</summary>
    public static double BestOnThreads(int repeats, int threads, Action<int> work) => BestOf(repeats, threads, [() => OnThreads(threads, work)])[0];

    /// <summary>Runs work on so many threads.</summary>
    public static void OnThreads(int threads, Action<int> work)
    {
        Thread[] others = [.. Enumerable.Range(1, threads - 1).Select(thread => new Thread(() => work(thread)))];
        Array.ForEach(others, thread => thread.Start());
        work(0);
        Array.ForEach(others, thread => thread.Join());
    }

    /// <summary>Seconds since some time; of the processor they are shared among the threads.</summary>
    /// <param name="threads">Threads that work.</param>
    public static double Now(int threads)
    {
        if (!OfProcessor)
        {
            return Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
        }

        if (GetTime(ProcessCpuTime, out TimeSpec time) != 0)
        {
            throw new InvalidOperationException("The processor time cannot be read.");
        }

        return (time.Seconds + (time.Nanoseconds / 1e9)) / threads;
    }

    private static double[] BestOf(int repeats, int threads, Action[] work)
    {
        double[] best = [.. work.Select(_ => double.PositiveInfinity)];

        // The first rounds are not counted: they compile, and touch memory for the first time.
        for (int round = -2; round < repeats; round++)
        {
            for (int i = 0; i < work.Length; i++)
            {
                double started = Now(threads);
                work[i]();
                double seconds = Now(threads) - started;
                best[i] = round < 0 ? best[i] : Math.Min(best[i], seconds);
            }
        }

        return best;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);

    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
