using System.CommandLine;
using System.Globalization;
using RiskDurable.Azure;
using RiskDurable.Cli.Local;
using RiskDurable.Cli.Terminal;
using RiskDurable.Execution.Packing;
using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Results;
using RiskDurable.Execution.Storage;
using RiskDurable.Functions.Hosting;
using RiskDurable.Kernel;
using RiskDurable.Portfolio;
using RiskDurable.Portfolio.Files;

namespace RiskDurable.Cli.Commands;

/// <summary><c>risk export ord RESULTS</c>: results in the form that other programs read.</summary>
internal static class ExportCommand
{
    private const string Csv = "csv";

    public static Command Create() => new("export", "Write results in the form that other programs read.") { CreateOrd() };

    private static Command CreateOrd()
    {
        var results = new Argument<string>("RESULTS") { Description = "A results folder that 'risk rollup --out' wrote." };
        var output = new Option<string>("--out") { Description = "Where to write the tables.", Required = true };
        var portfolio = new Option<string?>("--portfolio") { Description = "The folder that was rolled up: writes the whole portfolio's period losses (SPLT) as well, with their dates." };
        var data = new DataOptions("Data folder of the rollup, for the period losses.");
        Option<string> format = new Option<string>("--format") { Description = "Format of the tables.", DefaultValueFactory = _ => Csv }.AcceptOnlyFromAmong(Csv, "parquet");
        Option<bool> json = CommandRun.JsonOption();
        var command = new Command("ord", "Open Results Data: exceedance probabilities of all nodes (EPT), period losses of the whole portfolio (SPLT).")
        {
            results, output, portfolio, format, json,
        };
        data.AddTo(command);
        command.SetWork(json, (parsed, console, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(results),
            parsed.GetRequiredValue(output),
            parsed.GetValue(portfolio),
            data.Of(parsed),
            "." + parsed.GetRequiredValue(format),
            console,
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        string results, string output, string? portfolio, DataPlace data, string extension, CommandConsole console, CancellationToken cancellationToken)
    {
        RollupReport report = ReportCommand.ReadReport(results);
        long? rows = null;
        if (portfolio is not null)
        {
            rows = await console.WithProgress(stages => WriteSpltAsync(report, output, portfolio, data, extension, stages, cancellationToken));
        }

        OrdExport.WriteEpt(output, extension, report);
        console.ShowResult(
            new { Status = "done", Output = Path.GetFullPath(output), Summaries = report.Nodes.Count, PeriodLosses = rows },
            string.Create(
                CultureInfo.InvariantCulture,
                $"ept{extension} of {report.Nodes.Count:N0} nodes{(rows is { } count ? $", splt{extension} with {count:N0} losses" : "")} and summary-info.csv are in {output}"));
        return ExitCode.Done;
    }

    private static async Task<long> WriteSpltAsync(
        RollupReport report, string output, string portfolio, DataPlace data, string extension, IStageProgress stages, CancellationToken cancellationToken)
    {
        string objects = Path.Combine(data.Folder, "objects");
        var address = StoreAddress.Parse(data.Store);
        if (address.IsDisk && !Directory.Exists(objects))
        {
            throw new BadInputException([new Problem(data.Folder, "", "There is no data of a rollup here; name the rollup's folder with --data.")]);
        }

        IObjectStore store = address.IsDisk ? new DiskObjectStore(objects) : new BlobObjectStore(new BlobAccounts(address), new RiskOptions().StoreContainer);
        try
        {
            PortfolioManifest manifest = await PortfolioManifest.ReadAsync(store, report.Inputs.Manifest, cancellationToken);
            // Losses are kept under keys that hold how they were drawn: the report says it.
            RollupSettings settings = RollupSettings.Default with { Sampling = report.Seed is { } seed ? new LossSampling(seed) : null };
            RollupPlan plan = RollupPlan.Create(manifest, await manifest.ReadDealsAsync(store, cancellationToken), settings);
            return await OrdExport.WriteSpltAsync(
                output,
                extension,
                new FolderFiles(portfolio),
                store,
                plan,
                new Relay<double>(fraction => stages.Report("writing period losses", fraction)),
                cancellationToken);
        }
        catch (UnreadableObjectException missing)
        {
            throw new BadInputException([new Problem(
                data.Folder, "", $"{missing.Message}. Run 'risk rollup' of the portfolio again with this --data folder; only what is missing runs.")]);
        }
    }
}
