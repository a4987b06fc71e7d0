using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using RiskDurable.Cli.Local;
using RiskDurable.Cli.Remote;

namespace RiskDurable.Cli.Commands;

/// <summary><c>risk runs</c> and <c>risk runs show ID</c>: what was run here, or by a deployment.</summary>
internal static class RunsCommand
{
    public static Command Create()
    {
        var source = new ApplicationOptions();
        var status = new Option<string?>("--status") { Description = "Only runs in this state: running, completed, failed, ..." };
        var portfolio = new Option<string?>("--portfolio") { Description = "Only runs of this portfolio." };
        var top = new Option<int>("--top") { Description = "Most runs listed.", DefaultValueFactory = _ => 20 };
        Option<bool> json = CommandRun.JsonOption();
        json.Recursive = true;
        var command = new Command("runs", "List rollups, newest first.") { status, portfolio, top, json };
        source.AddTo(command);
        command.SetWork(json, (parsed, console, cancellationToken) => source.WithApiAsync(parsed, async api =>
        {
            string filter = Filter("status", parsed.GetValue(status)) + Filter("portfolio", parsed.GetValue(portfolio));
            JsonNode list = await api.GetAsync(string.Create(CultureInfo.InvariantCulture, $"api/runs?top={parsed.GetValue(top)}{filter}"), cancellationToken);
            console.ShowDocument(list, () => RunTables.WriteList(console.Out, list));
            return ExitCode.Done;
        }, cancellationToken));

        var id = new Argument<string>("ID") { Description = "The run's id." };
        var show = new Command("show", "Show a run: its stages, timing and failures.") { id };
        show.SetWork(json, (parsed, console, cancellationToken) => source.WithApiAsync(parsed, async api =>
        {
            JsonNode run = await api.GetAsync($"api/runs/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}", cancellationToken);
            console.ShowDocument(run, () => RunTables.WriteRun(console.Out, run));
            return ExitCode.Done;
        }, cancellationToken));
        command.Subcommands.Add(show);
        return command;
    }

    private static string Filter(string name, string? value) => value is null ? "" : $"&{name}={Uri.EscapeDataString(value)}";

    /// <summary>Which application is asked: the one of a data folder, started for the question, or one that runs elsewhere.</summary>
    private sealed class ApplicationOptions
    {
        private readonly Option<string> _data = new("--data")
        {
            Description = "Folder of state and objects.",
            DefaultValueFactory = _ => LocalApplication.DefaultDataFolder,
            Recursive = true,
        };

        private readonly Option<string?> _host = new("--host") { Description = "Address of an application that runs elsewhere.", Recursive = true };
        private readonly Option<string?> _key = new("--key") { Description = "The key that it asks for.", Recursive = true };

        public void AddTo(Command command)
        {
            _host.Validators.Add(result =>
            {
                if (result.GetValueOrDefault<string?>() is { } text && !IsAddress(text))
                {
                    result.AddError($"--host {text}: an address such as https://risk.example.com was expected.");
                }
            });
            command.Options.Add(_data);
            command.Options.Add(_host);
            command.Options.Add(_key);
        }

        public async Task<int> WithApiAsync(ParseResult parsed, Func<RiskApi, Task<int>> ask, CancellationToken cancellationToken)
        {
            if (parsed.GetValue(_host) is { } host)
            {
                using var remote = new RiskApi(new Uri(host), parsed.GetValue(_key));
                return await ask(remote);
            }

            string data = parsed.GetValue(_data)!;
            if (!Directory.Exists(data))
            {
                throw new RunFailedException($"There is no data folder '{data}': name one with --data, or an application with --host.");
            }

            // Nobody else on this machine is to be answered meanwhile.
            string key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
            await using LocalServer server = await LocalServer.StartAsync(data, port: 0, key, portfolioRoots: null, "None", cancellationToken);
            using var local = new RiskApi(server.Address, key);
            return await ask(local);
        }

        private static bool IsAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https";
    }
}
