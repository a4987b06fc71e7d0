using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using RiskDurable.Cli.Local;
using RiskDurable.Cli.Remote;
using RiskDurable.Portfolio;

namespace RiskDurable.Cli.Commands;

/// <summary><c>risk runs</c> and <c>risk runs show ID</c>: what was run here, or by a deployment.</summary>
internal static class RunsCommand
{
    public static Command Create()
    {
        var status = new Option<string?>("--status") { Description = "Only runs in this state: running, completed, failed, ..." };
        var portfolio = new Option<string?>("--portfolio") { Description = "Only runs of this portfolio." };
        var top = new Option<int>("--top") { Description = "Most runs listed.", DefaultValueFactory = _ => 20 };
        var source = new Source();
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
        var source = new Source();
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

    /// <summary>Which application is asked: that of a data folder, started for the question, or a deployment.</summary>
    private sealed class Source
    {
        private readonly DeploymentOptions _deployment = new();
        private readonly DataOptions _data = new();

        public void AddTo(Command command)
        {
            _data.AddTo(command);
            _deployment.AddTo(command);
        }

        public async Task<int> AskAsync(ParseResult parsed, Func<Deployment, Task<int>> ask, CancellationToken cancellationToken)
        {
            if (_deployment.Of(parsed) is { } there)
            {
                using (there)
                {
                    return await ask(there);
                }
            }

            DataPlace data = _data.Of(parsed);
            if (!Directory.Exists(data.Folder))
            {
                throw new BadInputException([new Problem(data.Folder, "", "There is no such data folder; name the one that rollups used with --data, or a deployment with --host.")]);
            }

            // What was interrupted goes on meanwhile, one job at a time: asking is no reason to work.
            await using LocalApplication application = await LocalApplication.StartAsync(data, threads: 1, cancellationToken, listens: true);
            (Uri address, string key) = application.Http!.Value;
            using var local = new Deployment(address, key);
            return await ask(local);
        }
    }
}
