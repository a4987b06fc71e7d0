using System.Globalization;
using RiskDurable.Cli.Local;
using RiskDurable.Cli.Terminal;
using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Results;
using RiskDurable.Functions.Http;
using RiskDurable.Functions.Runs;
using RiskDurable.Portfolio;

namespace RiskDurable.Cli.Remote;

/// <summary>Runs a rollup on a deployment, and shows how it goes.</summary>
/// <param name="deployment">The deployment.</param>
/// <param name="progress">Shown how it goes.</param>
internal sealed class RemoteRollup(Deployment deployment, IStageProgress progress)
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    /// <summary>Starts a rollup and waits for its end.</summary>
    /// <param name="body">The request's body: what to run.</param>
    /// <param name="cancellationToken">Stops watching; the run goes on.</param>
    /// <exception cref="BadInputException">The portfolio was refused.</exception>
    /// <exception cref="RunFailedException">The run failed, or the deployment does not answer.</exception>
    public async Task<RunView> RunAsync(object body, CancellationToken cancellationToken)
    {
        CheckStatus started = await deployment.PostAsync<CheckStatus>("api/rollups", body, prefer: null, cancellationToken);
        while (true)
        {
            RunView run = await deployment.GetAsync<RunView>($"api/runs/{Uri.EscapeDataString(started.Id)}", cancellationToken);
            if (run is { Packing: { } packing, Stages.Count: 0 })
            {
                progress.Report(packing.Step, packing.Fraction);
            }

            foreach (StageView stage in run.Stages)
            {
                progress.Report(stage.Name, stage.Progress, string.Create(
                    CultureInfo.InvariantCulture, $"{stage.Run:N0} run, {stage.Cached:N0} cached, {stage.Failed:N0} failed of {stage.Jobs:N0} jobs"));
            }

            if (run.Timing.EndedAt is not null)
            {
                return run switch
                {
                    { Problems: { Count: > 0 } problems } => throw new BadInputException(problems),
                    { Failure: { } failure } => throw new RunFailedException($"Run {run.Id} {run.Status}. {failure}"),
                    { Links.Root: null } => throw new RunFailedException($"Run {run.Id} {run.Status}."),
                    _ => run,
                };
            }

            await Task.Delay(Poll, cancellationToken);
        }
    }

    /// <summary>The whole portfolio's results and those of its first level.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="run">A run that completed there.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task<(NodeView Root, IReadOnlyList<ReportedNode> Nodes)> ResultsAsync(
        Deployment deployment, RunView run, CancellationToken cancellationToken)
    {
        NodeView root = await deployment.GetAsync<NodeView>(run.Links.Root!, cancellationToken);
        List<ReportedNode> nodes = [root.Metrics];
        foreach (ChildView child in root.Children.Where(child => child.Kind == NodeKind.Tag))
        {
            nodes.Add((await deployment.GetAsync<NodeView>(child.Uri, cancellationToken)).Metrics);
        }

        return (root, nodes);
    }
}
