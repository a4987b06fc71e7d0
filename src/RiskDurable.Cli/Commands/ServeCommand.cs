using System.CommandLine;
using RiskDurable.Cli.Local;
using RiskDurable.Cli.Terminal;

namespace RiskDurable.Cli.Commands;

/// <summary><c>risk serve</c>: the application with its HTTP API, on this machine.</summary>
internal static class ServeCommand
{
    private const int DefaultPort = 7071;
    private const int HighestPort = 65535;

    public static Command Create()
    {
        var port = new Option<int>("--port") { Description = "Port on the loopback interface; 0 for any free one.", DefaultValueFactory = _ => DefaultPort };
        port.MustBeWithin(0, HighestPort);
        var listen = new Option<string?>("--listen") { Description = "IP address to listen on, 0.0.0.0 for all of this machine; the loopback interface by default. Any other needs --key." };
        listen.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !System.Net.IPAddress.TryParse(text, out _))
            {
                result.AddError($"--listen {text}: an IP address such as 0.0.0.0 was expected.");
            }
        });
        var data = new DataOptions();
        var key = new Option<string?>("--key") { Description = "Key that callers must present in x-functions-key; none by default." };
        var roots = new Option<string?>("--portfolios") { Description = "Folders below which requests may name portfolios, separated by ';'; the current folder by default." };
        var verbose = new Option<bool>("--verbose") { Description = "Log what the application does." };
        Option<bool> json = CommandRun.JsonOption();
        var command = new Command("serve", "Answer the HTTP API on this machine, until Ctrl-C.") { port, listen, key, roots, verbose, json };
        data.AddTo(command);
        command.SetWork(json, async (parsed, console, cancellationToken) =>
        {
            var door = new ServerDoor(parsed.GetValue(port), parsed.GetValue(listen), parsed.GetValue(key), parsed.GetValue(roots));
            await using LocalApplication server = await LocalApplication.ServeAsync(
                data.Of(parsed), door, parsed.GetValue(verbose) ? "Information" : "Warning", cancellationToken);
            return await ServeAsync(server, console, cancellationToken);
        });
        return command;
    }

    private static async Task<int> ServeAsync(LocalApplication server, CommandConsole console, CancellationToken cancellationToken)
    {
        console.ShowResult(
            new { Status = "listening", Address = server.Address },
            $"RiskDurable answers at {server.Address} ({new Uri(server.Address, "api/openapi.json")} describes it). Ctrl-C stops it.");

        // Ctrl-C is how this command is meant to end: what runs goes on with the next start.
        await server.WaitAsync(cancellationToken);
        return ExitCode.Done;
    }
}
