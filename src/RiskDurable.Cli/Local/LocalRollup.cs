using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using RiskDurable.Cli.Terminal;
using RiskDurable.Embedded.DurableTask;
using RiskDurable.Embedded.DurableTask.Client;
using RiskDurable.Embedded.DurableTask.Client.Entities;
using RiskDurable.Execution.Results;
using RiskDurable.Execution.Running;
using RiskDurable.Execution.Storage;
using RiskDurable.Functions.Rollup;
using RiskDurable.Functions.Runs;
using RiskDurable.Portfolio;

namespace RiskDurable.Cli.Local;

/// <summary>Runs a rollup through the durable application in this process, shows how it goes, and writes its results.</summary>
/// <param name="application">The application.</param>
/// <param name="progress">Shown how it goes.</param>
internal sealed class LocalRollup(LocalApplication application, IStageProgress progress)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    // Outputs that vanish between the run and the writing of its results are produced again.
    private const int MostRepairs = 5;

    /// <summary>A run of the same rollup that an earlier process did not finish; null where there is none.</summary>
    /// <param name="client">Looks.</param>
    /// <param name="request">The rollup.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async Task<OrchestrationMetadata?> FindInterruptedAsync(
        DurableTaskClient client, RollupRequest request, CancellationToken cancellationToken)
    {
        string wanted = JsonSerializer.Serialize(request, Json);
        var query = new OrchestrationQuery(
            Statuses: [OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running],
            InstanceIdPrefix: RunIds.RollupPrefix,
            FetchInputsAndOutputs: true);
        await foreach (OrchestrationMetadata run in client.GetAllInstancesAsync(query).WithCancellation(cancellationToken))
        {
            if (run.Name == nameof(RiskRollup) && JsonSerializer.Serialize(run.ReadInputAs<RollupRequest>(), Json) == wanted)
            {
                return run;
            }
        }

        return null;
    }

    /// <summary>Runs a rollup to its end and writes its results.</summary>
    /// <param name="request">The rollup.</param>
    /// <param name="runId">A run to go on with, or null for a new one.</param>
    /// <param name="folder">The results folder.</param>
    /// <param name="csv">Whether to write <c>ylt.csv</c>.</param>
    /// <param name="threads">Jobs at the same time, for the record.</param>
    /// <param name="cancellationToken">Interrupts; the run goes on with the next start.</param>
    /// <exception cref="BadInputException">The portfolio was refused.</exception>
    /// <exception cref="RunFailedException">The run failed.</exception>
    public async Task<(RunRecord Record, RollupReport Report)> RunAsync(
        RollupRequest request, string? runId, string folder, bool csv, int threads, CancellationToken cancellationToken)
    {
        for (int repairs = 0; ; repairs++)
        {
            runId ??= await application.Client.ScheduleNewOrchestrationInstanceAsync(
                nameof(RiskRollup), request, new StartOrchestrationOptions(RunIds.NewRollup(DateTimeOffset.UtcNow)), cancellationToken);
            OrchestrationMetadata run = await WatchAsync(runId, cancellationToken);
            if (run.RuntimeStatus != OrchestrationRuntimeStatus.Completed)
            {
                WriteFailure(folder, run, threads);
                throw new RunFailedException($"Run {runId} {run.RuntimeStatus.ToString().ToLowerInvariant()}. {run.FailureDetails?.ErrorMessage}".TrimEnd());
            }

            RollupStatus status = run.ReadOutputAs<RollupStatus>()!;
            if (status.Problems.Count > 0)
            {
                throw new BadInputException(status.Problems);
            }

            try
            {
                return await WriteAsync(run, status, folder, csv, threads, cancellationToken);
            }
            catch (UnreadableObjectException unreadable) when (repairs < MostRepairs)
            {
                await application.ForgetAsync(await application.Plans.RunnerOfAsync(status.Plan!), unreadable.Keys, cancellationToken);
                runId = null;
            }
        }
    }

    private async Task<OrchestrationMetadata> WatchAsync(string runId, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            OrchestrationMetadata run = await application.Client.GetInstanceAsync(runId, getInputsAndOutputs: true, cancellationToken)
                ?? throw new RunFailedException($"Run {runId} is gone: it was purged.");
            if (run.IsCompleted)
            {
                return run;
            }

            EntityMetadata<RunProgressState>? entity = await application.Client.Entities.GetEntityAsync<RunProgressState>(
                RunProgress.IdOf(runId), includeState: true, cancellationToken);
            Show(run.ReadCustomStatusAs<RollupStatus>(), entity is { IncludesState: true } ? entity.State : null, watch.Elapsed);
            await Task.Delay(Poll, cancellationToken);
        }
    }

    private void Show(RollupStatus? status, RunProgressState? state, TimeSpan elapsed)
    {
        if (status is null || status.Stages.Count == 0)
        {
            foreach (PackingStep step in state?.Packing ?? [])
            {
                progress.Report(step.Name, step.Fraction());
            }

            return;
        }

        foreach (StageStatus stage in status.Stages)
        {
            StageBits[] bits = [.. (state?.Stages ?? []).Where(bits => bits.Name == stage.Name)];
            int run = Math.Max(stage.Run, bits.Sum(level => level.Count()));
            long hits = Math.Max(stage.Hits, bits.Sum(level => level.Hits));
            if (run + stage.Cached + stage.Failed == 0)
            {
                continue;
            }

            progress.Report(
                stage.Name,
                Math.Min(1, (double)(run + stage.Cached + stage.Failed) / Math.Max(stage.Jobs, 1)),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{run:N0} run, {stage.Cached:N0} cached, {stage.Failed:N0} failed of {stage.Jobs:N0} jobs{Throughput(hits, elapsed)}"));
        }
    }

    private static string Throughput(long hits, TimeSpan elapsed) => hits == 0 || elapsed.TotalSeconds < 1
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $", {hits / elapsed.TotalSeconds / 1e6:F1} M losses/s");

    private async Task<(RunRecord Record, RollupReport Report)> WriteAsync(
        OrchestrationMetadata run, RollupStatus status, string folder, bool csv, int threads, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        JobRunner runner = await application.Plans.RunnerOfAsync(status.Plan!);
        RollupReport report = await new ResultWriter(application.Store, runner.Plan, status.Plan!.Manifest).WriteAsync(
            folder, run.InstanceId, run.LastUpdatedAt, csv, new Relay<double>(fraction => progress.Report("writing results", fraction)), cancellationToken);
        RunRecord record = RecordOf("completed", run, status, watch.Elapsed.TotalSeconds, threads, null);
        ResultWriter.WritePlan(folder, record);
        return (record, report);
    }

    private static void WriteFailure(string folder, OrchestrationMetadata run, int threads)
    {
        if (run.ReadCustomStatusAs<RollupStatus>() is { Portfolio: not null } status)
        {
            string[] failures = run.FailureDetails is { } details ? [details.ErrorMessage] : [];
            ResultWriter.WritePlan(folder, RecordOf(run.RuntimeStatus.ToString().ToLowerInvariant(), run, status, 0, threads, failures));
        }
    }

    private static RunRecord RecordOf(
        string outcome, OrchestrationMetadata run, RollupStatus status, double writeSeconds, int threads, IReadOnlyList<string>? failures) => new(
        run.InstanceId,
        status.Portfolio!,
        outcome,
        [.. status.Stages.Select(stage => new StageRecord(stage.Name, stage.Jobs, stage.Cached, stage.Run, stage.Failed, "activities"))],
        new RunEstimate(status.Estimate!.Jobs, status.Estimate.CachedJobs, status.Estimate.CoreSeconds),
        new RunActual(
            run.CreatedAt, (run.LastUpdatedAt - run.CreatedAt).TotalSeconds, status.PackSeconds, writeSeconds, status.Stages.Sum(stage => stage.Hits), threads),
        failures);
}
