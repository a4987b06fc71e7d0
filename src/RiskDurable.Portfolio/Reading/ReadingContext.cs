using System.Text.Json;

namespace RiskDurable.Portfolio.Reading;

/// <summary>What all parts of reading a portfolio share: the list of problems, and the readers of single values.</summary>
internal sealed class ReadingContext
{
    // Names become parts of node paths and file names, and references are compared with them.
    private const int LongestName = 500;

    public ProblemList Problems { get; } = new();

    public NearestName Nearest { get; } = new();

    /// <summary>A text that names something: not empty, no control characters; null after a problem.</summary>
    public string? ReadName(JsonElement element, JsonPlace place)
    {
        string? text = ReadText(element, place);
        if (text is { Length: 0 })
        {
            Problems.Add(place, "The text is empty; a name was expected.");
            return null;
        }

        if (text is { Length: > LongestName })
        {
            Problems.Add(place, $"The name \"{JsonValues.Shorten(text)}\" is longer than {LongestName} characters; shorten it.");
            return null;
        }

        return text;
    }

    /// <summary>A text without control characters, which may be empty; null after a problem.</summary>
    public string? ReadText(JsonElement element, JsonPlace place)
    {
        if (element.ValueKind != JsonValueKind.String)
        {
            Problems.Add(place, $"A text in quotes was expected, but this is {JsonValues.Describe(element)}.");
            return null;
        }

        string? text = JsonValues.TextOrNull(element);
        if (text is null || text.Any(char.IsControl))
        {
            Problems.Add(place, text is null
                ? "The text has half of a surrogate pair (a '\\u' escape without its partner); write the character itself."
                : "The text has a control character such as a tab or a line break; remove it.");
            return null;
        }

        return text;
    }

    /// <summary>A finite number.</summary>
    /// <returns>False after a problem.</returns>
    public bool ReadNumber(JsonElement element, JsonPlace place, out double number)
    {
        number = 0;
        if (element.ValueKind != JsonValueKind.Number)
        {
            string remedy = element.ValueKind switch
            {
                JsonValueKind.String => " Write the number without quotes; for 'unlimited' leave the field out.",
                JsonValueKind.Null => " Leave the field out for its default.",
                _ => "",
            };
            Problems.Add(place, $"A number was expected, but this is {JsonValues.Describe(element)}.{remedy}");
            return false;
        }

        if (!element.TryGetDouble(out number) || !double.IsFinite(number))
        {
            Problems.Add(place, $"{JsonValues.Describe(element)} is too large to be finite; for 'unlimited' leave the field out.");
            number = 0;
            return false;
        }

        return true;
    }
}
