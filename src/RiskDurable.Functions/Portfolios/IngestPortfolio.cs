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
/// <param name="sources">Where portfolios are.</param>
/// <param name="options">Where scratch files go.</param>
/// <param name="time">The clock.</param>
public sealed class IngestPortfolio(IObjectStore store, PortfolioSources sources, IOptions<RiskOptions> options, TimeProvider time)
{
    private static TaskOptions Retries { get; } = TaskOptions.FromRetryPolicy(new RetryPolicy(3, TimeSpan.FromSeconds(1), backoffCoefficient: 2));

    // An orchestration's output stays small; whoever mended so many problems looks again anyway.
    private const int MostProblems = 500;

    /// <summary>Packs a portfolio, and tells the catalogue.</summary>
    /// <param name="context">The orchestration.</param>
    [Function(nameof(IngestPortfolio))]
    public static async Task<IngestOutcome> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        IngestRequest request = context.GetInput<IngestRequest>()!;
        IngestOutcome outcome = await context.CallActivityAsync<IngestOutcome>(nameof(PackPortfolio), request, Retries);
        if (outcome.Manifest is not null)
        {
            await context.Entities.SignalEntityAsync(
                PortfolioCatalogue.IdOf(outcome.Portfolio!),
                nameof(PortfolioCatalogue.Packed),
                new PortfolioVersion(outcome.Portfolio!, outcome.Manifest, outcome.Summary!, context.CurrentUtcDateTime, request.StartedBy));
        }

        return outcome;
    }

    /// <summary>Reads, validates and packs a portfolio; what is packed already is not packed again.</summary>
    /// <param name="request">The portfolio.</param>
    /// <param name="client">Signals progress.</param>
    /// <param name="cancellationToken">Stops.</param>
    [Function(nameof(PackPortfolio))]
    public async Task<IngestOutcome> PackPortfolio(
        [ActivityTrigger] IngestRequest request, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        var settings = new PackSettings(request.BlockTrials ?? PackSettings.DefaultBlockTrials, Environment.ProcessorCount);
        var packer = new PortfolioPacker(store, settings, Path.Combine(options.Value.DataFolder, "work"));
        await using CancelWatch watch = CancelWatch.Start(client, request.RunId, time, cancellationToken);
        try
        {
            PackedPortfolio packed = await packer.PackAsync(
                await FilesOfAsync(request, cancellationToken).ConfigureAwait(false), new PackingReports(client, request.RunId), watch.Token).ConfigureAwait(false);
            PortfolioManifest manifest = packed.Manifest;
            return new IngestOutcome(
                packed.Hash,
                manifest.Portfolio,
                [],
                new PortfolioSummary(manifest.Name, manifest.Currency, manifest.Trials, manifest.DealCount, manifest.LayerCount));
        }
        catch (BadInputException refused)
        {
            IReadOnlyList<Problem> problems = refused.Problems.Count <= MostProblems
                ? refused.Problems
                : [.. refused.Problems.Take(MostProblems), new Problem("", "", $"{refused.Problems.Count - MostProblems} more problems are not listed.")];
            return new IngestOutcome(null, null, problems);
        }
        catch (OperationCanceledException) when (watch.IsRunCancelled)
        {
            return new IngestOutcome(null, null, [], IsCancelled: true);
        }
    }

    private async Task<IPortfolioFiles> FilesOfAsync(IngestRequest request, CancellationToken cancellationToken)
    {
        IPortfolioFiles folder = sources.Open(request.Folder);
        return request.Definition is null
            ? folder
            : new PostedDefinition(
                await store.ReadAsync(new ObjectKey(ObjectKind.Definition, request.Definition), cancellationToken).ConfigureAwait(false), folder);
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
/// <param name="Folder">The portfolio's folder, or another source as <see cref="PortfolioSources"/> has it.</param>
/// <param name="BlockTrials">Trials a block; null for the default.</param>
/// <param name="Definition">Hash of a <c>portfolio.json</c> in the store that stands for the folder's; null for the folder's own.</param>
/// <param name="StartedBy">Who asked; null where nobody said.</param>
public sealed record IngestRequest(string RunId, string Folder, int? BlockTrials, string? Definition = null, string? StartedBy = null);

/// <summary>A packed portfolio, or what is wrong with it.</summary>
/// <param name="Manifest">Hash of the manifest; null where it was refused.</param>
/// <param name="Portfolio">The portfolio's id; null where it was refused.</param>
/// <param name="Problems">What is wrong.</param>
/// <param name="Summary">What is in it; null where it was refused.</param>
/// <param name="IsCancelled">Whether the run was cancelled meanwhile.</param>
public sealed record IngestOutcome(
    string? Manifest, string? Portfolio, IReadOnlyList<Problem> Problems, PortfolioSummary? Summary = null, bool IsCancelled = false);
