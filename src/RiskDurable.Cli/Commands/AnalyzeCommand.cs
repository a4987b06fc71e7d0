using System.CommandLine;
using System.Text.Json;
using RiskDurable.Cli.Remote;
using RiskDurable.Cli.Terminal;
using RiskDurable.Execution.Analytics;
using RiskDurable.Portfolio;

namespace RiskDurable.Cli.Commands;

/// <summary><c>risk analyze PORTFOLIO DEAL...</c>: what deals lose, and what they do to a portfolio that was rolled up.</summary>
internal static class AnalyzeCommand
{
    public static Command Create()
    {
        var portfolio = new Argument<string>("PORTFOLIO") { Description = "Its id or its folder, for its latest rollup; or a run's id, or a manifest's hash." };
        var deals = new Argument<string[]>("DEAL") { Description = "Files with a deal each, or ids of deals of the portfolio.", Arity = ArgumentArity.OneOrMore };
        var variants = new Option<string>("--variants") { Description = "File with variants of terms to compare, a JSON array." };
        var periods = new Option<double[]>("--return-periods") { Description = "Years at which curves are read.", AllowMultipleArgumentsPerToken = true };
        var source = new ApplicationSource("Folder of state and objects, where the rollup ran.", Environment.ProcessorCount);
        Option<bool> json = CommandRun.JsonOption();
        var command = new Command("analyze", "Analyse deals: their losses, and their marginal impact on a portfolio.")
        {
            portfolio, deals, variants, periods, json,
        };
        source.AddTo(command);
        command.SetWork(json, (parsed, console, cancellationToken) =>
        {
            var files = new AnalysisFiles(
                parsed.GetRequiredValue(portfolio), parsed.GetRequiredValue(deals), parsed.GetValue(variants), parsed.GetValue(periods) ?? []);
            byte[] answer = console.WithProgress(stages =>
            {
                stages.Report("analysing", 0);
                return source.AskAsync(parsed, deployment => AskAsync(deployment, files, cancellationToken), cancellationToken).GetAwaiter().GetResult();
            });
            return Show(answer, console);
        });
        return command;
    }

    private static int Show(byte[] answer, CommandConsole console)
    {
        if (console.IsJson)
        {
            console.ShowResult(JsonElement.Parse(answer), "");
        }
        else
        {
            AnalysisTables.Write(console.Out, DealAnalysis.Read(answer));
        }

        return ExitCode.Done;
    }

    private static async Task<byte[]> AskAsync(Deployment deployment, AnalysisFiles files, CancellationToken cancellationToken)
    {
        try
        {
            return await deployment.AnalyzeAsync(files.Request, cancellationToken);
        }
        catch (BadInputException refused)
        {
            throw new BadInputException(files.ByFile(refused.Problems));
        }
    }
}
