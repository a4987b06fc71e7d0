using RiskDurable.Execution.Packing;
using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Running;
using RiskDurable.Execution.Storage;
using RiskDurable.Kernel;

namespace RiskDurable.Execution.Analytics;

/// <summary>Losses of the whole portfolio in one trial block, reporting currency, as a reduce job left them.</summary>
internal sealed class RootLosses
{
    private RootLosses(OccurrenceLosses occurrences, BlockYearLosses years, TrialBlock block)
    {
        Occurrences = occurrences;
        Starts = StartsOf(occurrences, block);
        Aggregate = new double[block.TrialCount];
        MaxOccurrence = new double[block.TrialCount];
        ReinstatementPremium = new double[block.TrialCount];
        for (int i = 0; i < years.Count; i++)
        {
            Aggregate[years.Trials[i]] = years.Aggregate[i];
            MaxOccurrence[years.Trials[i]] = years.MaxOccurrence[i];
            ReinstatementPremium[years.Trials[i]] = years.ReinstatementPremium[i];
        }
    }

    /// <summary>By occurrence.</summary>
    public OccurrenceLosses Occurrences { get; }

    /// <summary>Where each trial's occurrences start, and behind them their number.</summary>
    public int[] Starts { get; }

    /// <summary>By trial of the block.</summary>
    public double[] Aggregate { get; }

    /// <summary>By trial of the block.</summary>
    public double[] MaxOccurrence { get; }

    /// <summary>By trial of the block.</summary>
    public double[] ReinstatementPremium { get; }

    /// <summary>Bytes held.</summary>
    public long SizeInBytes => (12L * Occurrences.Count) + (28L * Aggregate.Length);

    public static async ValueTask<RootLosses> ReadAsync(
        IObjectStore store, TableCache tables, RollupPlan plan, int block, CancellationToken cancellationToken)
    {
        PackedBlock packed = plan.Manifest.Blocks[block];
        ObjectKey key = plan.ReduceKey(block);

        // The first section is the whole portfolio's years, the last one its occurrences; those between are other nodes'.
        using SectionReader years = await SectionReader.ReadSectionsAsync(store, key, 0, 1, cancellationToken).ConfigureAwait(false);
        using SectionReader occurrences = await SectionReader.ReadSectionsAsync(store, key, years.Count - 1, 1, cancellationToken).ConfigureAwait(false);
        return new RootLosses(
            occurrences.OccurrenceLosses(years.Count - 1).Copy(),
            years.YearLosses(0),
            await tables.BlockAsync(packed.Hash, cancellationToken).ConfigureAwait(false));
    }

    private static int[] StartsOf(OccurrenceLosses occurrences, TrialBlock block)
    {
        int[] starts = new int[block.TrialCount + 1];
        int next = 0;
        for (int trial = 0; trial < block.TrialCount; trial++)
        {
            starts[trial] = next;
            while (next < occurrences.Count && occurrences.Positions[next] < block.TrialStarts[trial + 1])
            {
                next++;
            }
        }

        starts[^1] = next;
        return starts;
    }
}
