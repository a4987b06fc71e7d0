using System.Text.Json;

namespace RiskDurable.Portfolio.Reading;

/// <summary>JSON values as a message to a person shows them.</summary>
internal static class JsonValues
{
    private const int LongestShown = 40;

    /// <summary>A value in words: its kind, and itself where it is short.</summary>
    public static string Describe(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => $"the text \"{Shorten(TextOrNull(element) ?? "?")}\"",
        JsonValueKind.Number => $"the number {Shorten(element.GetRawText())}",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "null",
    };

    /// <summary>A text, or null when it holds half of a surrogate pair, which no file or column can carry.</summary>
    public static string? TextOrNull(JsonElement element)
    {
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A property's name, or null when it holds half of a surrogate pair.</summary>
    public static string? Name(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Cuts what is too long for a message.</summary>
    public static string Shorten(string text) => text.Length <= LongestShown ? text : text[..LongestShown] + "...";
}
