using System.CommandLine;
using System.Globalization;
using RiskDurable.Cli.Local;
using RiskDurable.Cli.Terminal;
using RiskDurable.Functions.Cache;
using RiskDurable.Functions.Hosting;
using RiskDurable.Portfolio;

namespace RiskDurable.Cli.Commands;

/// <summary><c>risk gc</c>: removes from a data folder what nobody needs any more: runs that ended long ago, then objects.</summary>
internal static class GcCommand
{
    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "Folder of state and objects.", DefaultValueFactory = _ => DataOptions.DefaultFolder };
        var grace = new Option<double>("--grace-minutes") { Description = "Objects younger than this stay.", DefaultValueFactory = _ => 60 };
        grace.MustBeWithin(0, 1_000_000_000);
        var runDays = new Option<double>("--run-days")
        {
            Description = "Days that runs stay listed after their end; a portfolio's latest completed run stays in any case.",
            DefaultValueFactory = _ => new RiskOptions().RunRetention.TotalDays,
        };
        runDays.MustBeWithin(0, 100_000);
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would go." };
        Option<bool> json = CommandRun.JsonOption();
        var command = new Command("gc", "Remove runs that ended long ago, expired outputs, and packed tables that no portfolio or listed run needs.") { data, grace, runDays, dryRun, json };
        command.SetWork(json, (parsed, console, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(data), TimeSpan.FromMinutes(parsed.GetValue(grace)), TimeSpan.FromDays(parsed.GetValue(runDays)), parsed.GetValue(dryRun), console, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        string data, TimeSpan grace, TimeSpan keepRuns, bool dryRun, CommandConsole console, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(data))
        {
            throw new BadInputException([new Problem(data, "", "There is no such folder; name the --data folder of a rollup.")]);
        }

        await using LocalApplication application = await LocalApplication.StartAsync(new DataPlace(data), threads: 1, cancellationToken);
        int runs = await application.RetentionOfRuns.PurgeAsync(application.Client, keepRuns, dryRun, cancellationToken);
        CleaningOutcome outcome = await application.CleaningOfStore.CleanAsync(application.Client, grace, dryRun, cancellationToken);
        console.ShowResult(
            new { Status = "done", DryRun = dryRun, Runs = runs, outcome.Kept, outcome.Removed },
            string.Create(
                CultureInfo.InvariantCulture,
                $"{(dryRun ? "Would remove" : "Removed")} {outcome.Removed.Objects:N0} objects ({outcome.Removed.Bytes / 1048576.0:N1} MiB) and {runs:N0} runs; {outcome.Kept.Objects:N0} objects ({outcome.Kept.Bytes / 1048576.0:N1} MiB) stay."));
        return ExitCode.Done;
    }
}
