using System.Numerics;
using System.Runtime.InteropServices;
using RiskDurable.Kernel;

namespace RiskDurable.Bench;

/// <summary>What the memory of this machine gives: the yardstick for the baseline as well as for the kernel.</summary>
/// <param name="StreamBytesPerSecond">Reading an array from front to back, by number of threads from 1.</param>
/// <param name="GatherSeconds">Seconds a random read of a double from a table of the catalogue's size, by number of threads from 1, all threads together.</param>
/// <param name="TouchSeconds">Seconds for the first use of a megabyte that the system gives: in pages of 4 KB, and in pages of 2 MB where it has them.</param>
internal sealed record MachineLimits(double[] StreamBytesPerSecond, double[] GatherSeconds, double[] TouchSeconds)
{
    private const int StreamLength = 1 << 25;
    private const int Gathers = 1 << 24;
    private const int TouchedLength = 1 << 28;

    public static MachineLimits Measure(int catalogue, int repeats)
    {
        double[] touch = [TouchSmallPages(), TouchLargePages()];
        double[] stream = new double[StreamLength];
        double[] table = new double[catalogue];
        int[] order = new int[Gathers];
        var random = new SplitMix(7);
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = (int)random.Below((uint)catalogue);
        }

        int cores = Math.Min(2, Environment.ProcessorCount);
        double[] bytes = new double[cores];
        double[] gather = new double[cores];
        double[] sums = new double[cores * 64];
        for (int threads = 1; threads <= cores; threads++)
        {
            int n = threads;
            bytes[n - 1] = 8.0 * StreamLength / Timing.BestOnThreads(repeats, n, thread =>
                sums[thread * 64] = Stream(stream.AsSpan((int)((long)StreamLength * thread / n)..(int)((long)StreamLength * (thread + 1) / n))));
            gather[n - 1] = Timing.BestOnThreads(repeats, n, thread =>
                sums[thread * 64] = Gather(table, order.AsSpan((int)((long)Gathers * thread / n)..(int)((long)Gathers * (thread + 1) / n)))) / Gathers;
        }

        GC.KeepAlive(sums);
        return new(bytes, gather, touch);
    }

    private static unsafe double TouchSmallPages()
    {
        byte* memory = (byte*)NativeMemory.Alloc(TouchedLength);
        double seconds = Touch(new Span<byte>(memory, TouchedLength));
        NativeMemory.Free(memory);
        return seconds;
    }

    private static double TouchLargePages() => Touch(LargeArray.Uninitialized<byte>(TouchedLength));

    private static double Touch(Span<byte> memory)
    {
        const int Page = 4096;
        double started = Timing.Now(1);
        for (int at = 0; at < memory.Length; at += Page)
        {
            memory[at] = 1;
        }

        return (Timing.Now(1) - started) * (1 << 20) / memory.Length;
    }

    private static double Stream(ReadOnlySpan<double> values)
    {
        Vector<double> a = default, b = default, c = default, d = default;
        int width = Vector<double>.Count;
        for (int i = 0; i + (4 * width) <= values.Length; i += 4 * width)
        {
            a += new Vector<double>(values[i..]);
            b += new Vector<double>(values[(i + width)..]);
            c += new Vector<double>(values[(i + (2 * width))..]);
            d += new Vector<double>(values[(i + (3 * width))..]);
        }

        return Vector.Sum(a + b + c + d);
    }

    /// <summary>Four independent sums, no test of bounds: nothing but the reads themselves holds it up.</summary>
    private static unsafe double Gather(double[] table, ReadOnlySpan<int> order)
    {
        double a = 0, b = 0, c = 0, d = 0;
        fixed (double* values = table)
        fixed (int* at = order)
        {
            for (int i = 0; i + 4 <= order.Length; i += 4)
            {
                a += values[at[i]];
                b += values[at[i + 1]];
                c += values[at[i + 2]];
                d += values[at[i + 3]];
            }
        }

        return a + b + c + d;
    }
}
