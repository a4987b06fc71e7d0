using System.Globalization;
using System.Text.Json;
using RiskDurable.Cli.Local;
using RiskDurable.Cli.Terminal;
using RiskDurable.Functions.Http;
using RiskDurable.Functions.Portfolios;
using RiskDurable.Functions.Runs;
using RiskDurable.Portfolio;

namespace RiskDurable.Cli.Remote;

/// <summary>Has a deployment do something that takes its time, and shows how it goes.</summary>
/// <param name="deployment">The deployment.</param>
/// <param name="progress">Shown how it goes.</param>
internal sealed class RemoteWork(Deployment deployment, IStageProgress progress)
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(0.5);

    /// <summary>Packs a portfolio that was uploaded.</summary>
    /// <param name="portfolio">The portfolio's id.</param>
    /// <param name="cancellationToken">Stops watching; packing goes on.</param>
    /// <exception cref="BadInputException">Its tables are not sound.</exception>
    /// <exception cref="RunFailedException">Packing failed, or the deployment does not answer.</exception>
    public Task<IngestOutcome> PackAsync(string portfolio, CancellationToken cancellationToken) => RunAsync<InstanceStatus, IngestOutcome>(
        $"api/portfolios/{Uri.EscapeDataString(portfolio)}", new { uploaded = true }, started => started.StatusQueryGetUri!, EndOf, cancellationToken);

    /// <summary>Runs a rollup.</summary>
    /// <param name="body">The request's body: what to run.</param>
    /// <param name="cancellationToken">Stops watching; the run goes on.</param>
    /// <exception cref="BadInputException">The portfolio was refused.</exception>
    /// <exception cref="RunFailedException">The run failed, or the deployment does not answer.</exception>
    public Task<RunView> RollUpAsync(object body, CancellationToken cancellationToken) => RunAsync<RunView, RunView>(
        "api/rollups", body, started => $"api/runs/{Uri.EscapeDataString(started.Id)}", EndOf, cancellationToken);

    private async Task<TEnd> RunAsync<TState, TEnd>(
        string address, object body, Func<CheckStatus, string> placeOf, Func<TState, TEnd?> endOf, CancellationToken cancellationToken)
        where TEnd : class
    {
        CheckStatus started = await deployment.PostAsync<CheckStatus>(address, body, cancellationToken);
        try
        {
            while (true)
            {
                if (endOf(await deployment.GetAsync<TState>(placeOf(started), cancellationToken)) is { } end)
                {
                    return end;
                }

                await Task.Delay(Poll, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new WorkGoesOnException($"Interrupted; {started.Id} goes on at {deployment.Address}.");
        }
    }

    private IngestOutcome? EndOf(InstanceStatus status)
    {
        switch (status.RuntimeStatus)
        {
            case "Completed":
                IngestOutcome outcome = Deployment.Read<IngestOutcome>(status.Output) ?? throw new RunFailedException("Packing ended without a result.");
                return outcome.Problems.Count == 0 ? outcome : throw new BadInputException(outcome.Problems);
            case "Failed" or "Terminated":
                throw new RunFailedException($"Packing {status.RuntimeStatus.ToLowerInvariant()}. {status.Output}");
            default:
                progress.Report("packing", 0);
                return null;
        }
    }

    private RunView? EndOf(RunView run)
    {
        if (run is { Packing: { } packing, Stages.Count: 0 })
        {
            progress.Report(packing.Step, packing.Fraction);
        }

        foreach (StageView stage in run.Stages)
        {
            progress.Report(stage.Name, stage.Progress, string.Create(
                CultureInfo.InvariantCulture, $"{stage.Run:N0} run, {stage.Cached:N0} cached, {stage.Failed:N0} failed of {stage.Jobs:N0} jobs"));
        }

        return run switch
        {
            { Timing.EndedAt: null } => null,
            { Problems: { Count: > 0 } problems } => throw new BadInputException(problems),
            { Failure: { } failure } => throw new RunFailedException($"Run {run.Id} {run.Status}. {failure}"),
            { Links.Root: null } => throw new RunFailedException($"Run {run.Id} {run.Status}."),
            _ => run,
        };
    }

    /// <summary>What the host's management API says of an instance.</summary>
    private sealed record InstanceStatus(string RuntimeStatus, JsonElement Output);
}

/// <summary>A command was interrupted, and what it asked for goes on elsewhere.</summary>
/// <param name="message">A sentence for people.</param>
internal sealed class WorkGoesOnException(string message) : OperationCanceledException(message);
