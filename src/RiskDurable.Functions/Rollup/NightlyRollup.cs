using Microsoft.Extensions.Configuration;
using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Telemetry;
using RiskDurable.Functions.Http;
using RiskDurable.Functions.Portfolios;
using RiskDurable.Functions.Runs;

namespace RiskDurable.Functions.Rollup;

/// <summary>Starts a rollup of the portfolio of setting <c>RollupPortfolio</c> at the times of setting <c>RollupSchedule</c>.</summary>
/// <param name="settings">The settings.</param>
/// <param name="roots">Where folders may be.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told of starts.</param>
public sealed class NightlyRollup(IConfiguration settings, PortfolioRoots roots, TimeProvider time, ILogger<NightlyRollup> logger)
{
    /// <summary>Name of the setting with the NCRONTAB expression.</summary>
    public const string ScheduleSetting = "RollupSchedule";

    /// <summary>Name of the setting with the portfolio: its id, or a folder.</summary>
    public const string PortfolioSetting = "RollupPortfolio";

    /// <summary>When the timer ticks where nothing is said: it then finds no portfolio to roll up, either.</summary>
    public const string DefaultSchedule = "0 0 2 * * *";

    private const string StartedBy = "timer";

    // A timer may fire a moment before its time.
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(1);

    /// <summary>A tick.</summary>
    /// <param name="timer">Says which.</param>
    /// <param name="client">Starts the rollup.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    [Function(nameof(NightlyRollup))]
    public async Task Run([TimerTrigger("%RollupSchedule%")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (settings[PortfolioSetting] is not { Length: > 0 } portfolio)
        {
            logger.LogDebug("No nightly rollup: the setting {Setting} is not there.", PortfolioSetting);
            return;
        }

        string runId = RunIds.OfTick(TickOf(timer, time.GetUtcNow()));
        if (await client.GetInstanceAsync(runId, cancellationToken).ConfigureAwait(false) is not null)
        {
            logger.LogInformation("Run {RunId} was started before.", runId);
            return;
        }

        RollupRequest request = await RequestAsync(client, portfolio, cancellationToken).ConfigureAwait(false);
        await Answering.StartOnceAsync(client, nameof(RiskRollup), request, runId, static asked => asked with { TraceParent = null }, cancellationToken).ConfigureAwait(false);
        logger.LogInformation("Run {RunId} of portfolio {Portfolio} was started.", runId, portfolio);
    }

    /// <summary>The scheduled time of a tick: the same, however often and late the tick is delivered.</summary>
    internal static DateTimeOffset TickOf(TimerInfo timer, DateTimeOffset now)
    {
        if (timer.ScheduleStatus is { } status && status.Next != default && new DateTimeOffset(DateTime.SpecifyKind(status.Next, DateTimeKind.Utc)) is var tick && tick <= now + Early)
        {
            return tick;
        }

        return new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
    }

    private async Task<RollupRequest> RequestAsync(DurableTaskClient client, string portfolio, CancellationToken cancellationToken)
    {
        var request = new RollupRequest(null, null, RollupSettings.Default, StartedBy: StartedBy, TraceParent: RiskTelemetry.TraceParent);
        if (await PortfolioCatalogue.FindAsync(client, portfolio, cancellationToken).ConfigureAwait(false) is { Latest: { } latest })
        {
            return request with { Manifest = latest.Manifest };
        }

        return roots.Find(portfolio, out string objection) is { } folder
            ? request with { Folder = folder }
            : throw new InvalidOperationException($"Setting {PortfolioSetting}: no portfolio with the id '{portfolio}' was packed, and as a folder: {objection}");
    }
}
