using System.CommandLine;
using System.Globalization;
using RiskDurable.Cli.Local;
using RiskDurable.Cli.Terminal;
using RiskDurable.Functions.Cache;
using RiskDurable.Portfolio;

namespace RiskDurable.Cli.Commands;

/// <summary><c>risk gc</c>: removes from a data folder what nobody needs any more.</summary>
internal static class GcCommand
{
    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "Folder of state and objects.", DefaultValueFactory = _ => DataOptions.DefaultFolder };
        var grace = new Option<double>("--grace-minutes") { Description = "Objects younger than this stay.", DefaultValueFactory = _ => 60 };
        grace.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 0 and < 1e9))
            {
                result.AddError("--grace-minutes must be at least 0.");
            }
        });
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would go." };
        Option<bool> json = CommandRun.JsonOption();
        var command = new Command("gc", "Remove expired outputs and packed tables that no portfolio or listed run needs.") { data, grace, dryRun, json };
        command.SetWork(json, (parsed, console, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(data), TimeSpan.FromMinutes(parsed.GetValue(grace)), parsed.GetValue(dryRun), console, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string data, TimeSpan grace, bool dryRun, CommandConsole console, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(data))
        {
            throw new BadInputException([new Problem(data, "", "There is no such folder; name the --data folder of a rollup.")]);
        }

        await using LocalApplication application = await LocalApplication.StartAsync(new DataPlace(data), threads: 1, cancellationToken);
        CleaningOutcome outcome = await application.CleaningOfStore.CleanAsync(application.Client, grace, dryRun, cancellationToken);
        console.ShowResult(
            new { Status = "done", DryRun = dryRun, outcome.Kept, outcome.Removed },
            string.Create(
                CultureInfo.InvariantCulture,
                $"{(dryRun ? "Would remove" : "Removed")} {outcome.Removed.Objects:N0} objects ({outcome.Removed.Bytes / 1048576.0:N1} MiB); {outcome.Kept.Objects:N0} ({outcome.Kept.Bytes / 1048576.0:N1} MiB) stay."));
        return ExitCode.Done;
    }
}
