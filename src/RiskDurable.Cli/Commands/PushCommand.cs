using System.CommandLine;
using System.Globalization;
using RiskDurable.Cli.Remote;
using RiskDurable.Cli.Terminal;
using RiskDurable.Functions.Portfolios;

namespace RiskDurable.Cli.Commands;

/// <summary><c>risk push FOLDER --host URL</c>: hands a portfolio to a deployment.</summary>
internal static class PushCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("FOLDER") { Description = "The portfolio's folder, with portfolio.json in it." };
        var deployment = new DeploymentOptions(isRequired: true);
        Option<bool> json = CommandRun.JsonOption();
        var command = new Command("push", "Send a portfolio to a deployment, what changed of it, and pack it there.") { folder, json };
        deployment.AddTo(command);
        command.SetWork(json, (parsed, console, cancellationToken) =>
            Run(deployment.Of(parsed)!, parsed.GetRequiredValue(folder), console, cancellationToken));
        return command;
    }

    private static int Run(Deployment deployment, string folder, CommandConsole console, CancellationToken cancellationToken)
    {
        using (deployment)
        {
            (UploadedPortfolio uploaded, IngestOutcome packed) = console.WithProgress(stages => SendAsync(stages).GetAwaiter().GetResult());
            console.ShowResult(
                new { Status = "done", uploaded.Portfolio, uploaded.Files, uploaded.FilesSent, uploaded.BytesSent, packed.Manifest, packed.Summary },
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{uploaded.Portfolio}: {uploaded.FilesSent:N0} of {uploaded.Files:N0} files sent ({uploaded.BytesSent / 1048576.0:N1} MiB), {packed.Summary!.Deals:N0} deals packed as {packed.Manifest![..12]}."));
            return ExitCode.Done;
        }

        async Task<(UploadedPortfolio, IngestOutcome)> SendAsync(IStageProgress stages)
        {
            UploadedPortfolio uploaded = await new PortfolioUpload(deployment, stages).SendAsync(folder, cancellationToken);
            return (uploaded, await new RemoteWork(deployment, stages).PackAsync(uploaded.Portfolio, cancellationToken));
        }
    }
}
