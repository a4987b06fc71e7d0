using ParquetSharp;

namespace RiskDurable.Portfolio.Tables;

/// <summary>What a damaged Parquet file makes the Parquet library throw.</summary>
internal static class ParquetFault
{
    // The library reports damage by many types, its own and the runtime's; all of them come from the file's bytes here.
    public static bool IsDamage(Exception error) => error
        is ParquetException or IOException or InvalidDataException or OutOfMemoryException or OverflowException or NotSupportedException
        or ArgumentException or InvalidOperationException or FormatException or IndexOutOfRangeException;

    public static string Describe(Exception error)
    {
        string reason = error.Message.ReplaceLineEndings(" ");
        return $"The Parquet file is damaged or truncated; write it again. ({(reason.Length > 200 ? reason[..200] + "..." : reason)})";
    }
}
