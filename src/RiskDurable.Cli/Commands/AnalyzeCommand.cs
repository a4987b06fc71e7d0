using System.CommandLine;
using System.Text.Json;
using RiskDurable.Cli.Local;
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
        var data = new DataOptions("Folder of state and objects, where the rollup ran.");
        var host = new Option<string>("--host") { Description = "Address of an application to ask instead." };
        var key = new Option<string>("--key") { Description = "The key that it asks for." };
        Option<bool> json = CommandRun.JsonOption();
        host.Validators.Add(result =>
        {
            if (!Uri.TryCreate(result.GetValueOrDefault<string>(), UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https"))
            {
                result.AddError("--host must be an address such as https://example.azurewebsites.net.");
            }
        });
        var command = new Command("analyze", "Analyse deals: their losses, and their marginal impact on a portfolio.")
        {
            portfolio, deals, variants, periods, host, key, json,
        };
        data.AddTo(command);
        command.SetWork(json, (parsed, console, cancellationToken) => Run(
            new AnalysisFiles(parsed.GetRequiredValue(portfolio), parsed.GetRequiredValue(deals), parsed.GetValue(variants), parsed.GetValue(periods) ?? []),
            parsed.GetValue(host) is { } address ? (new Uri(address), parsed.GetValue(key)) : null,
            data.Of(parsed),
            console,
            cancellationToken));
        return command;
    }

    private static int Run(
        AnalysisFiles files, (Uri Address, string? Key)? remote, DataPlace data, CommandConsole console, CancellationToken cancellationToken)
    {
        byte[] answer = console.WithProgress(stages =>
        {
            stages.Report("analysing", 0);
            return AskAsync(files, remote, data, cancellationToken).GetAwaiter().GetResult();
        });
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

    private static async Task<byte[]> AskAsync(
        AnalysisFiles files, (Uri Address, string? Key)? remote, DataPlace data, CancellationToken cancellationToken)
    {
        if (remote is { } there)
        {
            return await AskAsync(there.Address, there.Key, files, cancellationToken);
        }

        if (!Directory.Exists(data.Folder))
        {
            throw new BadInputException([new Problem(data.Folder, "", "There is no such data folder; run 'risk rollup' first, or name the folder that it used with --data.")]);
        }

        await using LocalApplication application = await LocalApplication.StartAsync(data, Environment.ProcessorCount, cancellationToken, listens: true);
        (Uri address, string key) = application.Http!.Value;
        return await AskAsync(address, key, files, cancellationToken);
    }

    private static async Task<byte[]> AskAsync(Uri address, string? key, AnalysisFiles files, CancellationToken cancellationToken)
    {
        using var client = new AnalysisClient(address, key);
        try
        {
            return await client.AnalyzeAsync(files.Request, cancellationToken);
        }
        catch (BadInputException refused)
        {
            throw new BadInputException(files.ByFile(refused.Problems));
        }
    }
}
