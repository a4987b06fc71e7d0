using System.Text.Json;
using RiskDurable.Execution.Running;
using RiskDurable.Execution.Storage;
using RiskDurable.Kernel;
using RiskDurable.Kernel.Metrics;
using RiskDurable.Portfolio;
using RiskDurable.Portfolio.Files;
using RiskDurable.Portfolio.Model;
using RiskDurable.Portfolio.Reading;
using RiskDurable.Portfolio.Tables;

namespace RiskDurable.Execution.Packing;

/// <summary>A manifest and the hash it is stored under.</summary>
/// <param name="Hash">Hash of the manifest's bytes.</param>
/// <param name="Manifest">The manifest.</param>
public sealed record PackedPortfolio(string Hash, PortfolioManifest Manifest);

/// <summary>
/// Validates a portfolio and packs it into an object store: trial blocks, ELTs, deals and a manifest, each named by its content. At once, or step by
/// step: plan, then pack its tables in parts, then complete; the steps can run on different machines.
/// </summary>
/// <param name="store">Where the objects go.</param>
/// <param name="documents">Where it is remembered what was packed before.</param>
/// <param name="settings">How to pack.</param>
/// <param name="scratchFolder">A local folder for scratch files.</param>
/// <param name="way">Whom packing lets go first; null where there is nobody else in the process.</param>
public sealed class PortfolioPacker(
    IObjectStore store, IDocumentStore documents, PackSettings settings, string scratchFolder, RightOfWay? way = null)
{
    /// <summary>Packs a portfolio; what is in the store already is not written again, and an unchanged file not read again.</summary>
    /// <param name="files">The portfolio's files.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Stops; what was stored by then is used the next time.</param>
    /// <exception cref="BadInputException">The portfolio is not sound: every structural problem, or else every problem of its tables.</exception>
    public async Task<PackedPortfolio> PackAsync(IPortfolioFiles files, IProgress<PackProgress>? progress, CancellationToken cancellationToken)
    {
        PackPlan plan = await PlanAsync(files, cancellationToken).ConfigureAwait(false);
        List<PackedPart> parts = [await PackEltsAsync(files, plan, [.. plan.Batches().SelectMany(batch => batch)], progress, cancellationToken).ConfigureAwait(false)];
        if (plan.PacksTrials)
        {
            parts.Add(await PackTrialsAsync(files, plan, progress, cancellationToken).ConfigureAwait(false));
        }

        return await CompleteAsync(plan, parts, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads a portfolio's structure, packs its deals, and finds out which of its tables are packed already.</summary>
    /// <param name="files">The portfolio's files.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="BadInputException">The structure is not sound; carries everything that is wrong with it.</exception>
    public async Task<PackPlan> PlanAsync(IPortfolioFiles files, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(files);
        PortfolioDefinition portfolio = PortfolioReader.Read(files);
        PackMemory memory = await PackMemory.ReadAsync(documents, portfolio.Id, cancellationToken).ConfigureAwait(false);
        Dictionary<string, KnownElt> knownElts = memory.Elts.ToDictionary(elt => elt.Key!, StringComparer.Ordinal);
        string? yetKey = YetKeyOf(files, portfolio.YetFile, portfolio.Trials);
        KnownYet? knownYet = yetKey is null ? null : memory.Yets.FirstOrDefault(yet => yet.Key == yetKey);
        string? weightsKey = WeightsKeyOf(files, portfolio.TrialsFile, portfolio.Trials);
        KnownWeights? knownWeights = weightsKey is null ? null : memory.Weights.FirstOrDefault(weights => weights.Key == weightsKey);
        List<EltToPack> elts = [];
        foreach (EltReference elt in portfolio.Elts.Values.OrderBy(elt => elt.Id, StringComparer.Ordinal))
        {
            string? key = EltKeyOf(files, elt);
            elts.Add(new EltToPack(elt, files.Stamp(elt.File)?.Bytes ?? 0, key is null ? null : knownElts.GetValueOrDefault(key)));
        }

        IReadOnlySet<ObjectKey> missing = await store.FindMissingAsync(
            [
                .. elts.Where(elt => elt.Packed is not null).Select(elt => KeyOf(elt.Packed!)),
                .. (knownYet?.Blocks ?? []).Select(KeyOf),
                .. knownWeights?.Hash is { } weights ? [new ObjectKey(ObjectKind.Weights, weights)] : Array.Empty<ObjectKey>(),
            ],
            cancellationToken).ConfigureAwait(false);

        // By id, not in file order: a portfolio written in another order is the same portfolio.
        List<Deal> deals = [.. portfolio.Deals.OrderBy(deal => deal.Id, StringComparer.Ordinal)];
        return new PackPlan(
            portfolio.Id,
            portfolio.Name,
            portfolio.Currency,
            new SortedDictionary<string, double>(portfolio.Fx.ToDictionary(), StringComparer.Ordinal),
            portfolio.Trials,
            portfolio.Rollup,
            settings.BlockTrials,
            await WriteAsync(ObjectKind.Deals, JsonSerializer.SerializeToUtf8Bytes(deals, PackedJson.Default.ListDeal), cancellationToken).ConfigureAwait(false),
            deals.Count,
            deals.Sum(deal => deal.Layers.Count),
            [.. elts.Select(elt => elt.Packed is { } packed && missing.Contains(KeyOf(packed)) ? elt with { Packed = null } : elt)],
            portfolio.YetFile,
            knownYet is not null && knownYet.Blocks.Any(block => missing.Contains(KeyOf(block))) ? null : knownYet,
            portfolio.TrialsFile,
            knownWeights?.Hash is { } hash && missing.Contains(new ObjectKey(ObjectKind.Weights, hash)) ? null : knownWeights);
    }

    /// <summary>Packs event loss tables of a plan, several at once.</summary>
    /// <param name="files">The portfolio's files.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="elts">Numbers of the tables in the plan.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<PackedPart> PackEltsAsync(
        IPortfolioFiles files, PackPlan plan, IReadOnlyList<int> elts, IProgress<PackProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(elts);
        var packed = new KnownElt?[elts.Count];
        var problems = new IReadOnlyList<Problem>?[elts.Count];
        var reporting = new Lock();
        int done = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = settings.Threads, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, elts.Count, options, async (i, cancel) =>
        {
            try
            {
                await PauseAsync(cancel).ConfigureAwait(false);
                packed[i] = await PackEltAsync(files, plan.Elts[elts[i]].Reference, cancel).ConfigureAwait(false);
            }
            catch (BadInputException refused)
            {
                problems[i] = refused.Problems;
            }

            lock (reporting)
            {
                progress?.Report(new PackProgress(PackProgress.Elts, (double)++done / elts.Count));
            }
        }).ConfigureAwait(false);
        return new PackedPart([.. packed.OfType<KnownElt>()], null, null, [.. problems.SelectMany(found => found ?? [])]);
    }

    /// <summary>Packs what is left of a plan's year-event table and weights of trials.</summary>
    /// <param name="files">The portfolio's files.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<PackedPart> PackTrialsAsync(IPortfolioFiles files, PackPlan plan, IProgress<PackProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(plan);
        List<Problem> problems = [];
        KnownWeights? weights = plan.Weights;
        KnownYet? yet = plan.Yet;
        try
        {
            if (plan.TrialsFile is { } file)
            {
                weights ??= await PackWeightsAsync(files, file, plan.Trials, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (BadInputException refused)
        {
            problems.AddRange(refused.Problems);
        }

        try
        {
            yet ??= await PackYetAsync(files, plan, progress, cancellationToken).ConfigureAwait(false);
        }
        catch (BadInputException refused)
        {
            problems.AddRange(refused.Problems);
        }

        return new PackedPart([], yet, weights, problems);
    }

    /// <summary>Stores the manifest of a portfolio whose tables are packed, and remembers them.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="parts">Everything that the plan had left to do, in the order of its batches, the year-event table last.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="BadInputException">Tables are not sound; carries everything that is wrong with all of them.</exception>
    public async Task<PackedPortfolio> CompleteAsync(PackPlan plan, IReadOnlyList<PackedPart> parts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(parts);
        List<Problem> problems = [.. parts.SelectMany(part => part.Problems)];
        if (problems.Count > 0)
        {
            throw new BadInputException(problems);
        }

        KnownElt[] elts =
        [
            .. plan.Elts.Select(elt => elt.Packed).OfType<KnownElt>().Concat(parts.SelectMany(part => part.Elts)).OrderBy(elt => elt.Elt.Id, StringComparer.Ordinal),
        ];
        KnownYet yet = plan.Yet ?? parts.Select(part => part.Yet).OfType<KnownYet>().Single();
        KnownWeights? weights = plan.Weights ?? parts.Select(part => part.Weights).OfType<KnownWeights>().SingleOrDefault();
        if (elts.Length != plan.Elts.Count)
        {
            throw new ArgumentException($"{elts.Length} of {plan.Elts.Count} event loss tables are packed.", nameof(parts));
        }

        var manifest = new PortfolioManifest(
            PortfolioManifest.CurrentSchema,
            plan.Portfolio,
            plan.Name,
            plan.Currency,
            plan.Fx,
            plan.Trials,
            plan.Rollup,
            PackSettings.Bundles,
            plan.BlockTrials,
            yet.Blocks.Sum(block => (long)block.Occurrences),
            yet.Blocks,
            [.. elts.Select(elt => elt.Elt)],
            plan.Deals,
            plan.DealCount,
            plan.LayerCount,
            weights?.Hash);
        string hash = await WriteAsync(ObjectKind.Manifest, manifest.ToBytes(), cancellationToken).ConfigureAwait(false);
        await PackMemory.RememberAsync(documents, plan.Portfolio, elts, yet, weights, cancellationToken).ConfigureAwait(false);
        return new PackedPortfolio(hash, manifest);
    }

    private static ObjectKey KeyOf(KnownElt elt) => new(ObjectKind.Elt, elt.Elt.Hash);

    private static ObjectKey KeyOf(PackedBlock block) => new(ObjectKind.Block, block.Hash);

    private static string? EltKeyOf(IPortfolioFiles files, EltReference elt) => PackMemory.KeyOf(files, elt.File, $"{elt.Id}|{elt.Currency}");

    private string? YetKeyOf(IPortfolioFiles files, string file, int trials) =>
        PackMemory.KeyOf(files, file, FormattableString.Invariant($"{trials}|{settings.BlockTrials}"));

    private static string? WeightsKeyOf(IPortfolioFiles files, string? file, int trials) =>
        file is null ? null : PackMemory.KeyOf(files, file, FormattableString.Invariant($"weights|{trials}"));

    private async Task<KnownYet> PackYetAsync(IPortfolioFiles files, PackPlan plan, IProgress<PackProgress>? progress, CancellationToken cancellationToken)
    {
        // Before it is read: what a writer changes meanwhile is found by the next packing.
        string? key = YetKeyOf(files, plan.YetFile, plan.Trials);
        return new KnownYet(
            key,
            await new YetPacker(store, settings, scratchFolder, PauseAsync).PackAsync(files, plan.YetFile, plan.Trials, progress, cancellationToken).ConfigureAwait(false));
    }

    private async Task<KnownWeights> PackWeightsAsync(IPortfolioFiles files, string file, int trials, CancellationToken cancellationToken)
    {
        string? key = WeightsKeyOf(files, file, trials);
        return new KnownWeights(
            key,
            TrialWeights.Of(TrialsReader.Read(files, file, trials)) is { } weights
                ? await WriteAsync(ObjectKind.Weights, PackedTables.Pack(weights), cancellationToken).ConfigureAwait(false)
                : null);
    }

    private async Task<KnownElt> PackEltAsync(IPortfolioFiles files, EltReference reference, CancellationToken cancellationToken)
    {
        // Before it is read, as with the year-event table.
        string? key = EltKeyOf(files, reference);
        EventLossTable table = EltReader.Read(files, reference);
        string hash = await WriteAsync(ObjectKind.Elt, PackedTables.Pack(table), cancellationToken).ConfigureAwait(false);
        return new KnownElt(key, new PackedElt(reference.Id, reference.Currency, table.Count, hash));
    }

    /// <summary>Between two tables, batches of rows or blocks.</summary>
    private ValueTask PauseAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return way?.GiveWayAsync(cancellationToken) ?? ValueTask.CompletedTask;
    }

    private async Task<string> WriteAsync(string kind, byte[] bytes, CancellationToken cancellationToken)
    {
        ObjectKey key = ObjectKey.OfContent(kind, bytes);
        await store.WriteAsync(key, bytes, cancellationToken).ConfigureAwait(false);
        return key.Hash;
    }
}
