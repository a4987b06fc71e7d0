using System.Diagnostics;
using System.Globalization;

namespace RiskDurable.Bench;

/// <summary>The most memory that was resident since some moment; on other systems than Linux, since the process began.</summary>
internal static class PeakMemory
{
    private const string ClearRefs = "/proc/self/clear_refs";
    private const string ResetPeak = "5";

    /// <summary>Begins to measure.</summary>
    public static void Reset()
    {
        GC.Collect();
        if (File.Exists(ClearRefs))
        {
            File.WriteAllText(ClearRefs, ResetPeak);
        }
    }

    public static double MiB()
    {
        const string Peak = "VmHWM:";
        if (!File.Exists("/proc/self/status"))
        {
            return Process.GetCurrentProcess().PeakWorkingSet64 / 1048576.0;
        }

        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(Peak, StringComparison.Ordinal));
        return long.Parse(line[Peak.Length..^" kB".Length], CultureInfo.InvariantCulture) / 1024.0;
    }
}
