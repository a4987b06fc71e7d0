using System.Diagnostics;
using RiskDurable.Cli.Local;
using RiskDurable.Cli.Terminal;
using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Results;
using RiskDurable.Execution.Storage;
using RiskDurable.Functions.Runs;
using RiskDurable.Portfolio;

namespace RiskDurable.Cli.Remote;

/// <summary>Runs a rollup on a deployment, shows how it goes, and writes its results here.</summary>
/// <param name="deployment">The deployment.</param>
/// <param name="progress">Shown how it goes.</param>
internal sealed class RemoteRollup(Deployment deployment, IStageProgress progress)
{
    // Objects of this machine that turn out to be damaged are fetched again.
    private const int MostRepairs = 5;

    /// <summary>Runs a rollup to its end and writes its results, the same files as a rollup on this machine.</summary>
    /// <param name="body">What to run.</param>
    /// <param name="output">Where the results go.</param>
    /// <param name="cancellationToken">Stops watching; the run goes on.</param>
    /// <exception cref="BadInputException">The portfolio was refused.</exception>
    /// <exception cref="RunFailedException">The run failed, or the deployment does not answer.</exception>
    public async Task<(RunView Run, RunRecord Record, RollupReport Report)> RunAsync(
        IReadOnlyDictionary<string, object> body, RemoteOutput output, CancellationToken cancellationToken)
    {
        RunView run = await new RemoteWork(deployment, progress).RollUpAsync(body, cancellationToken);
        if (run is not { Request: { } request, Manifest: { } manifest, Portfolio: { } portfolio, Estimate: { } estimate })
        {
            throw new RunFailedException($"{deployment.Address} does not tell what {run.Id} ran: is it of the same version as this command?");
        }

        var watch = Stopwatch.StartNew();
        RollupReport report = await WriteAsync(run, manifest, request.ToSettings(), output, cancellationToken);
        var record = new RunRecord(
            run.Id,
            portfolio,
            run.Status,
            [.. run.Stages.Select(stage => new StageRecord(stage.Name, stage.Jobs, stage.Cached, stage.Run, stage.Failed, "activities"))],
            new RunEstimate(estimate.Jobs, estimate.CachedJobs, estimate.CoreSeconds),
            new RunActual(
                run.Timing.CreatedAt, run.Timing.Seconds, run.Timing.PackSeconds, watch.Elapsed.TotalSeconds, run.Stages.Sum(stage => stage.Hits), Threads: null),
            null);
        ResultWriter.WritePlan(output.Folder, record);
        return (run, record, report);
    }

    private async Task<RollupReport> WriteAsync(
        RunView run, string manifest, RollupSettings settings, RemoteOutput output, CancellationToken cancellationToken)
    {
        var store = new DiskObjectStore(Path.Combine(output.DataFolder, "objects"));
        var objects = new RemoteObjects(deployment, store, progress);
        for (int repairs = 0; ; repairs++)
        {
            try
            {
                RollupPlan plan = await objects.PlanAsync(manifest, settings, cancellationToken);
                await objects.FetchResultsAsync(plan, cancellationToken);
                return await new ResultWriter(store, plan, manifest).WriteAsync(
                    output.Folder,
                    run.Id,
                    run.Timing.EndedAt!.Value,
                    output.Csv,
                    new Relay<double>(fraction => progress.Report("writing results", fraction)),
                    cancellationToken);
            }
            catch (UnreadableObjectException damaged) when (repairs < MostRepairs)
            {
                foreach (ObjectKey key in damaged.Keys)
                {
                    await store.DeleteAsync(key, cancellationToken);
                }
            }
            catch (UnreadableObjectException damaged)
            {
                throw new RunFailedException($"{damaged.Message}. It was fetched from {deployment.Address} several times.");
            }
        }
    }
}

/// <summary>Where a rollup on a deployment leaves its results.</summary>
/// <param name="Folder">Folder of the result files.</param>
/// <param name="DataFolder">Keeps the objects that they are made of.</param>
/// <param name="Csv">Whether to write <c>ylt.csv</c>.</param>
internal sealed record RemoteOutput(string Folder, string DataFolder, bool Csv);
