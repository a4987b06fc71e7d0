using System.Text.RegularExpressions;
using ParquetSharp;

namespace RiskDurable.Portfolio.Tables;

/// <summary>What a damaged Parquet file makes the Parquet library throw.</summary>
internal static partial class ParquetFault
{
    // The library reports damage by many types, its own and the runtime's; all of them come from the file's bytes here.
    public static bool IsDamage(Exception error) => error
        is ParquetException or IOException or InvalidDataException or OutOfMemoryException or OverflowException or NotSupportedException
        or ArgumentException or InvalidOperationException or FormatException or IndexOutOfRangeException;

    public static string Describe(Exception error)
    {
        // Of the native library's "MangledType (message: 'what is wrong')" only what is wrong is for people.
        Match native = NativeMessage().Match(error.Message);
        string reason = (native.Success ? native.Groups[1].Value : error.Message).ReplaceLineEndings(" ");
        return $"The Parquet file is damaged or truncated; write it again. ({(reason.Length > 200 ? reason[..200] + "..." : reason)})";
    }

    [GeneratedRegex(@"\(message: '(.*)'\)", RegexOptions.Singleline)]
    private static partial Regex NativeMessage();
}
