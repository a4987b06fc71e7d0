using System.Globalization;

namespace RiskDurable.Kernel.Tests.Metrics;

/// <summary>Published numbers, copied beside the tests.</summary>
internal static class Vectors
{
    /// <summary>The rows below the header, which is the last row that starts with <paramref name="header"/> (a title may too).</summary>
    public static string[][] Rows(string folder, string file, string header)
    {
        string[] lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Vectors", folder, file));
        int headerLine = Array.FindLastIndex(lines, line => line.Split(',')[0] == header);
        Assert.True(headerLine >= 0, $"{file} has no header row that starts with {header}.");
        return [.. lines.Skip(headerLine + 1).Where(line => line.Length > 0).Select(line => line.Split(','))];
    }

    public static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
