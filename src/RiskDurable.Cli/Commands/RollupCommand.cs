using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using RiskDurable.Cli.Local;
using RiskDurable.Cli.Remote;
using RiskDurable.Cli.Terminal;
using RiskDurable.Embedded.DurableTask.Client;
using RiskDurable.Execution.Packing;
using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Results;
using RiskDurable.Functions.Rollup;
using RiskDurable.Functions.Runs;
using RiskDurable.Kernel;
using RiskDurable.Kernel.Metrics;
using RiskDurable.Portfolio;
using RiskDurable.Portfolio.Reading;
using Spectre.Console;

namespace RiskDurable.Cli.Commands;

/// <summary><c>risk rollup FOLDER</c>: simulates a portfolio and writes its results.</summary>
internal static class RollupCommand
{
    private const string DefaultOutput = "results";

    private static readonly string[] LocalOnly = ["--threads", "--resume", "--store"];

    public static Command Create()
    {
        var folder = new Argument<string>("FOLDER") { Description = "The portfolio's folder, with portfolio.json in it; with --host such a folder, which is sent there first, or the id of a portfolio there." };
        var output = new Option<string>("--out") { Description = "Folder of the result files.", DefaultValueFactory = _ => DefaultOutput };
        var data = new DataOptions("Folder of state and objects; what is in it is not computed again.");
        var csv = new Option<bool>("--csv") { Description = "Write ylt.csv beside ylt.parquet." };
        Option<string> level = new Option<string>("--level") { Description = "How deep the results go.", DefaultValueFactory = _ => "layers" }
            .AcceptOnlyFromAmong("portfolio", "tags", "deals", "layers");
        Option<string> convention = new Option<string>("--rank-convention")
        {
            Description = "Return period of rank k among N trials: empirical, N/k; or weibull, (N + 1)/k.",
            DefaultValueFactory = _ => "empirical",
        }.AcceptOnlyFromAmong("empirical", "weibull");
        Option<string> sampling = new Option<string>("--sampling")
        {
            Description = "What a loss is: its mean; or beta, drawn by the standard deviations of its ELT.",
            DefaultValueFactory = _ => "mean",
        }.AcceptOnlyFromAmong("mean", "beta");
        var seed = new Option<int?>("--seed") { Description = "Seed of what is drawn, with --sampling beta.", DefaultValueFactory = _ => null };
        seed.MustBeWithin(0);
        Option<int> blockTrials = Positive("--block-trials", "Trials a block; results do not depend on it.", PackSettings.DefaultBlockTrials);
        Option<int> threads = Positive("--threads", "Jobs at the same time; results do not depend on it.", Environment.ProcessorCount);
        var resume = new Option<bool>("--resume") { Description = "Go on with an interrupted rollup of the same portfolio." };
        var deployment = new DeploymentOptions();
        Option<bool> json = CommandRun.JsonOption();
        var command = new Command("rollup", "Simulate a portfolio, roll it up, and write curves, metrics and year losses.")
        {
            folder, output, csv, level, convention, sampling, seed, blockTrials, threads, resume, json,
        };
        data.AddTo(command);
        deployment.AddTo(command);
        command.Validators.Add(result =>
        {
            // Whether it is given, not its value, which may be no number; that is told of the option itself.
            if (result.GetResult(seed) is { Implicit: false } && result.GetValue(sampling) != "beta")
            {
                result.AddError("Nothing is drawn where every loss is its mean; give --seed with --sampling beta only.");
            }

            if (deployment.IsGiven(result))
            {
                foreach (string name in LocalOnly.Where(name => result.GetResult(name) is OptionResult { Implicit: false }))
                {
                    result.AddError($"{name} says how to run on this machine; with --host the deployment decides.");
                }
            }
        });
        RollupSettings Settings(ParseResult parsed) => RollupSettings.Default with
        {
            Depth = Enum.Parse<ReportDepth>(parsed.GetRequiredValue(level), ignoreCase: true),
            RankConvention = Enum.Parse<RankConvention>(parsed.GetRequiredValue(convention), ignoreCase: true),
            Sampling = parsed.GetValue(sampling) == "beta" ? new LossSampling((ulong)(parsed.GetValue(seed) ?? RollupBody.DefaultSeed)) : null,
        };

        command.SetWork(json, (parsed, console, cancellationToken) => deployment.Of(parsed) is { } remote
            ? RunRemoteAsync(
                remote,
                BodyOf(parsed.GetRequiredValue(folder), Settings(parsed), parsed.GetResult(blockTrials) is { Implicit: false } ? parsed.GetValue(blockTrials) : null),
                parsed.GetRequiredValue(folder),
                new RemoteOutput(parsed.GetRequiredValue(output), data.Of(parsed).Folder, parsed.GetValue(csv)),
                console,
                cancellationToken)
            : RunAsync(
                new RollupRequest(Path.GetFullPath(parsed.GetRequiredValue(folder)), Manifest: null, Settings(parsed), parsed.GetValue(blockTrials)),
                parsed.GetRequiredValue(output),
                data.Of(parsed),
                parsed.GetValue(csv),
                parsed.GetValue(threads),
                parsed.GetValue(resume),
                console,
                cancellationToken));
        return command;
    }

