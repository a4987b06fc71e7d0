using System.Text.Json;
using RiskDurable.Portfolio;

namespace RiskDurable.Functions.Http;

/// <summary>The fields of a JSON object in a request; collects everything that is wrong with them.</summary>
internal sealed class BodyFields
{
    private readonly JsonElement _object;
    private readonly string _place;
    private readonly List<Problem> _problems;

    /// <summary>Looks at an object; fields that are not known are problems.</summary>
    /// <param name="element">The object.</param>
    /// <param name="place">Its JSON path.</param>
    /// <param name="known">Names of the fields it may have.</param>
    /// <param name="problems">Where problems go.</param>
    public BodyFields(JsonElement element, string place, IReadOnlyCollection<string> known, List<Problem> problems)
    {
        (_object, _place, _problems) = (element, place, problems);
        if (element.ValueKind != JsonValueKind.Object)
        {
            problems.Add(new Problem(ApiProblem.Body, place, $"A JSON object was expected, with some of the fields {string.Join(", ", known)}."));
            return;
        }

        foreach (IGrouping<string, JsonProperty> field in element.EnumerateObject().GroupBy(field => field.Name, StringComparer.Ordinal))
        {
            if (!known.Contains(field.Key))
            {
                Add(field.Key, $"There is no such field; known are {string.Join(", ", known)}.");
            }
            else if (field.Skip(1).Any())
            {
                Add(field.Key, "The field is given twice; keep one.");
            }
        }
    }

    /// <summary>Whether a field is given.</summary>
    public bool Has(string field) => Find(field) is not null;

    /// <summary>Tells what is wrong with a field.</summary>
    public void Add(string field, string message) => _problems.Add(new Problem(ApiProblem.Body, $"{_place}.{field}", message));

    /// <summary>A text that is not empty; null where it is not given, or after a problem.</summary>
    public string? Text(string field)
    {
        if (Find(field) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text)
        {
            return text;
        }

        Add(field, "A text in quotes was expected, which is not empty.");
        return null;
    }

    /// <summary>One of some words; the first where it is not given.</summary>
    public string Word(string field, params IReadOnlyList<string> words)
    {
        if (Find(field) is not { } value)
        {
            return words[0];
        }

        if (value.ValueKind == JsonValueKind.String && value.GetString() is { } text && words.Contains(text))
        {
            return text;
        }

        Add(field, $"One of {string.Join(", ", words)} was expected.");
        return words[0];
    }

    /// <summary>A whole number; null where it is not given, or after a problem.</summary>
    public int? WholeNumber(string field, int lowest, int highest)
    {
        if (Find(field) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= lowest && number <= highest)
        {
            return number;
        }

        Add(field, FormattableString.Invariant($"A whole number from {lowest} to {highest} was expected."));
        return null;
    }

    /// <summary>Return periods; null where they are not given.</summary>
    /// <param name="field">The field.</param>
    /// <param name="most">Most of them.</param>
    public IReadOnlyList<double>? ReturnPeriods(string field, int most)
    {
        if (Find(field) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > most)
        {
            Add(field, $"An array of at most {most} return periods was expected, in years.");
            return null;
        }

        var periods = new List<double>();
        foreach (JsonElement element in value.EnumerateArray())
        {
            string item = FormattableString.Invariant($"{field}[{periods.Count}]");
            if (element.ValueKind != JsonValueKind.Number || !element.TryGetDouble(out double period) || !double.IsFinite(period) || period < 1)
            {
                Add(item, "A return period was expected: a number of years, at least 1.");
                period = double.NaN;
            }
            else if (periods.Contains(period))
            {
                Add(item, "This return period is given twice; keep one.");
            }

            periods.Add(period);
        }

        return periods;
    }

    private JsonElement? Find(string field) =>
        _object.ValueKind == JsonValueKind.Object && _object.TryGetProperty(field, out JsonElement value) ? value : null;
}
