using Microsoft.Extensions.Options;
using RiskDurable.Execution.Packing;
using RiskDurable.Execution.Storage;
using RiskDurable.Functions.Hosting;
using RiskDurable.Functions.Runs;
using RiskDurable.Portfolio;
using RiskDurable.Portfolio.Files;

namespace RiskDurable.Functions.Portfolios;

/// <summary>Validates and packs a portfolio.</summary>
/// <param name="store">Where packed tables go.</param>
/// <param name="options">Where scratch files go.</param>
public sealed class IngestPortfolio(IObjectStore store, IOptions<RiskOptions> options)
{
    private static TaskOptions Retries { get; } = TaskOptions.FromRetryPolicy(new RetryPolicy(3, TimeSpan.FromSeconds(1), backoffCoefficient: 2));

    /// <summary>Packs a folder.</summary>
    /// <param name="context">The orchestration.</param>
    [Function(nameof(IngestPortfolio))]
    public static Task<IngestOutcome> Run([OrchestrationTrigger] TaskOrchestrationContext context) =>
        context.CallActivityAsync<IngestOutcome>(nameof(PackPortfolio), context.GetInput<IngestRequest>(), Retries);

    /// <summary>Reads, validates and packs a folder; what is packed already is not packed again.</summary>
    /// <param name="request">The folder.</param>
    /// <param name="client">Signals progress.</param>
    /// <param name="cancellationToken">Stops.</param>
    [Function(nameof(PackPortfolio))]
    public async Task<IngestOutcome> PackPortfolio(
        [ActivityTrigger] IngestRequest request, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        var settings = new PackSettings(request.BlockTrials ?? PackSettings.DefaultBlockTrials, Environment.ProcessorCount);
        var packer = new PortfolioPacker(store, settings, Path.Combine(options.Value.DataFolder, "work"));
        try
        {
            PackedPortfolio packed = await packer.PackAsync(
                new FolderFiles(request.Folder), new PackingReports(client, request.RunId), cancellationToken).ConfigureAwait(false);
            return new IngestOutcome(packed.Hash, packed.Manifest.Portfolio, []);
        }
        catch (BadInputException refused)
        {
            return new IngestOutcome(null, null, refused.Problems);
        }
    }

    /// <summary>Tells whoever watches how far packing is; a tenth at a time, as each report is a message.</summary>
    private sealed class PackingReports(DurableTaskClient client, string runId) : IProgress<PackProgress>
    {
        private (string Step, int Tenths) _last;

        public void Report(PackProgress value)
        {
            var now = (value.Step, (int)(value.Fraction * 10));
            if (now == _last)
            {
                return;
            }

            _last = now;

            // Not waited for: a report that gets lost leaves the next one.
            _ = client.Entities.SignalEntityAsync(
                RunProgress.IdOf(runId), nameof(RunProgress.Packing), new PackingReport(value.Step, value.Fraction), cancellation: CancellationToken.None);
        }
    }
}

/// <summary>Input of <see cref="IngestPortfolio"/>.</summary>
/// <param name="RunId">The run whose progress is told.</param>
/// <param name="Folder">The portfolio's folder.</param>
/// <param name="BlockTrials">Trials a block; null for the default.</param>
public sealed record IngestRequest(string RunId, string Folder, int? BlockTrials);

/// <summary>A packed portfolio, or what is wrong with it.</summary>
/// <param name="Manifest">Hash of the manifest; null where it was refused.</param>
/// <param name="Portfolio">The portfolio's id; null where it was refused.</param>
/// <param name="Problems">Everything that is wrong.</param>
public sealed record IngestOutcome(string? Manifest, string? Portfolio, IReadOnlyList<Problem> Problems);
