using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RiskDurable.Embedded.Settings;

/// <summary>An object of a settings file that knows where it stands, so that every complaint names file and JSON path.</summary>
internal sealed class JsonSection
{
    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, AllowDuplicateProperties = false };

    private readonly string _file;
    private readonly string _path;
    private readonly Dictionary<string, JsonNode?> _members;

    private JsonSection(string file, string path, JsonObject members)
    {
        _file = file;
        _path = path;
        _members = new Dictionary<string, JsonNode?>(StringComparer.OrdinalIgnoreCase);
        foreach (KeyValuePair<string, JsonNode?> member in members)
        {
            _members[member.Key] = member.Value;
        }
    }

    public IEnumerable<string> Names => _members.Keys;

    /// <summary>Reads a file whose root is an object.</summary>
    public static JsonObject ReadFile(string file)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(file), Lenient);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? JsonObject.Create(document.RootElement.Clone())!
                : throw new SettingsFileException(file, "$", "expected a JSON object.");
        }
        catch (JsonException problem)
        {
            throw new SettingsFileException(
                file, problem.Path is { Length: > 0 } path ? path : "$",
                $"not valid JSON (line {problem.LineNumber + 1}, position {problem.BytePositionInLine + 1}): {problem.Message}");
        }
    }

    public static JsonSection Root(string file, JsonObject root) => new(file, "$", root);

    /// <summary>The object of that name; an empty one where the file has none.</summary>
    public JsonSection Section(string name) => Value(name) switch
    {
        null => new JsonSection(_file, $"{_path}.{name}", []),
        JsonObject members => new JsonSection(_file, $"{_path}.{name}", members),
        _ => throw Problem(name, "expected an object."),
    };

    /// <summary>Refuses members that the host does not know: most are misspelt.</summary>
    public void AllowOnly(params ReadOnlySpan<string> known)
    {
        foreach (string name in Names)
        {
            bool found = false;
            foreach (string candidate in known)
            {
                found |= string.Equals(candidate, name, StringComparison.OrdinalIgnoreCase);
            }

            if (!found)
            {
                string all = string.Join(", ", known.ToArray().Order(StringComparer.OrdinalIgnoreCase));
                throw Problem(name, $"unknown setting. Known here: {all}.");
            }
        }
    }

    public string? Text(string name) => Value(name) switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out string? text) => text,
        _ => throw Problem(name, "expected a string."),
    };

    public bool IsObject(string name) => Value(name) is JsonObject;

    /// <summary>The value as text, whether it is written as a string, a number or a flag.</summary>
    public string? Scalar(string name) => Value(name) switch
    {
        null => null,
        JsonValue value => value.TryGetValue(out string? text) ? text : value.ToJsonString(),
        _ => throw Problem(name, "expected a string: write nested settings as \"A__B\"."),
    };

    /// <summary>A whole number, also where it is written as a string: an application setting that overrides the file is one.</summary>
    public int? Integer(string name, int lowest, int highest)
    {
        if (Value(name) is not { } node)
        {
            return null;
        }

        int number = 0;
        bool isNumber = node is JsonValue value
            && (value.TryGetValue(out number)
                || (value.TryGetValue(out string? text) && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number)));
        return isNumber && number >= lowest && number <= highest
            ? number
            : throw Problem(name, $"expected a whole number from {lowest} to {highest}, found {node.ToJsonString()}.");
    }

    public bool? Boolean(string name)
    {
        if (Value(name) is not { } node)
        {
            return null;
        }

        bool flag = false;
        bool isFlag = node is JsonValue value
            && (value.TryGetValue(out flag) || (value.TryGetValue(out string? text) && bool.TryParse(text, out flag)));
        return isFlag ? flag : throw Problem(name, $"expected true or false, found {node.ToJsonString()}.");
    }

    public TimeSpan? Duration(string name)
    {
        if (Value(name) is not { } node)
        {
            return null;
        }

        return node is JsonValue value && value.TryGetValue(out string? text)
            && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan duration)
            ? duration
            : throw Problem(name, $"expected a duration such as \"00:05:00\", found {node.ToJsonString()}.");
    }

    public List<string>? TextArray(string name) => Value(name) switch
    {
        null => null,
        JsonArray items => [.. items.Select(item => item is JsonValue value && value.TryGetValue(out string? text)
            ? text
            : throw Problem(name, "expected an array of strings."))],
        _ => throw Problem(name, "expected an array of strings."),
    };

    public SettingsFileException Problem(string name, string problem) => new(_file, $"{_path}.{name}", problem);

    private JsonNode? Value(string name) => _members.GetValueOrDefault(name);
}
