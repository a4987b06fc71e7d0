using Microsoft.Extensions.Options;
using RiskDurable.Execution.Packing;
using RiskDurable.Execution.Running;
using RiskDurable.Execution.Storage;
using RiskDurable.Functions.Hosting;
using RiskDurable.Functions.Rollup;
using RiskDurable.Functions.Runs;
using RiskDurable.Portfolio;
using RiskDurable.Portfolio.Files;

namespace RiskDurable.Functions.Portfolios;

/// <summary>The activities of <see cref="IngestPortfolio"/>.</summary>
/// <param name="store">Where packed tables go.</param>
/// <param name="documents">Where it is remembered what was packed before.</param>
/// <param name="sources">Where portfolios are.</param>
/// <param name="options">Where scratch files go.</param>
/// <param name="way">Whom packing lets go first.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told of trouble beside the work.</param>
public sealed class PackingActivities(
    IObjectStore store, IDocumentStore documents, PortfolioSources sources, IOptions<RiskOptions> options, RightOfWay way, TimeProvider time,
    ILogger<PackingActivities> logger)
{
    // An orchestration's output stays small; whoever mended so many problems looks again anyway.
    private const int MostProblems = 500;
    private const int MostProblemCharacters = 100_000;

    /// <summary>Reads and checks a portfolio's structure, and finds out which of its tables are packed already.</summary>
    /// <param name="request">The portfolio.</param>
    /// <param name="client">Signals progress.</param>
    /// <param name="cancellationToken">Stops.</param>
    [Function(nameof(PlanPacking))]
    public async Task<PackingOrder> PlanPacking(
        [ActivityTrigger] IngestRequest request, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        try
        {
            PackPlan plan = await PackerOf(request).PlanAsync(await FilesOfAsync(request, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            await client.Entities.SignalEntityAsync(
                RunProgress.IdOf(request.RunId), nameof(RunProgress.PackingStarts), cancellation: cancellationToken).ConfigureAwait(false);
            return new PackingOrder(
                await plan.StoreAsync(store, cancellationToken).ConfigureAwait(false), plan.PacksTrials, [.. plan.Batches().Select(JobRanges.Format)], []);
        }
        catch (BadInputException refused)
        {
            return new PackingOrder(null, false, [], Capped(refused.Problems));
        }
    }

    /// <summary>Packs event loss tables.</summary>
    /// <param name="request">Which.</param>
    /// <param name="client">Signals progress, and reads whether the run was cancelled.</param>
    /// <param name="cancellationToken">Stops.</param>
    [Function(nameof(PackElts))]
    public Task<PackedParts> PackElts([ActivityTrigger] PackingRequest request, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        PackAsync(request, client, (packer, files, plan, progress, cancel) => packer.PackEltsAsync(files, plan, [.. JobRanges.Parse(request.Elts)], progress, cancel), cancellationToken);

    /// <summary>Packs the year-event table and the weights of trials.</summary>
    /// <param name="request">The portfolio.</param>
    /// <param name="client">Signals progress, and reads whether the run was cancelled.</param>
    /// <param name="cancellationToken">Stops.</param>
    [Function(nameof(PackTrials))]
    public Task<PackedParts> PackTrials([ActivityTrigger] PackingRequest request, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        PackAsync(request, client, (packer, files, plan, progress, cancel) => packer.PackTrialsAsync(files, plan, progress, cancel), cancellationToken);

    /// <summary>Stores the manifest of a portfolio whose tables are packed, or says what is wrong with them.</summary>
    /// <param name="request">The parts.</param>
    /// <param name="cancellationToken">Stops.</param>
    [Function(nameof(CompletePacking))]
    public async Task<IngestOutcome> CompletePacking([ActivityTrigger] CompletionRequest request, CancellationToken cancellationToken)
    {
        PackPlan plan = await PackPlan.ReadAsync(store, request.Plan, cancellationToken).ConfigureAwait(false);
        List<PackedPart> parts = [];
        foreach (string part in request.Parts)
        {
            parts.Add(await PackedPart.ReadAsync(store, part, cancellationToken).ConfigureAwait(false));
        }

        try
        {
            PackedPortfolio packed = await PackerOf(request.Ingest).CompleteAsync(plan, parts, cancellationToken).ConfigureAwait(false);
            return new IngestOutcome(
                packed.Hash, plan.Portfolio, [], new PortfolioSummary(plan.Name, plan.Currency, plan.Trials, plan.DealCount, plan.LayerCount));
        }
        catch (BadInputException refused)
        {
            return new IngestOutcome(null, null, Capped(refused.Problems));
        }
    }

    private static Problem[] Capped(IReadOnlyList<Problem> problems)
    {
        int characters = 0;
        Problem[] told = [.. problems.Take(MostProblems).TakeWhile(problem => (characters += problem.ToString().Length) <= MostProblemCharacters)];
        return told.Length == problems.Count ? told : [.. told, new Problem("", "", $"{problems.Count - told.Length} more problems are not listed.")];
    }

    private async Task<PackedParts> PackAsync(
        PackingRequest request,
        DurableTaskClient client,
        Func<PortfolioPacker, IPortfolioFiles, PackPlan, IProgress<PackProgress>, CancellationToken, Task<PackedPart>> pack,
        CancellationToken cancellationToken)
    {
        await using CancelWatch watch = CancelWatch.Start(
            cancel => RunFlag.IsCancelledAsync(client, request.Ingest.RunId, cancel), time, logger, cancellationToken);
        try
        {
            PackPlan plan = await PackPlan.ReadAsync(store, request.Plan, watch.Token).ConfigureAwait(false);
            IPortfolioFiles files = await FilesOfAsync(request.Ingest, watch.Token).ConfigureAwait(false);
            PackedPart part = await pack(PackerOf(request.Ingest), files, plan, new Reports(client, request), watch.Token).ConfigureAwait(false);
            return new PackedParts([await part.StoreAsync(store, watch.Token).ConfigureAwait(false)], false);
        }
        catch (OperationCanceledException) when (watch.IsRunCancelled)
        {
            return new PackedParts([], true);
        }
    }

    private PortfolioPacker PackerOf(IngestRequest request) => new(
        store,
        documents,
        new PackSettings(request.BlockTrials ?? PackSettings.DefaultBlockTrials, Environment.ProcessorCount),
        Path.Combine(options.Value.DataFolder, "work"),
        way);

    private async Task<IPortfolioFiles> FilesOfAsync(IngestRequest request, CancellationToken cancellationToken)
    {
        IPortfolioFiles folder = sources.Open(request.Folder);
        return request.Definition is null
            ? folder
            : new PostedDefinition(
                await store.ReadAsync(new ObjectKey(ObjectKind.Definition, request.Definition), cancellationToken).ConfigureAwait(false), folder);
    }

    /// <summary>Tells whoever watches how far packing is; a tenth of a part at a time, as each report is a message.</summary>
    private sealed class Reports(DurableTaskClient client, PackingRequest request) : IProgress<PackProgress>
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
                RunProgress.IdOf(request.Ingest.RunId),
                nameof(RunProgress.Packing),
                new PackingPart(value.Step, request.Part, request.Parts, value.Fraction),
                cancellation: CancellationToken.None);
        }
    }
}
