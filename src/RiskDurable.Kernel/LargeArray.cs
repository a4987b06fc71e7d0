using System.Runtime.InteropServices;

namespace RiskDurable.Kernel;

/// <summary>
/// Arrays of many megabytes: on Linux their memory is asked for in pages of 2 MB where the system leaves that choice to the program (the
/// default of most distributions). First use then costs a five-hundredth of the interruptions, and addresses are found without walking tables.
/// </summary>
internal static partial class LargeArray
{
    private const int HugePage = 2 * 1024 * 1024;
    private const int AdviseHugePages = 14; // MADV_HUGEPAGE

    /// <summary>An array whose elements are to be written before they are read.</summary>
    /// <param name="length">Number of elements.</param>
    /// <typeparam name="T">A primitive.</typeparam>
    public static unsafe T[] Uninitialized<T>(int length)
        where T : unmanaged
    {
        T[] array = GC.AllocateUninitializedArray<T>(length);
        if ((long)length * sizeof(T) >= 2 * HugePage)
        {
            fixed (T* start = array)
            {
                Advise(start, (nuint)length * (nuint)sizeof(T));
            }
        }

        return array;
    }

    /// <summary>Asks for large pages; advice only, so that nothing is lost where the system does otherwise.</summary>
    private static unsafe void Advise(void* start, nuint length)
    {
        nuint first = ((nuint)start + HugePage - 1) & ~(nuint)(HugePage - 1);
        nuint end = ((nuint)start + length) & ~(nuint)(HugePage - 1);
        if (OperatingSystem.IsLinux() && end > first)
        {
            _ = MemoryAdvise(first, end - first, AdviseHugePages);
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MemoryAdvise(nuint start, nuint length, int advice);
}
