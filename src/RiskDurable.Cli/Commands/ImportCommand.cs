using System.CommandLine;
using System.Globalization;
using RiskDurable.Cli.Terminal;
using RiskDurable.Portfolio;
using RiskDurable.Portfolio.OpenResults;

namespace RiskDurable.Cli.Commands;

/// <summary><c>risk import ord FOLDER</c>: a portfolio from another engine's results.</summary>
internal static class ImportCommand
{
    public static Command Create() => new("import", "Make a portfolio from other engines' results.") { CreateOrd() };

    private static Command CreateOrd()
    {
        var folder = new Argument<string>("FOLDER") { Description = "Where to write the portfolio; created when it is missing." };
        var melt = new Option<string?>("--melt") { Description = "Moment event loss table." };
        var qelt = new Option<string?>("--qelt") { Description = "Quantile event loss table." };
        var plt = new Option<string?>("--plt") { Description = "Period loss table (MPLT, QPLT or SPLT): when events happen; of an MPLT also the losses, without --melt and --qelt." };
        var occurrence = new Option<string?>("--occurrence") { Description = "Occurrence table: when events happen." };
        var periods = new Option<int>("--periods") { Description = "Number of simulated periods; those without a loss are in no table.", Required = true };
        var weights = new Option<string?>("--period-weights") { Description = "Weights of the periods; else those of the PLT, if any." };
        periods.MustBeWithin(1);
        var sampleType = new Option<int?>("--sample-type") { Description = "1 for analytical moments, 2 for those of samples, where a table has both." };
        var currency = new Option<string>("--currency") { Description = "Currency of the losses.", DefaultValueFactory = _ => "USD" };
        var id = new Option<string?>("--id") { Description = "The portfolio's id; else the folder's name." };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace a portfolio that is in the folder already." };
        Option<bool> json = CommandRun.JsonOption();
        var command = new Command("ord", "Open Results Data: ELTs, a YET, and a deal for each summary that pays its losses in full.")
        {
            folder, melt, qelt, plt, occurrence, periods, weights, sampleType, currency, id, overwrite, json,
        };
        command.Validators.Add(result =>
        {
            bool Has(Option option) => result.GetResult(option) is not null;
            if (!Has(plt) && !Has(occurrence))
            {
                result.AddError("Say when events happen: --plt FILE or --occurrence FILE.");
            }
            else if (!Has(melt) && !Has(qelt) && !Has(plt))
            {
                result.AddError("Say what events cost: --melt FILE, --qelt FILE, or --plt FILE with an MPLT.");
            }

            if (Has(melt) && Has(qelt))
            {
                result.AddError("--melt and --qelt both give losses; name one of them.");
            }
        });
        command.SetWork(json, (parsed, console, cancellationToken) => Run(
            parsed.GetRequiredValue(folder),
            new OrdImportOptions
            {
                Melt = parsed.GetValue(melt),
                Qelt = parsed.GetValue(qelt),
                Plt = parsed.GetValue(plt),
                Occurrence = parsed.GetValue(occurrence),
                PeriodWeights = parsed.GetValue(weights),
                Periods = parsed.GetValue(periods),
                SampleType = parsed.GetValue(sampleType),
                Currency = parsed.GetRequiredValue(currency),
                Id = parsed.GetValue(id) ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(parsed.GetRequiredValue(folder)))),
                Overwrite = parsed.GetValue(overwrite),
            },
            console,
            cancellationToken));
        return command;
    }

    private static int Run(string folder, OrdImportOptions options, CommandConsole console, CancellationToken cancellationToken)
    {
        foreach (string file in new[] { options.Melt, options.Qelt, options.Plt, options.Occurrence, options.PeriodWeights }.OfType<string>())
        {
            if (!file.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) && !file.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase))
            {
                throw new BadInputException([new Problem(file, "", "The file is neither '.csv' nor '.parquet'; name a table in one of these formats.")]);
            }
        }

        OrdImportOutcome outcome = console.WithProgress(stages => OrdImport.Write(
            folder, options, new Relay<(string Step, double Fraction)>(progress => stages.Report(progress.Step, progress.Fraction)), cancellationToken));
        string notes = "";
        if (outcome.CappedDeviations > 0)
        {
            notes += string.Create(CultureInfo.InvariantCulture, $"\n{outcome.CappedDeviations:N0} standard deviations were lowered to the most that losses between 0 and their exposure can have.");
        }

        if (outcome.WithoutOccurrence > 0)
        {
            notes += string.Create(CultureInfo.InvariantCulture, $"\n{outcome.WithoutOccurrence:N0} of {outcome.Events:N0} events with a loss happen in no period.");
        }

        console.ShowResult(
            new { Status = "done", Folder = Path.GetFullPath(folder), Imported = outcome },
            string.Create(
                CultureInfo.InvariantCulture,
                $"{outcome.Summaries:N0} event loss tables, {outcome.Occurrences:N0} occurrences in {outcome.Trials:N0} periods{(outcome.HasWeights ? " with weights" : "")} are in {folder}. Next: risk rollup {folder}{notes}"));
        return ExitCode.Done;
    }
}
