using System.Globalization;
using System.Text.Json;
using RiskDurable.Embedded.Worker;

namespace RiskDurable.Embedded.Functions;

/// <summary>Converts text that arrives at a trigger (a route value, a query value, a message) as the real worker's converters do.</summary>
internal static class TextConversion
{
    /// <summary>Types that a route or query value can become; anything else is a mistake that is told at the start.</summary>
    public static bool IsSimple(Type type)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain.IsPrimitive || plain.IsEnum || plain == typeof(string) || plain == typeof(decimal) || plain == typeof(Guid)
            || plain == typeof(DateTime) || plain == typeof(DateTimeOffset) || plain == typeof(TimeSpan)
            || plain == typeof(DateOnly) || plain == typeof(TimeOnly);
    }

    /// <summary>Converts text to a type; what is no text, byte array, GUID or time is read as JSON.</summary>
    /// <exception cref="FunctionInputConverterException">The text cannot become that type.</exception>
    public static object? To(Type type, string text, string function, string parameter, JsonSerializerOptions json)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain == typeof(string))
        {
            return text;
        }

        if (plain == typeof(byte[]))
        {
            return System.Text.Encoding.UTF8.GetBytes(text);
        }


        if (plain == typeof(Guid) && Guid.TryParse(text, out Guid id))
        {
            return id;
        }

        if (plain == typeof(DateTime) && DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out DateTime time))
        {
            return time;
        }

        if (plain == typeof(DateTimeOffset) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out DateTimeOffset moment))
        {
            return moment;
        }

        try
        {
            return JsonSerializer.Deserialize(text, type, json);
        }
        catch (JsonException problem)
        {
            throw new FunctionInputConverterException(
                $"Function '{function}': cannot convert input parameter '{parameter}' to type '{type.FullName}' from type 'System.String'. {problem.Message}", problem);
        }
    }
}
