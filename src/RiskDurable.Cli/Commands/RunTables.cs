using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace RiskDurable.Cli.Commands;

/// <summary>Runs as tables for people.</summary>
internal static class RunTables
{
    private static readonly string[] ListColumns = ["Run", "Portfolio", "Status", "Phase", "Started", "By"];
    private static readonly string[] StageColumns = ["Stage", "Jobs", "Cached", "Run", "Failed", "Done", "Time", "M losses/s"];

    /// <summary>One row a run.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="list">The API's list.</param>
    public static void WriteList(IAnsiConsole console, JsonNode list)
    {
        Table table = TableOf(ListColumns);
        foreach (JsonNode? run in list["runs"]!.AsArray())
        {
            AddRow(table, Text(run, "id"), Text(run, "portfolio"), Text(run, "status"), Text(run, "phase"), Time(run!["createdAt"]), Text(run, "startedBy"));
        }

        console.Write(table);
        if (list["nextUri"] is not null)
        {
            console.WriteLine("There are more: raise --top.");
        }
    }

    /// <summary>A run with its stages.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="run">The API's run.</param>
    public static void WriteRun(IAnsiConsole console, JsonNode run)
    {
        console.WriteLine($"{Text(run, "id")}: {Text(run, "status")}, portfolio {Text(run, "portfolio")}, started {Time(run["timing"]!["createdAt"])}, "
            + string.Create(CultureInfo.InvariantCulture, $"{run["timing"]!["seconds"]!.GetValue<double>():F1} s"));
        WriteHealth(console, run);
        if (run["stages"]!.AsArray() is { Count: > 0 } stages)
        {
            Table table = TableOf(StageColumns);
            foreach (JsonNode? stage in stages)
            {
                AddRow(
                    table,
                    Text(stage, "name"),
                    Count(stage, "jobs"),
                    Count(stage, "cached"),
                    Count(stage, "run"),
                    Count(stage, "failed"),
                    stage!["progress"]!.GetValue<double>().ToString("P0", CultureInfo.InvariantCulture),
                    Duration(Number(stage, "seconds")),
                    Rate(Number(stage, "hits"), Number(stage, "seconds")));
            }

            console.Write(table);
        }

        foreach (JsonNode? problem in run["problems"]?.AsArray() ?? [])
        {
            console.WriteLine($"{Text(problem, "file")}: {Text(problem, "place")}: {Text(problem, "message")}");
        }

        if (run["failure"] is { } failure)
        {
            console.WriteLine(failure.GetValue<string>());
        }

        if (run["redrive"] is { } redrive)
        {
            console.WriteLine($"{Text(redrive, "message")} {Text(redrive, "method")} {Text(redrive, "uri")} {redrive["body"]!.ToJsonString()}");
        }

        if (run["links"]!["decisions"] is not null)
        {
            console.WriteLine($"Why jobs were run, or cached: risk explain {Text(run, "id")}");
        }
    }

    private static void WriteHealth(IAnsiConsole console, JsonNode run)
    {
        JsonNode health = run["health"]!;
        string verdict = Text(health, "verdict");
        if (verdict != "ended")
        {
            console.WriteLine($"It is {verdict}, in phase {Text(run, "phase")}; last progress {Duration(Number(health, "idleSeconds"))} ago.");
        }

        if (health["expectedSeconds"] is not null)
        {
            double lateness = Number(health, "latenessSeconds");
            double expected = Number(health, "expectedSeconds");
            string took = verdict == "ended" ? "took" : "has taken";
            console.WriteLine($"Its jobs were expected to take {Duration(expected)}; it {took} {Duration(expected + lateness)}"
                + $" ({run["estimate"]!["cachedJobs"]!.GetValue<int>():N0} of {run["estimate"]!["jobs"]!.GetValue<int>():N0} jobs were cached when it was planned).");
        }
    }

    private static Table TableOf(string[] columns)
    {
        Table table = new Table().Border(TableBorder.Rounded);
        foreach (string column in columns)
        {
            table.AddColumn(new TableColumn(column).NoWrap());
        }

        return table;
    }

    private static void AddRow(Table table, params string[] cells) => table.AddRow([.. cells.Select(Markup.Escape)]);

    private static string Text(JsonNode? node, string field) => node![field]?.GetValue<string>() ?? "-";

    private static string Count(JsonNode? node, string field) => node![field]!.GetValue<int>().ToString("N0", CultureInfo.InvariantCulture);

    private static double Number(JsonNode? node, string field) => node![field]?.GetValue<double>() ?? 0;

    private static string Duration(double seconds) => seconds switch
    {
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{seconds:F1} s"),
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:F1} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:F1} h"),
    };

    private static string Rate(double hits, double seconds) =>
        hits > 0 && seconds > 0 ? (hits / seconds / 1e6).ToString("F1", CultureInfo.InvariantCulture) : "-";

    private static string Time(JsonNode? node) => node!.GetValue<DateTimeOffset>().ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
