using System.CommandLine;
using System.CommandLine.Invocation;
using RiskDurable.Cli.Commands;

namespace RiskDurable.Cli;

/// <summary>The command line <c>risk</c>.</summary>
internal static class RiskApp
{
    // After Ctrl-C a command gets this long to tidy up, and usually needs a moment only.
    private static readonly TimeSpan TidyUpTime = TimeSpan.FromSeconds(20);

    /// <summary>Runs one command.</summary>
    /// <param name="args">Its arguments.</param>
    /// <param name="output">Results go here.</param>
    /// <param name="error">Progress and refusals go here.</param>
    /// <param name="cancellationToken">Interrupts it, as Ctrl-C does.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        var root = new RootCommand("RiskDurable: portfolio risk from event losses to exceedance curves.")
        {
            DemoCommand.Create(),
            SampleCommand.Create(),
            ValidateCommand.Create(),
            RollupCommand.Create(),
            PushCommand.Create(),
            ReportCommand.Create(),
            ImportCommand.Create(),
            ExportCommand.Create(),
            GcCommand.Create(),
            AnalyzeCommand.Create(),
            RunsCommand.Create(),
            ExplainCommand.Create(),
            ServeCommand.Create(),
        };
        ParseResult parsed = root.Parse(args);
        var configuration = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TidyUpTime,
        };
        int code = await parsed.InvokeAsync(configuration, cancellationToken);
        return parsed.Action is ParseErrorAction ? ExitCode.BadInput : code;
    }
}
