using System.CommandLine;
using RiskDurable.Cli.Terminal;
using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Results;
using RiskDurable.Portfolio;

namespace RiskDurable.Cli.Commands;

/// <summary><c>risk report FOLDER</c>: shows and plots the results that a rollup wrote.</summary>
internal static class ReportCommand
{
    private const int MostNodesPlotted = 8;

    public static Command Create()
    {
        var folder = new Argument<string>("FOLDER") { Description = "A results folder that 'risk rollup --out' wrote." };
        var nodes = new Option<string[]>("--node") { Description = "Path of a node, such as / or /lob=property; may be given several times.", AllowMultipleArgumentsPerToken = true };
        Option<string?> plot = new("--plot") { Description = "Draw the exceedance curves into this file, .png or .svg." };
        plot.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } file && !CurvePlot.CanWrite(file))
            {
                result.AddError($"--plot {file}: the name must end in .png or .svg.");
            }
        });
        Option<bool> json = CommandRun.JsonOption();
        var command = new Command("report", "Show the results of a rollup as a table, and draw its curves.") { folder, nodes, plot, json };
        command.SetWork(json, (parsed, console, _) => Run(parsed.GetRequiredValue(folder), parsed.GetValue(nodes) ?? [], parsed.GetValue(plot), console));
        return command;
    }

    private static int Run(string folder, string[] paths, string? plot, CommandConsole console)
    {
        RollupReport report = ReadReport(folder);
        IReadOnlyList<ReportedNode> nodes = paths.Length == 0
            ? [.. report.Nodes.Where(node => node.Kind <= NodeKind.Tag)]
            : Select(report, paths);
        if (plot is not null)
        {
            CurvePlot.Write(plot, report, paths.Length == 0 ? nodes.Take(1) : nodes.Take(MostNodesPlotted));
        }

        if (console.IsJson)
        {
            console.ShowResult(new { Status = "done", report.RunId, report.Portfolio, Plot = plot is null ? null : Path.GetFullPath(plot), Nodes = nodes }, "");
            return ExitCode.Done;
        }

        ReportTables.Write(console.Out, report, nodes);
        if (plot is not null)
        {
            console.ShowResult(new { }, $"The curves are in {plot}");
        }

        return ExitCode.Done;
    }

    /// <summary>The report of a results folder.</summary>
    /// <exception cref="BadInputException">There is none.</exception>
    internal static RollupReport ReadReport(string folder)
    {
        try
        {
            return ResultFiles.ReadReport(folder);
        }
        catch (Exception error) when (error is FileNotFoundException or InvalidDataException)
        {
            throw new BadInputException([new Problem(folder, "", error.Message)]);
        }
    }

    private static List<ReportedNode> Select(RollupReport report, string[] paths)
    {
        var problems = new List<Problem>();
        var nodes = new List<ReportedNode>();
        foreach (string path in paths)
        {
            if (report.Nodes.FirstOrDefault(node => node.Node == path) is { } found)
            {
                nodes.Add(found);
                continue;
            }

            string examples = string.Join(", ", report.Nodes.Take(3).Select(node => node.Node));
            problems.Add(new Problem(ResultFiles.Report, path, $"There is no such node among {report.Nodes.Count}; paths look like {examples}."));
        }

        return problems.Count == 0 ? nodes : throw new BadInputException(problems);
    }
}
