using System.CommandLine;
using RiskDurable.Cli.Local;
using RiskDurable.Cli.Remote;
using RiskDurable.Cli.Terminal;
using RiskDurable.Embedded.Hosting;
using RiskDurable.Portfolio;

namespace RiskDurable.Cli.Commands;

/// <summary>What all commands share: the option <c>--json</c>, and what becomes of the ways in which a command can end.</summary>
internal static class CommandRun
{
    /// <summary>The option that makes the output one JSON document.</summary>
    public static Option<bool> JsonOption() => new("--json") { Description = "Print one JSON document instead of text." };

    /// <summary>Gives a command its work.</summary>
    /// <param name="command">The command.</param>
    /// <param name="json">Its option <c>--json</c>.</param>
    /// <param name="work">Does the work, and returns the exit code.</param>
    public static void SetWork(this Command command, Option<bool> json, Func<ParseResult, CommandConsole, CancellationToken, Task<int>> work) =>
        command.SetWork(json, (parsed, console, cancellationToken) => work(parsed, console, cancellationToken).GetAwaiter().GetResult());

    /// <summary>Gives a command its work.</summary>
    /// <param name="command">The command.</param>
    /// <param name="json">Its option <c>--json</c>.</param>
    /// <param name="work">Does the work, and returns the exit code; runs on a thread of its own, so that Ctrl-C is heard.</param>
    public static void SetWork(this Command command, Option<bool> json, Func<ParseResult, CommandConsole, CancellationToken, int> work) =>
        command.SetAction((parsed, cancellationToken) =>
        {
            var console = new CommandConsole(
                parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, parsed.GetValue(json));
            return Task.Run(() => Run(parsed, console, work, cancellationToken), CancellationToken.None);
        });

    private static int Run(
        ParseResult parsed,
        CommandConsole console,
        Func<ParseResult, CommandConsole, CancellationToken, int> work,
        CancellationToken cancellationToken)
    {
        try
        {
            return work(parsed, console, cancellationToken);
        }
        catch (BadInputException refusal)
        {
            console.ShowProblems(refusal.Problems);
            return ExitCode.BadInput;
        }
        catch (OperationCanceledException interrupted) when (cancellationToken.IsCancellationRequested)
        {
            console.ShowFailure("interrupted", interrupted is WorkGoesOnException ? interrupted.Message : "Interrupted.");
            return ExitCode.Interrupted;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException or HostStartupException or RunFailedException)
        {
            console.ShowFailure("failed", error.Message);
            return ExitCode.Failed;
        }
    }
}
