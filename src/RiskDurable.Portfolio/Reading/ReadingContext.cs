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
    public string? ReadName(JsonElement element, JsonPlace place) =>
        ReadText(element, place) is string text && IsName(text, place) ? text : null;

    /// <summary>The name of a property that an author chose; null after a problem.</summary>
    /// <param name="property">The property.</param>
    /// <param name="parent">The object it is in.</param>
    public string? ReadName(JsonProperty property, JsonPlace parent) =>
        IsText(JsonValues.Name(property), parent, out string text) && IsName(text, parent) ? text : null;

    /// <summary>A text without control characters, which may be empty; null after a problem.</summary>
    public string? ReadText(JsonElement element, JsonPlace place)
    {
        if (element.ValueKind != JsonValueKind.String)
        {
            Problems.Add(place, $"A text in quotes was expected, but this is {JsonValues.Describe(element)}.");
            return null;
        }

        return IsText(JsonValues.TextOrNull(element), place, out string text) ? text : null;
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

    private bool IsText(string? text, JsonPlace place, out string sound)
    {
        sound = text ?? "";
        if (text is not null && !text.Any(char.IsControl))
        {
            return true;
        }

        Problems.Add(place, text is null
            ? "The text has half of a surrogate pair (a '\\u' escape without its partner); write the character itself."
            : "The text has a control character such as a tab or a line break; remove it.");
        return false;
    }

    private bool IsName(string text, JsonPlace place)
    {
        if (text.Length is > 0 and <= LongestName)
        {
            return true;
        }

        Problems.Add(place, text.Length == 0
            ? "The text is empty; a name was expected."
            : $"The name '{JsonValues.Shorten(text)}' is longer than {LongestName} characters; shorten it.");
        return false;
    }
}
