using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using RiskDurable.Execution.Telemetry;
using RiskDurable.Functions.Hosting;

namespace RiskDurable.Architecture.Tests;

/// <summary>Alerts, workbook and docs/telemetry.md name only what the code measures and logs.</summary>
public sealed partial class TelemetryNamesTests
{
    private static readonly Lazy<IReadOnlyDictionary<string, Instrument>> Instruments = new(FindInstruments);

    private static string Infrastructure => Path.Combine(Repository.Root, "infra-bicep");

    private static JsonNode Workbook => JsonNode.Parse(File.ReadAllText(Path.Combine(Infrastructure, "workbook.json")))!;

    public static TheoryData<string> Queries =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Infrastructure, "queries"), "*.kql").Order(StringComparer.Ordinal).Select(File.ReadAllText),
        .. Workbook["items"]!.AsArray().Select(item => item!["content"]?["query"]?.GetValue<string>()).OfType<string>(),
    ];

    [Theory]
    [MemberData(nameof(Queries))]
    public void A_query_reads_what_the_code_writes(string query)
    {
        string[] measures = [.. MeasureName().Matches(query).Select(match => match.Groups[1].Value)];
        string[] properties = [.. PropertyName().Matches(query).Select(match => match.Groups[1].Value)];
        Assert.Empty(measures.Except(Instruments.Value.Keys));
        string table = query.Split('\n')[0].Trim();
        if (table == "AppMetrics")
        {
            Assert.NotEmpty(measures);
            string tags = string.Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "RiskDurable.Execution", "Telemetry"), "*.cs").Select(File.ReadAllText));
            Assert.All(properties, property => Assert.Matches($"\\(\"{property}\", ", tags));
        }
        else
        {
            // EventName is a field of the exporter's own.
            Assert.All(properties.Except(["EventName"]), property => Assert.Contains(property, LogFields()));
        }
    }

    [Fact]
    public void Every_alert_has_its_query_its_section_in_the_operations_guide_and_a_measure_that_the_query_gives()
    {
        string module = File.ReadAllText(Path.Combine(Infrastructure, "modules", "alerts.bicep"));
        string guide = File.ReadAllText(Path.Combine(Repository.Root, "docs", "operations.md"));
        MatchCollection alerts = Alert().Matches(module);
        Assert.NotEmpty(alerts);
        foreach (Match alert in alerts)
        {
            (string name, string query, string measure, string dimension) = (alert.Groups[1].Value, alert.Groups[2].Value, alert.Groups[3].Value, alert.Groups[4].Value);
            Assert.Equal(name, query);
            string text = File.ReadAllText(Path.Combine(Infrastructure, "queries", query + ".kql"));
            Assert.Contains($"{measure} = ", text, StringComparison.Ordinal);
            Assert.True(dimension.Length == 0 || text.Contains($"{dimension} = ", StringComparison.Ordinal), $"{name}: its query gives no {dimension}.");
            Assert.Contains($"\n## {name}\n", guide, StringComparison.Ordinal);
        }

        string[] files = [.. Directory.EnumerateFiles(Path.Combine(Infrastructure, "queries")).Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)];
        Assert.Equal(files, alerts.Select(alert => alert.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_telemetry_guide_lists_every_instrument_with_its_unit_and_every_event_and_none_besides()
    {
        string guide = File.ReadAllText(Path.Combine(Repository.Root, "docs", "telemetry.md"));
        string[] listed = [.. GuideRow().Matches(guide).Select(row => $"{row.Groups[1].Value} {row.Groups[2].Value}").Order(StringComparer.Ordinal)];
        string[] expected = [.. Instruments.Value.Values.Select(instrument => $"{instrument.Name} {instrument.Unit}").Order(StringComparer.Ordinal)];
        Assert.Equal(expected, listed);
        Assert.All(LogMethods(), log => Assert.Contains($"| `{log.EventName}` |", guide, StringComparison.Ordinal));
    }

    [Fact]
    public void What_the_hosts_say_of_a_poison_message_is_what_its_alert_looks_for()
    {
        string query = File.ReadAllText(Path.Combine(Infrastructure, "queries", "poison-messages.kql"));
        string listener = File.ReadAllText(Path.Combine(Repository.Root, "src", "RiskDurable.Embedded", "Queues", "QueueListener.cs"));
        Assert.All(Phrase().Matches(query), phrase => Assert.Contains(phrase.Groups[1].Value, listener, StringComparison.Ordinal));
    }

    private static Dictionary<string, Instrument> FindInstruments()
    {
        var found = new Dictionary<string, Instrument>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == RiskTelemetry.Name)
                {
                    found.Add(instrument.Name, instrument);
                }
            },
        };
        listener.Start();
        foreach (Type type in typeof(RiskTelemetry).Assembly.GetTypes().Where(type => type.Namespace == typeof(RiskTelemetry).Namespace))
        {
            RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        }

        return found;
    }

    private static IEnumerable<LoggerMessageAttribute> LogMethods() => typeof(RiskApplication).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
        .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
        .OfType<LoggerMessageAttribute>();

    private static HashSet<string> LogFields() => [.. LogMethods().SelectMany(log => Field().Matches(log.Message).Select(field => field.Groups[1].Value))];

    [GeneratedRegex("\"(riskdurable\\.[a-z.]+)\"")]
    private static partial Regex MeasureName();

    [GeneratedRegex(@"Properties\.(\w+)")]
    private static partial Regex PropertyName();

    [GeneratedRegex(@"name: '([a-z-]+)'\s+summary: [^\n]+\s+query: loadTextContent\('\.\./queries/([a-z-]+)\.kql'\)\s+measure: '(\w+)'\s+aggregation: '\w+'\s+threshold: \w+\s+dimension: '(\w*)'")]
    private static partial Regex Alert();

    [GeneratedRegex(@"^\| `(riskdurable\.[a-z.]+)` \| ([^|]+?) \|", RegexOptions.Multiline)]
    private static partial Regex GuideRow();

    [GeneratedRegex(@"\{(\w+)(?::\w+)?\}")]
    private static partial Regex Field();

    [GeneratedRegex("has \"([^\"]+)\"")]
    private static partial Regex Phrase();
}