    /// <summary>The body of a request for a rollup on a deployment: but for the portfolio, where that is sent first.</summary>
    private static Dictionary<string, object> BodyOf(string portfolio, RollupSettings settings, int? blockTrials)
    {
        var body = new Dictionary<string, object>
        {
            ["level"] = settings.Depth.ToString().ToLowerInvariant(),
            ["rankConvention"] = settings.RankConvention.ToString().ToLowerInvariant(),
        };
        if (settings.Sampling is { } sampling)
        {
            body["sampling"] = "beta";
            body["seed"] = sampling.Seed;
        }

        if (IsFolder(portfolio))
        {
            body["blockTrials"] = blockTrials ?? PackSettings.DefaultBlockTrials;
        }
        else if (blockTrials is null)
        {
            body["portfolio"] = portfolio;
        }
        else
        {
            throw new BadInputException([new Problem("command line", "--block-trials", $"'{portfolio}' is no folder, but the id of a portfolio that is packed; its blocks are what they are.")]);
        }

        return body;
    }

    private static bool IsFolder(string portfolio) =>
        File.Exists(Path.Combine(portfolio, PortfolioReader.FileName)) || Directory.Exists(portfolio) || portfolio.Contains(Path.DirectorySeparatorChar);

    private static async Task<int> RunRemoteAsync(
        Deployment deployment, Dictionary<string, object> body, string portfolio, RemoteOutput output, CommandConsole console, CancellationToken cancellationToken)
    {
        using (deployment)
        {
            (RunView run, RunRecord record, RollupReport report) = await console.WithProgress(async stages =>
            {
                if (IsFolder(portfolio))
                {
                    body["uploaded"] = (await new PortfolioUpload(deployment, stages).SendAsync(portfolio, cancellationToken)).Portfolio;
                }

                return await new RemoteRollup(deployment, stages).RunAsync(body, output, cancellationToken);
            });
            Show(console, record, report, output.Folder, output.Csv, run);
            return ExitCode.Done;
        }
    }

    private static void Show(CommandConsole console, RunRecord record, RollupReport report, string output, bool csv, RunView? run)
    {
        if (console.IsJson)
        {
            console.ShowResult(
                new { Status = "done", Output = Path.GetFullPath(output), Record = record, Run = run, Nodes = report.Nodes.Where(node => node.Kind <= NodeKind.Tag) }, "");
            return;
        }

        ReportTables.WriteTop(console.Out, report);
        ReportTables.WriteRun(console.Out, record);
        console.ShowResult(record, string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Nodes.Count:N0} nodes are in {Path.Combine(output, ResultFiles.Report)}, {ResultFiles.Ept}, {ResultFiles.YltParquet}{(csv ? ", " + ResultFiles.YltCsv : "")}"));
        if (run?.Links.Root is { } root)
        {
            console.ShowResult(record, $"Run {run.Id}: {root}");
        }
    }

    private static Option<int> Positive(string name, string description, int value)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => value };
        option.MustBeWithin(1);
        return option;
    }

    private static async Task<int> RunAsync(
        RollupRequest request, string output, DataPlace data, bool csv, int threads, bool resume, CommandConsole console, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(request.Folder))
        {
            throw new BadInputException([new Problem(request.Folder!, "", "There is no such folder; name one with portfolio.json in it, or make one with 'risk sample'.")]);
        }

        await using LocalApplication application = await LocalApplication.StartAsync(data, threads, cancellationToken);
        string? runId = await ChooseAsync(application, request, resume, console, cancellationToken);
        (RunRecord record, RollupReport report) = console.WithProgress(stages =>
            new LocalRollup(application, stages).RunAsync(request, runId, output, csv, threads, cancellationToken).GetAwaiter().GetResult());
        Show(console, record, report, output, csv, run: null);
        return ExitCode.Done;
    }

    /// <summary>The run to go on with, or null for a new one.</summary>
    private static async Task<string?> ChooseAsync(
        LocalApplication application, RollupRequest request, bool resume, CommandConsole console, CancellationToken cancellationToken)
    {
        OrchestrationMetadata? interrupted = await LocalRollup.FindInterruptedAsync(application.Client, request, cancellationToken);
        if (interrupted is null)
        {
            return null;
        }

        string started = interrupted.CreatedAt.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        bool goOn = resume || (console.Err.Profile.Capabilities.Interactive && console.Err.Profile.Out.IsTerminal && !Console.IsInputRedirected
            && await new ConfirmationPrompt($"A rollup of this portfolio was interrupted (started {started}). Go on with it?").ShowAsync(console.Err, cancellationToken));
        if (goOn)
        {
            return interrupted.InstanceId;
        }

        console.Err.WriteLine($"An interrupted rollup of this portfolio (started {started}) is given up; with --resume it would go on. What it computed is used.");
        await application.Client.TerminateInstanceAsync(interrupted.InstanceId, "given up for a new run", cancellationToken);
        await application.Client.WaitForInstanceCompletionAsync(interrupted.InstanceId, cancellationToken);
        return null;
    }
}
