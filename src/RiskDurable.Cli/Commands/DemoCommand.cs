using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using RiskDurable.Cli.Local;
using RiskDurable.Cli.Remote;
using RiskDurable.Cli.Terminal;
using RiskDurable.Execution.Analytics;
using RiskDurable.Execution.Packing;
using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Results;
using RiskDurable.Functions.Rollup;
using RiskDurable.Portfolio;
using RiskDurable.Portfolio.Samples;

namespace RiskDurable.Cli.Commands;

/// <summary><c>risk demo</c>: from nothing to the results of a rollup, and one deal priced.</summary>
internal static class DemoCommand
{
    private const double EventsPerTrial = 50;

    public static Command Create()
    {
        var folder = new Option<string>("--folder") { Description = "Where everything goes.", DefaultValueFactory = _ => "demo" };
        var deals = new Option<int>("--deals") { Description = "Number of deals.", DefaultValueFactory = _ => 300 };
        var trials = new Option<int>("--trials") { Description = "Number of simulated years.", DefaultValueFactory = _ => 50_000 };
        Option<bool> json = CommandRun.JsonOption();
        var command = new Command("demo", "Make a sample portfolio, roll it up, price one deal, and show what came out.") { folder, deals, trials, json };
        command.SetWork(json, (parsed, console, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(folder), parsed.GetValue(deals), parsed.GetValue(trials), console, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string folder, int deals, int trials, CommandConsole console, CancellationToken cancellationToken)
    {
        string book = Path.Combine(folder, "portfolio");
        string results = Path.Combine(folder, "results");
        var options = new SampleOptions { Deals = deals, Trials = trials, EventsPerTrial = EventsPerTrial, Overwrite = true };
        console.WithProgress(stages => SamplePortfolio.Write(
            book, options, new Relay<SampleProgress>(progress => stages.Report(progress.Stage, progress.Done, progress.Total)), cancellationToken));
        var request = new RollupRequest(Path.GetFullPath(book), Manifest: null, RollupSettings.Default, PackSettings.DefaultBlockTrials);
        await using LocalApplication application = await LocalApplication.StartAsync(
            new DataPlace(Path.Combine(folder, "data")), Environment.ProcessorCount, cancellationToken, listens: true);
        (RunRecord record, RollupReport report) = console.WithProgress(stages => new LocalRollup(application, stages)
            .RunAsync(request, runId: null, results, csv: false, Environment.ProcessorCount, cancellationToken).GetAwaiter().GetResult());
        byte[] analysis = await PriceAsync(application, report.Portfolio.Id, LargestDeal(report), cancellationToken);
        if (console.IsJson)
        {
            console.ShowResult(
                new
                {
                    Status = "done",
                    Portfolio = Path.GetFullPath(book),
                    Output = Path.GetFullPath(results),
                    Record = record,
                    Nodes = report.Nodes.Where(node => node.Kind <= NodeKind.Tag),
                    Deal = JsonElement.Parse(analysis),
                },
                "");
            return ExitCode.Done;
        }

        ReportTables.WriteTop(console.Out, report);
        ReportTables.WriteRun(console.Out, record);
        AnalysisTables.Write(console.Out, DealAnalysis.Read(analysis));
        console.ShowResult(new { }, string.Create(CultureInfo.InvariantCulture, $"""
            The portfolio is in {book}, the results of {report.Nodes.Count:N0} nodes in {results}.
            Next: risk report {results} --plot {Path.Combine(folder, "curves.png")}
            """));
        return ExitCode.Done;
    }

    private static string LargestDeal(RollupReport report) =>
        NodePath.Parse(report.Nodes.Where(node => node.Kind == NodeKind.Deal).MaxBy(node => node.Aal)!.Node).Levels()[^1].Value;

    private static async Task<byte[]> PriceAsync(LocalApplication application, string portfolio, string deal, CancellationToken cancellationToken)
    {
        using Deployment here = application.Http();
        return await here.AnalyzeAsync(new JsonObject { ["portfolio"] = portfolio, ["dealIds"] = new JsonArray(deal) }, cancellationToken);
    }
}
