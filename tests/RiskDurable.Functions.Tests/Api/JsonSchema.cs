using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace RiskDurable.Functions.Tests.Api;

/// <summary>
/// Holds JSON against the part of JSON Schema that the API's description uses; a keyword it does not know is an error. An object may have
/// no property that is not described, unless the schema says so.
/// </summary>
internal sealed class JsonSchema(JsonNode document)
{
    private static readonly HashSet<string> Annotations = ["description", "default", "format", "title"];

    public IReadOnlyList<string> Problems(JsonNode schema, JsonNode? value)
    {
        var problems = new List<string>();
        Check(schema.AsObject(), value, "$", problems);
        return problems;
    }

    private void Check(JsonObject schema, JsonNode? value, string place, List<string> problems)
    {
        foreach ((string keyword, JsonNode? argument) in schema)
        {
            string? problem = keyword switch
            {
                "$ref" => Delegate(() => Check(Resolve(argument!.GetValue<string>()), value, place, problems)),
                "type" => IsOfType(value, argument!.GetValue<string>()) ? null : $"is no {argument}",
                "enum" => argument!.AsArray().Any(allowed => JsonNode.DeepEquals(allowed, value)) ? null : $"{value} is none of {argument.ToJsonString()}",
                "const" => JsonNode.DeepEquals(argument, value) ? null : $"is not {argument}",
                "pattern" => Regex.IsMatch(value!.GetValue<string>(), argument!.GetValue<string>()) ? null : $"does not match {argument}",
                "minimum" => Number(value) >= Number(argument) ? null : $"is below {argument}",
                "maximum" => Number(value) <= Number(argument) ? null : $"is above {argument}",
                "maxItems" => value!.AsArray().Count <= Number(argument) ? null : $"has more than {argument} items",
                "required" => Missing(argument!.AsArray(), value),
                "items" => Delegate(() => CheckItems(argument!.AsObject(), value, place, problems)),
                "properties" => Delegate(() => CheckProperties(schema, argument!.AsObject(), value, place, problems)),
                "additionalProperties" => null,
                "oneOf" => argument!.AsArray().Count(option => Matches(option!, value)) == 1 ? null : "does not match exactly one of oneOf",
                "anyOf" => argument!.AsArray().Any(option => Matches(option!, value)) ? null : "matches none of anyOf",
                _ when Annotations.Contains(keyword) => null,
                _ => throw new NotSupportedException($"{place}: the keyword {keyword} is not known here."),
            };
            if (problem is not null)
            {
                problems.Add($"{place}: {problem}");
            }
        }
    }

    private static string? Delegate(Action check)
    {
        check();
        return null;
    }

    private bool Matches(JsonNode schema, JsonNode? value) => Problems(schema, value).Count == 0;

    private JsonObject Resolve(string reference)
    {
        JsonNode? node = document;
        foreach (string part in reference.Split('/').Skip(1))
        {
            node = node?[part];
        }

        return node?.AsObject() ?? throw new InvalidOperationException($"{reference} is not in the document.");
    }

    private void CheckItems(JsonObject schema, JsonNode? value, string place, List<string> problems)
    {
        if (value is JsonArray array)
        {
            for (int i = 0; i < array.Count; i++)
            {
                Check(schema, array[i], string.Create(CultureInfo.InvariantCulture, $"{place}[{i}]"), problems);
            }
        }
    }

    private void CheckProperties(JsonObject schema, JsonObject properties, JsonNode? value, string place, List<string> problems)
    {
        foreach ((string name, JsonNode? child) in value as JsonObject ?? [])
        {
            if (properties[name] is JsonObject described)
            {
                Check(described, child, $"{place}.{name}", problems);
            }
            else if (schema["additionalProperties"]?.GetValue<bool>() != true)
            {
                problems.Add($"{place}.{name}: is not described");
            }
        }
    }

    private static string? Missing(JsonArray required, JsonNode? value)
    {
        string[] missing = [.. required.Select(name => name!.GetValue<string>()).Where(name => value is JsonObject given && !given.ContainsKey(name))];
        return missing.Length == 0 ? null : $"lacks {string.Join(", ", missing)}";
    }

    private static bool IsOfType(JsonNode? value, string type) => (value?.GetValueKind(), type) switch
    {
        (JsonValueKind.Object, "object") or (JsonValueKind.Array, "array") or (JsonValueKind.String, "string") or (JsonValueKind.Number, "number") => true,
        (JsonValueKind.True or JsonValueKind.False, "boolean") => true,
        (JsonValueKind.Number, "integer") => Number(value) == Math.Floor(Number(value)),
        _ => false,
    };

    private static double Number(JsonNode? value) => double.Parse(value!.ToJsonString(), CultureInfo.InvariantCulture);
}
