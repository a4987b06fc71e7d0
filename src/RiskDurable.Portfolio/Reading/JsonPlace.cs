using System.Globalization;

namespace RiskDurable.Portfolio.Reading;

/// <summary>A place in a JSON file. Kept as a chain, and spelt out only when there is a problem to report.</summary>
internal sealed class JsonPlace
{
    private readonly JsonPlace? _parent;
    private readonly string _step;

    private JsonPlace(string file, long line, JsonPlace? parent, string step)
    {
        File = file;
        Line = line;
        _parent = parent;
        _step = step;
    }

    /// <summary>The file.</summary>
    public string File { get; }

    /// <summary>In a file with one document a line, its line, from 1; else 0.</summary>
    public long Line { get; }

    public static JsonPlace Document(string file, long line = 0) => new(file, line, null, "$");

    public JsonPlace Field(string name) => new(File, Line, this, IsPlain(name) ? "." + name : $"['{name}']");

    public JsonPlace Item(int index) => new(File, Line, this, string.Create(CultureInfo.InvariantCulture, $"[{index}]"));

    public override string ToString()
    {
        var steps = new List<string>();
        for (JsonPlace? place = this; place is not null; place = place._parent)
        {
            steps.Add(place._step);
        }

        steps.Reverse();
        string path = string.Concat(steps);
        return Line == 0 ? path : string.Create(CultureInfo.InvariantCulture, $"line {Line}, {path}");
    }

    private static bool IsPlain(string name) => name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
