using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using RiskDurable.Cli.Terminal;
using RiskDurable.Functions.Runs;
using Spectre.Console;

namespace RiskDurable.Cli.Commands;

/// <summary><c>risk explain RUN</c>: why each job of a run was run, or was not.</summary>
internal static class ExplainCommand
{
    private static readonly string[] Columns = ["Stage", "Level", "Jobs", "Reason", "For example"];

    public static Command Create()
    {
        var id = new Argument<string>("RUN") { Description = "The run's id; risk runs lists them." };
        var deal = new Option<string?>("--deal") { Description = "Only the jobs that simulate this deal." };
        var source = new ApplicationSource();
        Option<bool> json = CommandRun.JsonOption();
        var command = new Command("explain", "Explain why jobs of a run were run, or taken from the cache.") { id, deal, json };
        source.AddTo(command);
        command.SetWork(json, (parsed, console, cancellationToken) => source.AskAsync(parsed, async deployment =>
        {
            string filter = parsed.GetValue(deal) is { } one ? $"?deal={Uri.EscapeDataString(one)}" : "";
            JsonNode document = await deployment.GetAsync<JsonNode>(
                $"api/runs/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}/decisions{filter}", cancellationToken);
            console.ShowDocument(document, () => Write(console, document.Deserialize<DecisionsView>(JsonSerializerOptions.Web)!));
            return ExitCode.Done;
        }, cancellationToken));
        return command;
    }

    private static void Write(CommandConsole console, DecisionsView decisions)
    {
        Table table = new Table().Border(TableBorder.Rounded);
        foreach (string column in Columns)
        {
            table.AddColumn(new TableColumn(column));
        }

        foreach (StageDecisionsView stage in decisions.Stages)
        {
            foreach (ReasonView reason in stage.Reasons)
            {
                table.AddRow(
                    stage.Name,
                    stage.Level.ToString(CultureInfo.InvariantCulture),
                    reason.Count.ToString("N0", CultureInfo.InvariantCulture),
                    reason.Reason,
                    Markup.Escape(reason.Example));
            }
        }

        console.Out.Write(table);
        foreach (ReasonView reason in decisions.Stages.SelectMany(stage => stage.Reasons).DistinctBy(reason => reason.Reason))
        {
            console.Out.WriteLine($"{reason.Reason}: {reason.Meaning}");
        }
    }
}
