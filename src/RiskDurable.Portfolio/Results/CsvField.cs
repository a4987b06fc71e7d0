namespace RiskDurable.Portfolio.Results;

/// <summary>A field of a CSV file (RFC 4180).</summary>
public static class CsvField
{
    /// <summary>A text as one field: in quotes where it holds a comma, a quote or a line break.</summary>
    public static string Quote(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
