using System.Text.Json;
using RiskDurable.Cli.Local;
using RiskDurable.Cli.Terminal;
using RiskDurable.Functions.Http;
using RiskDurable.Functions.Portfolios;
using RiskDurable.Portfolio;

namespace RiskDurable.Cli.Remote;

/// <summary>Has a deployment pack what was uploaded.</summary>
/// <param name="deployment">The deployment.</param>
/// <param name="progress">Shown that it goes on.</param>
internal sealed class RemotePacking(Deployment deployment, IStageProgress progress)
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(0.5);

    /// <summary>Packs a portfolio and waits for its end.</summary>
    /// <param name="portfolio">The portfolio's id.</param>
    /// <param name="cancellationToken">Stops watching; packing goes on.</param>
    /// <exception cref="BadInputException">Its tables are not sound.</exception>
    /// <exception cref="RunFailedException">Packing failed, or the deployment does not answer.</exception>
    public async Task<IngestOutcome> RunAsync(string portfolio, CancellationToken cancellationToken)
    {
        CheckStatus started = await deployment.PostAsync<CheckStatus>(
            $"api/portfolios/{Uri.EscapeDataString(portfolio)}", new { uploaded = true }, prefer: null, cancellationToken);
        while (true)
        {
            InstanceStatus status = await deployment.GetAsync<InstanceStatus>(started.StatusQueryGetUri!, cancellationToken);
            switch (status.RuntimeStatus)
            {
                case "Completed":
                    IngestOutcome outcome = Deployment.Read<IngestOutcome>(status.Output)
                        ?? throw new RunFailedException($"{started.Id} ended without a result.");
                    return outcome.Problems.Count == 0 ? outcome : throw new BadInputException(outcome.Problems);
                case "Failed" or "Terminated":
                    throw new RunFailedException($"{started.Id} {status.RuntimeStatus.ToLowerInvariant()}. {status.Output}");
            }

            progress.Report("packing", 0);
            await Task.Delay(Poll, cancellationToken);
        }
    }

    /// <summary>What the host's management API says of an instance.</summary>
    private sealed record InstanceStatus(string RuntimeStatus, JsonElement Output);
}
