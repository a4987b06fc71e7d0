using System.Globalization;
using System.Text.Json;

namespace RiskDurable.Portfolio.Reading;

/// <summary>
/// The fields of one JSON object, read strictly: unknown and repeated names, wrong types and impossible numbers become problems.
/// A reading method answers with a harmless value after it has reported one, so that the rest is still checked.
/// </summary>
internal sealed class JsonFields
{
    private readonly ReadingContext _context;
    private readonly Dictionary<string, JsonElement> _values = new(StringComparer.Ordinal);

    /// <param name="context">Where problems go.</param>
    /// <param name="element">What should be an object.</param>
    /// <param name="place">Where it is.</param>
    /// <param name="known">The names it may have.</param>
    public JsonFields(ReadingContext context, JsonElement element, JsonPlace place, string[] known)
    {
        _context = context;
        Place = place;
        if (element.ValueKind != JsonValueKind.Object)
        {
            context.Problems.Add(place, $"An object with {NameAll(known)} was expected, but this is {JsonValues.Describe(element)}.");
            IsObject = false;
            return;
        }

        IsObject = true;
        foreach (JsonProperty property in element.EnumerateObject())
        {
            string name = JsonValues.Name(property) ?? "?";
            if (!known.Contains(name))
            {
                name = JsonValues.Shorten(name);
                string nearest = context.Nearest.Ask(name, known);
                context.Problems.Add(place.Field(name), $"There is no field '{name}' here.{nearest} Known are {NameAll(known)}.");
            }
            else if (!_values.TryAdd(name, property.Value))
            {
                context.Problems.Add(place.Field(name), $"The field '{name}' is given twice; keep one.");
            }
        }
    }

    public JsonPlace Place { get; }

    /// <summary>False when the element was something else, which is reported already.</summary>
    public bool IsObject { get; }

    public bool Has(string name) => _values.ContainsKey(name);

    public bool TryGet(string name, out JsonElement element) => _values.TryGetValue(name, out element);

    /// <summary>Reports a field that must be there and is not.</summary>
    public bool Require(string name, string meaning)
    {
        if (!IsObject || Has(name))
        {
            return IsObject;
        }

        _context.Problems.Add(Place, $"The field '{name}' is missing; it gives {meaning}.");
        return false;
    }

    /// <summary>A text that must be there and must not be empty; null after a problem.</summary>
    public string? RequiredText(string name, string meaning) => Require(name, meaning) ? Text(name) : null;

    /// <summary>A text that must not be empty; null when it is absent, or after a problem.</summary>
    public string? Text(string name) => TryGet(name, out JsonElement element)
        ? _context.ReadName(element, Place.Field(name))
        : null;

    /// <summary>An amount of money: finite and at least 0.</summary>
    public double Amount(string name, double absent)
    {
        if (!TryGet(name, out JsonElement element) || !Finite(element, name, out double amount))
        {
            return absent;
        }

        if (amount < 0)
        {
            _context.Problems.Add(Place.Field(name), $"{JsonValues.Describe(element)} is negative; an amount is at least 0.");
            return absent;
        }

        return amount;
    }

    /// <summary>A finite number of any sign.</summary>
    public double Number(string name, double absent) =>
        TryGet(name, out JsonElement element) && Finite(element, name, out double number) ? number : absent;

    /// <summary>A number in [0, 1].</summary>
    public double Fraction(string name, double absent)
    {
        double fraction = Number(name, absent);
        if (fraction is >= 0 and <= 1)
        {
            return fraction;
        }

        _context.Problems.Add(
            Place.Field(name),
            string.Create(CultureInfo.InvariantCulture, $"{fraction} is outside [0, 1]; write 25 % as 0.25."));
        return absent;
    }

    /// <summary>A whole number within bounds; null when it is absent, or after a problem.</summary>
    public int? WholeNumber(string name, int least, int most)
    {
        if (!TryGet(name, out JsonElement element) || !Finite(element, name, out double number))
        {
            return null;
        }

        if (number != Math.Floor(number) || number < least || number > most)
        {
            _context.Problems.Add(
                Place.Field(name),
                string.Create(CultureInfo.InvariantCulture, $"{JsonValues.Describe(element)} is not a whole number from {least} to {most}."));
            return null;
        }

        return (int)number;
    }

    /// <summary>The items of an array; none when it is absent, or after a problem.</summary>
    public IEnumerable<(JsonElement Element, JsonPlace Place)> Items(string name, string expected)
    {
        if (!TryGet(name, out JsonElement element))
        {
            yield break;
        }

        JsonPlace place = Place.Field(name);
        if (element.ValueKind != JsonValueKind.Array)
        {
            _context.Problems.Add(place, $"An array of {expected} was expected, but this is {JsonValues.Describe(element)}.");
            yield break;
        }

        int index = 0;
        foreach (JsonElement item in element.EnumerateArray())
        {
            yield return (item, place.Item(index++));
        }
    }

    private static string NameAll(string[] names) => string.Join(", ", names.Select(name => $"'{name}'"));

    private bool Finite(JsonElement element, string name, out double number) => _context.ReadNumber(element, Place.Field(name), out number);
}
