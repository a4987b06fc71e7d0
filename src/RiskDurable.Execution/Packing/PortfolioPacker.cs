using System.Text.Json;
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

/// <summary>Validates a portfolio and packs it into an object store: trial blocks, ELTs, deals and a manifest, each named by its content.</summary>
/// <param name="store">Where the objects go.</param>
/// <param name="settings">How to pack.</param>
/// <param name="workFolder">A local folder for scratch files and for the memory of what was packed before.</param>
public sealed class PortfolioPacker(IObjectStore store, PackSettings settings, string workFolder)
{
    /// <summary>Packs a portfolio; what is in the store already is not written again, and an unchanged file not read again.</summary>
    /// <param name="files">The portfolio's files.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Stops; what was stored by then is used the next time.</param>
    /// <exception cref="BadInputException">The portfolio is not sound: every structural problem, or else every problem of its tables.</exception>
    public async Task<PackedPortfolio> PackAsync(IPortfolioFiles files, IProgress<PackProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(files);
        PortfolioDefinition portfolio = PortfolioReader.Read(files);
        var cache = PackCache.Open(Path.Combine(workFolder, "packed.json"));
        var problems = new List<Problem>();
        IReadOnlyList<PackedElt> elts = await PackEltsAsync(files, portfolio, cache, problems, progress, cancellationToken).ConfigureAwait(false);
        string? weights = await PackWeightsAsync(files, portfolio, problems, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<PackedBlock> blocks = await PackYetAsync(files, portfolio, cache, problems, progress, cancellationToken).ConfigureAwait(false);
        if (problems.Count > 0)
        {
            throw new BadInputException(problems);
        }

        cache.Save();
        return await StoreManifestAsync(portfolio, elts, blocks, weights, cancellationToken).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<PackedElt>> PackEltsAsync(
        IPortfolioFiles files,
        PortfolioDefinition portfolio,
        PackCache cache,
        List<Problem> problems,
        IProgress<PackProgress>? progress,
        CancellationToken cancellationToken)
    {
        var packed = new List<PackedElt>();
        foreach (EltReference reference in portfolio.Elts.Values.OrderBy(elt => elt.Id, StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            string? key = PackCache.KeyOf(files, reference.File, $"{reference.Id}|{reference.Currency}");
            try
            {
                PackedElt elt = await cache.FindEltAsync(store, key, cancellationToken).ConfigureAwait(false)
                    ?? await PackEltAsync(files, reference, cancellationToken).ConfigureAwait(false);
                cache.Remember(key, elt);
                packed.Add(elt);
            }
            catch (BadInputException refused)
            {
                problems.AddRange(refused.Problems);
            }

            progress?.Report(new PackProgress("Packing event loss tables", (double)packed.Count / portfolio.Elts.Count));
        }

        return packed;
    }

    private async Task<PackedElt> PackEltAsync(IPortfolioFiles files, EltReference reference, CancellationToken cancellationToken)
    {
        EventLossTable table = EltReader.Read(files, reference);
        byte[] bytes = PackedTables.Pack(table);
        string hash = KeyHash.OfContent(bytes);
        await store.WriteAsync(new ObjectKey(ObjectKind.Elt, hash), bytes, cancellationToken).ConfigureAwait(false);
        return new PackedElt(reference.Id, reference.Currency, table.Count, hash);
    }

    private async Task<IReadOnlyList<PackedBlock>> PackYetAsync(
        IPortfolioFiles files,
        PortfolioDefinition portfolio,
        PackCache cache,
        List<Problem> problems,
        IProgress<PackProgress>? progress,
        CancellationToken cancellationToken)
    {
        string? key = PackCache.KeyOf(files, portfolio.YetFile, FormattableString.Invariant($"{portfolio.Trials}|{settings.BlockTrials}"));
        try
        {
            IReadOnlyList<PackedBlock> blocks = await cache.FindYetAsync(store, key, cancellationToken).ConfigureAwait(false)
                ?? await new YetPacker(store, settings, workFolder)
                    .PackAsync(files, portfolio.YetFile, portfolio.Trials, progress, cancellationToken).ConfigureAwait(false);
            cache.Remember(key, blocks);
            return blocks;
        }
        catch (BadInputException refused)
        {
            problems.AddRange(refused.Problems);
            return [];
        }
    }

    /// <summary>The hash of the trials' weights; null where all trials count alike.</summary>
    private async Task<string?> PackWeightsAsync(
        IPortfolioFiles files, PortfolioDefinition portfolio, List<Problem> problems, CancellationToken cancellationToken)
    {
        try
        {
            if (portfolio.TrialsFile is null || TrialWeights.Of(TrialsReader.Read(files, portfolio.TrialsFile, portfolio.Trials)) is not { } weights)
            {
                return null;
            }

            byte[] bytes = PackedTables.Pack(weights);
            string hash = KeyHash.OfContent(bytes);
            await store.WriteAsync(new ObjectKey(ObjectKind.Weights, hash), bytes, cancellationToken).ConfigureAwait(false);
            return hash;
        }
        catch (BadInputException refused)
        {
            problems.AddRange(refused.Problems);
            return null;
        }
    }

    private async Task<PackedPortfolio> StoreManifestAsync(
        PortfolioDefinition portfolio, IReadOnlyList<PackedElt> elts, IReadOnlyList<PackedBlock> blocks, string? weights, CancellationToken cancellationToken)
    {
        // By id, not in file order: a portfolio written in another order is the same portfolio.
        List<Deal> deals = [.. portfolio.Deals.OrderBy(deal => deal.Id, StringComparer.Ordinal)];
        byte[] dealBytes = JsonSerializer.SerializeToUtf8Bytes(deals, PackedJson.Default.ListDeal);
        string dealHash = KeyHash.OfContent(dealBytes);
        await store.WriteAsync(new ObjectKey(ObjectKind.Deals, dealHash), dealBytes, cancellationToken).ConfigureAwait(false);
        var manifest = new PortfolioManifest(
            PortfolioManifest.CurrentSchema,
            portfolio.Id,
            portfolio.Name,
            portfolio.Currency,
            new SortedDictionary<string, double>(portfolio.Fx.ToDictionary(), StringComparer.Ordinal),
            portfolio.Trials,
            portfolio.Rollup,
            PackSettings.Bundles,
            settings.BlockTrials,
            blocks.Sum(block => (long)block.Occurrences),
            blocks,
            elts,
            dealHash,
            deals.Count,
            deals.Sum(deal => deal.Layers.Count),
            weights);
        byte[] bytes = manifest.ToBytes();
        string hash = KeyHash.OfContent(bytes);
        await store.WriteAsync(new ObjectKey(ObjectKind.Manifest, hash), bytes, cancellationToken).ConfigureAwait(false);
        return new PackedPortfolio(hash, manifest);
    }
}
