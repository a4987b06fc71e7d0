using RiskDurable.Execution.Storage;
using RiskDurable.Kernel;
using RiskDurable.Kernel.Metrics;

namespace RiskDurable.Execution.Packing;

/// <summary>Packed forms of the input tables; named by the hash of their bytes.</summary>
internal static class PackedTables
{
    public static byte[] Pack(TrialBlock block)
    {
        using var writer = new SectionWriter(block.Uniforms is null ? 5 : 6);
        writer.Add<int>([block.FirstTrial]);
        writer.Add<int>(block.TrialStarts);
        writer.Add<long>(block.EventIds);
        writer.Add<int>(block.EventStarts);
        writer.Add<int>(block.Positions);
        if (block.Uniforms is not null)
        {
            writer.Add<double>(block.Uniforms);
        }

        return writer.ToArray();
    }

    public static byte[] Pack(EventLossTable table)
    {
        using var writer = new SectionWriter(table.Uncertainty is null ? 2 : 5);
        writer.Add<long>(table.EventIds);
        writer.Add<double>(table.MeanLosses);
        if (table.Uncertainty is { } uncertainty)
        {
            writer.Add<double>(uncertainty.SdIndependent);
            writer.Add<double>(uncertainty.SdCorrelated);
            writer.Add<double>(uncertainty.Exposure);
        }

        return writer.ToArray();
    }

    public static byte[] Pack(TrialWeights weights)
    {
        using var writer = new SectionWriter(1);
        writer.Add(weights.Values);
        return writer.ToArray();
    }

    public static async ValueTask<TrialWeights> ReadWeightsAsync(IObjectStore store, string hash, CancellationToken cancellationToken)
    {
        var key = new ObjectKey(ObjectKind.Weights, hash);
        using SectionReader reader = await SectionReader.ReadAsync(store, key, cancellationToken).ConfigureAwait(false);
        return Read(key, () => TrialWeights.Of(reader.Array<double>(0)) ?? throw new ArgumentException("all weights are equal"));
    }

    public static async ValueTask<TrialBlock> ReadBlockAsync(IObjectStore store, string hash, CancellationToken cancellationToken)
    {
        var key = new ObjectKey(ObjectKind.Block, hash);
        SectionArray<int> firstTrial = new(), trialStarts = new(), eventStarts = new(), positions = new();
        SectionArray<long> eventIds = new();
        SectionArray<double> uniforms = new();
        await SectionReader.ReadArraysAsync(store, key, [firstTrial, trialStarts, eventIds, eventStarts, positions, uniforms], cancellationToken).ConfigureAwait(false);
        return Read(key, () => new TrialBlock(
            firstTrial.Needed[0], trialStarts.Needed, eventIds.Needed, eventStarts.Needed, positions.Needed, uniforms.Values));
    }

    public static async ValueTask<EventLossTable> ReadEltAsync(IObjectStore store, string hash, CancellationToken cancellationToken)
    {
        var key = new ObjectKey(ObjectKind.Elt, hash);
        SectionArray<long> eventIds = new();
        SectionArray<double> means = new(), independent = new(), correlated = new(), exposure = new();
        await SectionReader.ReadArraysAsync(store, key, [eventIds, means, independent, correlated, exposure], cancellationToken).ConfigureAwait(false);
        return Read(key, () => new EventLossTable(
            eventIds.Needed,
            means.Needed,
            independent.Values is null ? null : new LossUncertainty(independent.Needed, correlated.Needed, exposure.Needed)));
    }

    private static T Read<T>(ObjectKey key, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (ArgumentException exception)
        {
            throw new UnreadableObjectException(key, exception.Message, exception);
        }
    }
}
