using System.CommandLine;
using System.Globalization;
using RiskDurable.Cli.Terminal;
using RiskDurable.Portfolio.Samples;

namespace RiskDurable.Cli.Commands;

/// <summary><c>risk sample FOLDER</c>: writes a portfolio to try things on.</summary>
internal static class SampleCommand
{
    private const string Csv = "csv";
    private const string Parquet = "parquet";

    private static readonly SampleOptions Defaults = new();

    public static Command Create()
    {
        var folder = new Argument<string>("FOLDER") { Description = "Where to write the portfolio; created when it is missing." };
        var deals = new Option<int>("--deals") { Description = "Number of deals.", DefaultValueFactory = _ => Defaults.Deals };
        var trials = new Option<int>("--trials") { Description = "Number of simulated years.", DefaultValueFactory = _ => Defaults.Trials };
        var events = new Option<double>("--events-per-trial")
        {
            Description = "Mean number of occurrences a year.",
            DefaultValueFactory = _ => Defaults.EventsPerTrial,
        };
        var seed = new Option<long>("--seed") { Description = "Another seed, another portfolio.", DefaultValueFactory = _ => Defaults.Seed };
        Option<string> format = new Option<string>("--format") { Description = "Format of the tables.", DefaultValueFactory = _ => Parquet }
            .AcceptOnlyFromAmong(Parquet, Csv);
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace a portfolio that is in the folder already." };
        Option<bool> json = CommandRun.JsonOption();
        var command = new Command("sample", "Write a believable portfolio, the same for the same seed.")
        {
            folder, deals, trials, events, seed, format, overwrite, json,
        };
        command.SetWork(json, (parsed, console, cancellationToken) => Run(
            parsed.GetRequiredValue(folder),
            new SampleOptions
            {
                Deals = parsed.GetValue(deals),
                Trials = parsed.GetValue(trials),
                EventsPerTrial = parsed.GetValue(events),
                Seed = parsed.GetValue(seed),
                Format = parsed.GetValue(format) == Csv ? SampleFormat.Csv : SampleFormat.Parquet,
                Overwrite = parsed.GetValue(overwrite),
            },
            console,
            cancellationToken));
        return command;
    }

    private static int Run(string folder, SampleOptions options, CommandConsole console, CancellationToken cancellationToken)
    {
        console.WithProgress(stages => SamplePortfolio.Write(
            folder,
            options,
            new Relay<SampleProgress>(progress => stages.Report(progress.Stage, progress.Done, progress.Total)),
            cancellationToken));
        console.ShowResult(
            new
            {
                Status = "done",
                Folder = Path.GetFullPath(folder),
                options.Deals,
                options.Trials,
                options.EventsPerTrial,
                options.Seed,
                Format = options.Format == SampleFormat.Csv ? Csv : Parquet,
            },
            string.Create(
                CultureInfo.InvariantCulture,
                $"{options.Deals:N0} deals and {options.Trials:N0} years of some {options.EventsPerTrial} events are in {folder}"));
        return ExitCode.Done;
    }
}
