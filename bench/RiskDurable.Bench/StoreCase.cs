using System.Diagnostics;
using System.Globalization;
using RiskDurable.Azure;
using RiskDurable.Execution.Storage;

namespace RiskDurable.Bench;

/// <summary>An object store as rollups use it: a large object, and many small ones, one after the other and several at a time.</summary>
internal static class StoreCase
{
    private const string Container = "bench-objects";
    private const int LargeBytes = 64 << 20;
    private const int LargeObjects = 4;
    private const int SmallBytes = 8 << 10;
    private const int SmallObjects = 2_000;

    // Readers of a job; of several jobs.
    private static readonly int[] AtOnce = [1, 8, 32];

    /// <summary>Writes, reads and deletes objects, and prints what it took.</summary>
    /// <param name="address">Where: as <c>--store</c> takes it.</param>
    /// <returns>Exit code.</returns>
    public static async Task<int> RunAsync(string address)
    {
        if (!StoreAddress.TryParse(address, out StoreAddress? parsed, out string? problem))
        {
            await Console.Error.WriteLineAsync(problem);
            return 2;
        }

        DirectoryInfo folder = Directory.CreateTempSubdirectory("riskdurable-bench-");
        try
        {
            IObjectStore store = parsed.IsDisk ? new DiskObjectStore(folder.FullName) : new BlobObjectStore(new BlobAccounts(parsed), Container);
            Console.WriteLine($"{store.Name}\n{"objects",-16} {"at once",7} {"step",-6} {"seconds",8} {"ms each",9} {"MB/s",7} {"processor ms each",18}");

            // Connections, code and the container are ready then.
            await MeasureAsync(store, 64, SmallBytes, 8, report: false);
            await MeasureAsync(store, LargeObjects, LargeBytes, 1, report: true);
            foreach (int atOnce in AtOnce)
            {
                await MeasureAsync(store, SmallObjects, SmallBytes, atOnce, report: true);
            }
        }
        catch (StoreUnavailableException unavailable)
        {
            await Console.Error.WriteLineAsync(unavailable.Message);
            return 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        return 0;
    }

    private static async Task MeasureAsync(IObjectStore store, int count, int bytes, int atOnce, bool report)
    {
        byte[][] objects = [.. Enumerable.Range(0, count).Select(_ => new byte[bytes])];
        Array.ForEach(objects, Random.Shared.NextBytes);
        ObjectKey[] keys = [.. objects.Select(data => ObjectKey.OfContent(ObjectKind.Map, data))];
        await StepAsync("write", (number, cancel) => store.WriteAsync(keys[number], objects[number], cancel));
        await StepAsync("read", async (number, cancel) =>
        {
            using ObjectBytes read = await store.LendRangeAsync(keys[number], 0, Array.MaxLength, cancel);
            if (!read.Span.SequenceEqual(objects[number]))
            {
                throw new InvalidDataException($"{keys[number]} came back with other bytes.");
            }
        });
        await StepAsync("delete", (number, cancel) => store.DeleteAsync(keys[number], cancel));

        async Task StepAsync(string step, Func<int, CancellationToken, ValueTask> act)
        {
            TimeSpan processor = Environment.CpuUsage.TotalTime;
            long started = Stopwatch.GetTimestamp();
            await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = atOnce }, act);
            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            double busy = (Environment.CpuUsage.TotalTime - processor).TotalMilliseconds;
            if (report)
            {
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{$"{count:N0} x {Size(bytes)}",-16} {atOnce,7} {step,-6} {seconds,8:F2} {1000 * seconds / count,9:F2} {count * (bytes / 1e6) / seconds,7:F0} {busy / count,18:F2}"));
            }
        }
    }

    private static string Size(int bytes) => bytes >= 1 << 20 ? $"{bytes >> 20} MiB" : $"{bytes >> 10} KiB";
}
