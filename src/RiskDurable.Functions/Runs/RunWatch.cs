using Microsoft.Extensions.Options;
using RiskDurable.Execution.Telemetry;
using RiskDurable.Functions.Hosting;
using RiskDurable.Functions.Rollup;

namespace RiskDurable.Functions.Runs;

/// <summary>
/// Looks at all open runs once a minute, so that one that is late or stuck is found without anybody looking. That nobody has looked is itself something
/// that an alert sees. It only reads, and costs a query and two reads a run.
/// </summary>
/// <param name="options">When a run is stuck or late.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told of runs that are.</param>
public sealed class RunWatch(IOptions<RiskOptions> options, TimeProvider time, ILogger<RunWatch> logger)
{
    // A literal: a host that resolves %NAME% itself does not know the application's defaults. Not monitored: a minute that was missed is over.
    private const string EveryMinute = "0 * * * * *";

    private static readonly OrchestrationRuntimeStatus[] Open =
        [OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended];

    /// <summary>A look.</summary>
    /// <param name="timer">Not used.</param>
    /// <param name="client">Reads the runs.</param>
    /// <param name="cancellationToken">Stops.</param>
    [Function(nameof(RunWatch))]
    public Task Run([TimerTrigger(EveryMinute, UseMonitor = false)] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        LookAsync(client, cancellationToken);

    /// <summary>Measures every open run.</summary>
    /// <param name="client">Reads the runs.</param>
    /// <param name="cancellationToken">Stops.</param>
    internal async Task LookAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        int open = 0;
        var query = new OrchestrationQuery(Statuses: Open, InstanceIdPrefix: RunIds.RollupPrefix, FetchInputsAndOutputs: true);
        await foreach (OrchestrationMetadata run in client.GetAllInstancesAsync(query).WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (run.Name == nameof(RiskRollup))
            {
                open++;
                await MeasureAsync(client, run, cancellationToken).ConfigureAwait(false);
            }
        }

        WatchMetrics.RecordOpen(open);
    }

    private async Task MeasureAsync(DurableTaskClient client, OrchestrationMetadata run, CancellationToken cancellationToken)
    {
        RollupStatus? status = RunReader.StatusOf(run);
        EntityMetadata? progress = await client.Entities
            .GetEntityAsync(RunProgress.IdOf(run.InstanceId), includeState: false, cancellationToken).ConfigureAwait(false);
        RunPulse pulse = RunPulse.Of(run, status, progress?.LastModifiedTime, options.Value.Cores, time.GetUtcNow());
        WatchMetrics.RecordRun(run.InstanceId, status?.Portfolio, pulse.Age, pulse.Idle, pulse.Lateness);
        switch (pulse.Verdict(hasEnded: false, options.Value))
        {
            case RunPulse.Stuck:
                logger.RunStuck(run.InstanceId, status?.Portfolio, pulse.Idle.TotalMinutes, status?.Phase);
                break;
            case RunPulse.Late:
                logger.RunLate(run.InstanceId, status?.Portfolio, pulse.Lateness!.Value.TotalMinutes, status?.Phase);
                break;
        }
    }
}
