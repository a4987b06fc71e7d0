using RiskDurable.Execution.Telemetry;
using RiskDurable.Functions.Hosting;
using RiskDurable.Functions.Runs;
using RiskDurable.Portfolio;

namespace RiskDurable.Functions.Portfolios;

/// <summary>Validates and packs a portfolio: its structure, then its tables side by side, then the manifest.</summary>
public static class IngestPortfolio
{
    private const int BatchesAnOrchestration = 100;

    /// <summary>Packs a portfolio, and tells the catalogue.</summary>
    /// <param name="context">The orchestration.</param>
    [Function(nameof(IngestPortfolio))]
    public static async Task<IngestOutcome> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        DateTime started = context.CurrentUtcDateTime;
        IngestOutcome outcome = await PackAsync(context, context.GetInput<IngestRequest>()!);
        if (!context.IsReplaying)
        {
            RollupMetrics.RecordPacking(
                outcome.IsCancelled ? RunStates.Cancelled : outcome.Manifest is null ? RunStates.Refused : "packed", context.CurrentUtcDateTime - started);
        }

        return outcome;
    }

    private static async Task<IngestOutcome> PackAsync(TaskOrchestrationContext context, IngestRequest request)
    {
        PackingOrder order = await context.CallActivityAsync<PackingOrder>(nameof(PackingActivities.PlanPacking), request, Retrying.Options);
        if (order.Plan is null)
        {
            return new IngestOutcome(null, null, order.Problems);
        }

        // The year-event table first: it takes longest.
        int parts = order.Batches.Count;
        List<Task<PackedParts>> packing = [];
        if (order.PacksTrials)
        {
            packing.Add(context.CallActivityAsync<PackedParts>(nameof(PackingActivities.PackTrials), new PackingRequest(request, order.Plan, "", 0, 1), Retrying.Options));
        }

        foreach (PackingRequest[] batches in order.Batches.Select((batch, part) => new PackingRequest(request, order.Plan, batch, part, parts)).Chunk(BatchesAnOrchestration))
        {
            packing.Add(context.CallSubOrchestratorAsync<PackedParts>(nameof(PackBatches), batches));
        }

        PackedParts[] packed = await Task.WhenAll(packing);
        if (packed.Any(part => part.IsCancelled))
        {
            return new IngestOutcome(null, null, [], IsCancelled: true);
        }

        // What is wrong with the year-event table comes last.
        IEnumerable<string> hashes = (order.PacksTrials ? packed.Skip(1).Append(packed[0]) : packed).SelectMany(part => part.Parts);
        IngestOutcome outcome = await context.CallActivityAsync<IngestOutcome>(
            nameof(PackingActivities.CompletePacking), new CompletionRequest(request, order.Plan, [.. hashes]), Retrying.Options);
        if (outcome.Manifest is not null)
        {
            await context.TellAsync(
                PortfolioCatalogue.IdOf(outcome.Portfolio!),
                nameof(PortfolioCatalogue.Packed),
                new PortfolioVersion(outcome.Portfolio!, outcome.Manifest, outcome.Summary!, context.CurrentUtcDateTime, request.StartedBy));
        }

        return outcome;
    }

    /// <summary>Packs batches of event loss tables side by side.</summary>
    /// <param name="context">The orchestration.</param>
    [Function(nameof(PackBatches))]
    public static async Task<PackedParts> PackBatches([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        PackingRequest[] batches = context.GetInput<PackingRequest[]>()!;
        PackedParts[] packed = await Task.WhenAll(batches.Select(batch =>
            context.CallActivityAsync<PackedParts>(nameof(PackingActivities.PackElts), batch, Retrying.Options)));
        return new PackedParts([.. packed.SelectMany(part => part.Parts)], packed.Any(part => part.IsCancelled));
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

/// <summary>What there is to pack of a portfolio, or what is wrong with its structure.</summary>
/// <param name="Plan">Hash of the plan in the store; null where the structure is not sound.</param>
/// <param name="PacksTrials">Whether the year-event table or the weights of trials must be packed.</param>
/// <param name="Batches">Event loss tables that must be packed, numbers in the plan, as <see cref="Rollup.JobRanges"/>.</param>
/// <param name="Problems">What is wrong.</param>
public sealed record PackingOrder(string? Plan, bool PacksTrials, IReadOnlyList<string> Batches, IReadOnlyList<Problem> Problems);

/// <summary>Tables to pack.</summary>
/// <param name="Ingest">The portfolio.</param>
/// <param name="Plan">Hash of the plan.</param>
/// <param name="Elts">Event loss tables, numbers in the plan, as <see cref="Rollup.JobRanges"/>.</param>
/// <param name="Part">Number of this part of the step, for the progress.</param>
/// <param name="Parts">Parts of the step.</param>
public sealed record PackingRequest(IngestRequest Ingest, string Plan, string Elts, int Part, int Parts);

/// <summary>Tables that are packed.</summary>
/// <param name="Parts">Hashes of what came of them, in order.</param>
/// <param name="IsCancelled">Whether the run was cancelled meanwhile.</param>
public sealed record PackedParts(IReadOnlyList<string> Parts, bool IsCancelled);

/// <summary>All parts of a plan.</summary>
/// <param name="Ingest">The portfolio.</param>
/// <param name="Plan">Hash of the plan.</param>
/// <param name="Parts">Hashes of the parts, in order.</param>
public sealed record CompletionRequest(IngestRequest Ingest, string Plan, IReadOnlyList<string> Parts);
