using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace RiskDurable.Cli.Commands;

/// <summary><c>risk runs</c> and <c>risk runs show ID</c>: what was run here, or by a deployment.</summary>
internal static class RunsCommand
{
    public static Command Create()
    {
        var status = new Option<string?>("--status") { Description = "Only runs in this state: running, completed, failed, ..." };
        var portfolio = new Option<string?>("--portfolio") { Description = "Only runs of this portfolio." };
        var top = new Option<int>("--top") { Description = "Most runs listed.", DefaultValueFactory = _ => 20 };
        var source = new ApplicationSource();
        Option<bool> json = CommandRun.JsonOption();
        var command = new Command("runs", "List rollups, newest first.") { status, portfolio, top, json, CreateShow() };
        source.AddTo(command);
        command.SetWork(json, (parsed, console, cancellationToken) => source.AskAsync(parsed, async deployment =>
        {
            string filter = Filter("status", parsed.GetValue(status)) + Filter("portfolio", parsed.GetValue(portfolio));
            JsonNode list = await deployment.GetAsync<JsonNode>(string.Create(CultureInfo.InvariantCulture, $"api/runs?top={parsed.GetValue(top)}{filter}"), cancellationToken);
            console.ShowDocument(list, () => RunTables.WriteList(console.Out, list));
            return ExitCode.Done;
        }, cancellationToken));
        return command;
    }

    private static Command CreateShow()
    {
        var id = new Argument<string>("ID") { Description = "The run's id." };
        var source = new ApplicationSource();
        Option<bool> json = CommandRun.JsonOption();
        var command = new Command("show", "Show a run: its stages, timing and failures.") { id, json };
        source.AddTo(command);
        command.SetWork(json, (parsed, console, cancellationToken) => source.AskAsync(parsed, async deployment =>
        {
            JsonNode run = await deployment.GetAsync<JsonNode>($"api/runs/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}", cancellationToken);
            console.ShowDocument(run, () => RunTables.WriteRun(console.Out, run));
            return ExitCode.Done;
        }, cancellationToken));
        return command;
    }

    private static string Filter(string name, string? value) => value is null ? "" : $"&{name}={Uri.EscapeDataString(value)}";
}
