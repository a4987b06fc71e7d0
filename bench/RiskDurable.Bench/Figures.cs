using System.Globalization;
using System.Text.Json;

namespace RiskDurable.Bench;

/// <summary>The figures of a run: printed as they come, written as <c>{ case: { figure: value } }</c>.</summary>
internal sealed class Figures
{
    private readonly SortedDictionary<string, Dictionary<string, double>> _cases = new(StringComparer.Ordinal);

    public void Add(string ofCase, string figure, double value)
    {
        if (!_cases.TryGetValue(ofCase, out Dictionary<string, double>? figures))
        {
            _cases[ofCase] = figures = [];
            Console.WriteLine();
            Console.WriteLine(ofCase);
        }

        figures[figure] = value;
        Console.WriteLine($"  {figure,-34} {Text(value)}");
    }

    public void Write(string path)
    {
        using FileStream file = File.Create(path);
        using var json = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        json.WriteStartObject();
        foreach ((string name, Dictionary<string, double> figures) in _cases)
        {
            json.WriteStartObject(name);
            foreach ((string figure, double value) in figures)
            {
                json.WriteNumber(figure, value);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static string Text(double value) =>
        value.ToString(Math.Abs(value) >= 1000 ? "N0" : Math.Abs(value) >= 10 ? "0.0" : "0.000", CultureInfo.InvariantCulture);
}
