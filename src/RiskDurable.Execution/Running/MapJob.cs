using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Storage;
using RiskDurable.Kernel;

namespace RiskDurable.Execution.Running;

/// <summary>A map job: simulates a bundle over a trial block.</summary>
internal sealed class MapJob(
    IObjectStore store, TableCache tables, RollupPlan plan, MapWorkspace workspace, Func<CancellationToken, ValueTask> pauseAsync)
{
    public async ValueTask<JobOutcome> RunAsync(int bundleNumber, int blockNumber, CancellationToken cancellationToken)
    {
        Bundle bundle = plan.Bundles[bundleNumber];
        TrialBlock block = await tables.BlockAsync(plan.Manifest.Blocks[blockNumber].Hash, cancellationToken).ConfigureAwait(false);
        using ReaderList readers = new();
        Dictionary<(int Bundle, int Section), OccurrenceLosses> imports = await ImportAsync(bundle, blockNumber, readers, cancellationToken).ConfigureAwait(false);
        bool[] readByOccurrence = ReadByOccurrence(bundle);
        ObjectKey? yearsKey = plan.YearsKey(bundleNumber, blockNumber);
        var losses = new LayerLosses[bundle.Layers.Count];
        long hits = 0;
        for (int number = 0; number < losses.Length; number++)
        {
            if (!readByOccurrence[number] && yearsKey is null)
            {
                losses[number] = new LayerLosses(BlockYearLosses.None, OccurrenceLosses.None);
                continue;
            }

            await pauseAsync(cancellationToken).ConfigureAwait(false);
            BundleLayer layer = bundle.Layers[number];
            LayerModel model = await ModelOfAsync(bundle, layer, cancellationToken).ConfigureAwait(false);
            var upstream = new OccurrenceLosses?[layer.Sources.Count];
            for (int term = 0; term < upstream.Length; term++)
            {
                LayerSource source = layer.Sources[term];
                upstream[term] = source.EltHash is not null ? null
                    : source.Bundle == bundleNumber ? losses[source.Number].Recoveries
                    : imports[(source.Bundle, source.Number)];
            }

            losses[number] = readByOccurrence[number] || !model.DependsOnEventsOnly
                ? workspace.Simulator.Simulate(block, model, upstream)
                : new LayerLosses(workspace.Simulator.SimulateYears(block, model), OccurrenceLosses.None);
            hits += workspace.Simulator.LastHits;
        }

        long bytes = await WriteRecoveriesAsync(bundle, blockNumber, losses, cancellationToken).ConfigureAwait(false);
        SectionWriter? years = yearsKey is null ? null : new SectionWriter(bundle.Deals.Count + bundle.Layers.Count);
        SectionWriter output = RollUp(bundle, block, losses, years);
        if (years is not null)
        {
            bytes += await years.WriteToAsync(store, yearsKey!.Value, cancellationToken).ConfigureAwait(false);
        }

        bytes += await output.WriteToAsync(store, plan.MapKey(bundleNumber, blockNumber), cancellationToken).ConfigureAwait(false);
        return new JobOutcome(hits, bytes);
    }

    /// <summary>The layers whose losses by occurrence somebody reads: their deal, a layer above, another bundle.</summary>
    private static bool[] ReadByOccurrence(Bundle bundle)
    {
        bool[] read = new bool[bundle.Layers.Count];
        foreach (int number in bundle.Exports)
        {
            read[number] = true;
        }

        for (int number = 0; number < read.Length; number++)
        {
            read[number] |= bundle.Layers[number].Layer.Position.Sign() != 0;
            foreach (LayerSource source in bundle.Layers[number].Sources)
            {
                if (source.Bundle == bundle.Index)
                {
                    read[source.Number] = true;
                }
            }
        }

        return read;
    }

    private async ValueTask<Dictionary<(int Bundle, int Section), OccurrenceLosses>> ImportAsync(
        Bundle bundle, int block, ReaderList readers, CancellationToken cancellationToken)
    {
        ILookup<int, int> needed = bundle.Layers.SelectMany(layer => layer.Sources)
            .Where(source => source.EltHash is null && source.Bundle != bundle.Index)
            .ToLookup(source => source.Bundle, source => source.Number);
        int[] bundles = [.. needed.Select(from => from.Key)];
        var read = new (int Section, OccurrenceLosses Losses)[bundles.Length][];
        await ParallelReads.EachAsync(
            bundles.Length,
            async (number, cancel) =>
            {
                SectionReader reader = readers.Keep(
                    await SectionReader.ReadAsync(store, plan.RecoveriesKey(bundles[number], block)!.Value, cancel).ConfigureAwait(false));
                read[number] = [.. needed[bundles[number]].Distinct().Select(section => (section, reader.OccurrenceLosses(section)))];
            },
            cancellationToken).ConfigureAwait(false);
        return bundles.Zip(read).SelectMany(from => from.Second.Select(losses => (Key: (from.First, losses.Section), losses.Losses)))
            .ToDictionary(import => import.Key, import => import.Losses);
    }

    private async ValueTask<LayerModel> ModelOfAsync(Bundle bundle, BundleLayer layer, CancellationToken cancellationToken)
    {
        try
        {
            return await ModelOfAsync(layer, cancellationToken).ConfigureAwait(false);
        }
        catch (UnreadableObjectException)
        {
            // Where one cannot be read others may be lost, too: all that are, are named, so that they are packed again at once.
            string[] elts = [.. bundle.Layers.SelectMany(each => each.Sources).Select(source => source.EltHash).OfType<string>().Distinct()];
            await ParallelReads.EachAsync(
                elts.Length, async (number, cancel) => await tables.EltAsync(elts[number], cancel).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    private async ValueTask<LayerModel> ModelOfAsync(BundleLayer layer, CancellationToken cancellationToken)
    {
        var subject = new SubjectSource[layer.Sources.Count];
        for (int term = 0; term < subject.Length; term++)
        {
            LayerSource source = layer.Sources[term];
            EventLossTable? elt = source.EltHash is { } hash ? await tables.EltAsync(hash, cancellationToken).ConfigureAwait(false) : null;
            subject[term] = new SubjectSource(elt, source.Factor, source.CurrencyRatio, source.Stream);
        }

        return new LayerModel(layer.Layer.Terms, subject, layer.Layer.Premium, layer.Layer.Reinstatements);
    }

    private async ValueTask<long> WriteRecoveriesAsync(Bundle bundle, int block, LayerLosses[] losses, CancellationToken cancellationToken)
    {
        if (plan.RecoveriesKey(bundle.Index, block) is not { } key)
        {
            return 0;
        }

        var writer = new SectionWriter(bundle.Exports.Count);
        foreach (int number in bundle.Exports)
        {
            writer.Add(losses[number].Recoveries);
        }

        return await writer.WriteToAsync(store, key, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sums layers to deals by position in the deal, and deals to leaves by ordinal id; lays out the job's output, and the years where they are asked for.</summary>
    private SectionWriter RollUp(Bundle bundle, TrialBlock block, LayerLosses[] losses, SectionWriter? yearsOfDeals)
    {
        var writer = new SectionWriter(Bundle.LeafSection(bundle.Leaves.Count));
        var deals = new (OccurrenceLosses Occurrences, BlockYearLosses Years)[bundle.Deals.Count];
        for (int number = 0; number < deals.Length; number++)
        {
            BundleDeal deal = bundle.Deals[number];
            workspace.Rollup.Begin(block);
            for (int i = 0; i < deal.LayerNumbers.Count; i++)
            {
                int sign = deal.Deal.Layers[i].Position.Sign();
                LayerLosses layer = losses[deal.LayerNumbers[i]];
                if (sign != 0)
                {
                    workspace.Rollup.Add(layer.Recoveries, layer.Years, sign * deal.Deal.Layers[i].Share);
                }
            }

            if (yearsOfDeals is null)
            {
                deals[number] = workspace.Rollup.EndWithoutYears();
                continue;
            }

            deals[number] = workspace.Rollup.End();
            yearsOfDeals.Add(deals[number].Years);
            foreach (int layer in deal.LayerNumbers)
            {
                yearsOfDeals.Add(losses[layer].Years);
            }
        }

        for (int leaf = 0; leaf < bundle.Leaves.Count; leaf++)
        {
            workspace.Rollup.Begin(block);
            for (int number = 0; number < deals.Length; number++)
            {
                if (bundle.Deals[number].Leaf == leaf)
                {
                    workspace.Rollup.Add(deals[number].Occurrences, deals[number].Years);
                }
            }

            (OccurrenceLosses occurrences, BlockYearLosses years) = workspace.Rollup.EndWithoutYears();
            writer.Add(occurrences);
            writer.Add(years);
        }

        return writer;
    }
}

/// <summary>Work arrays of map and reduce jobs; one a thread.</summary>
/// <param name="subjects">Merged subjects, shared by the workspaces of a plan.</param>
/// <param name="sampling">How losses are drawn; null where each is its mean.</param>
internal sealed class MapWorkspace(SubjectCache subjects, LossSampling? sampling)
{
    private readonly LossMemory _memory = new();
    private LayerSimulator? _simulator;
    private LossRollup? _rollup;

    public LayerSimulator Simulator => _simulator ??= new(subjects, sampling, _memory);

    public LossRollup Rollup => _rollup ??= new(_memory);

    /// <summary>The losses of the last job are through; their memory serves the next one.</summary>
    public void EndJob() => _memory.TakeBack();
}
