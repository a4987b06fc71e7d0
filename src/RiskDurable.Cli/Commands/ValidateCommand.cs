using System.CommandLine;
using System.Globalization;
using RiskDurable.Cli.Terminal;
using RiskDurable.Portfolio.Files;
using RiskDurable.Portfolio.Reading;

namespace RiskDurable.Cli.Commands;

/// <summary><c>risk validate FOLDER</c>: reads a whole portfolio, and says what is wrong with it.</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("FOLDER") { Description = "The portfolio's folder, with portfolio.json in it." };
        Option<bool> json = CommandRun.JsonOption();
        var command = new Command("validate", "Read a portfolio with all its tables, and list everything that is wrong.") { folder, json };
        command.SetWork(json, (parsed, console, cancellationToken) => Run(parsed.GetRequiredValue(folder), console, cancellationToken));
        return command;
    }

    private static int Run(string folder, CommandConsole console, CancellationToken cancellationToken)
    {
        PortfolioContents contents = console.WithProgress(stages => PortfolioCheck.Run(
            new FolderFiles(folder),
            new Relay<CheckProgress>(progress => stages.Report(progress.Stage, progress.Fraction)),
            cancellationToken));
        var portfolio = contents.Portfolio;
        int silent = portfolio.Trials - contents.TrialsWithEvents;
        console.ShowResult(
            new
            {
                Status = "valid",
                portfolio.Id,
                portfolio.Name,
                portfolio.Currency,
                Deals = portfolio.Deals.Count,
                contents.Layers,
                Elts = portfolio.Elts.Count,
                contents.EltEntries,
                portfolio.Trials,
                contents.Occurrences,
                TrialsWithoutEvents = silent,
            },
            string.Create(
                CultureInfo.InvariantCulture,
                $"{portfolio.Id} is valid: {portfolio.Deals.Count:N0} deals, {contents.Layers:N0} layers, {portfolio.Elts.Count:N0} ELTs with "
                + $"{contents.EltEntries:N0} entries, {portfolio.Trials:N0} trials ({silent:N0} without events) with {contents.Occurrences:N0} occurrences"));
        return ExitCode.Done;
    }
}
