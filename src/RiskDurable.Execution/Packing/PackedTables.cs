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
        using SectionReader reader = await SectionReader.ReadAsync(store, key, cancellationToken).ConfigureAwait(false);
        return Read(key, () => new TrialBlock(
            reader.Array<int>(0)[0],
            reader.Array<int>(1),
            reader.Array<long>(2),
            reader.Array<int>(3),
            reader.Array<int>(4),
            reader.Count > 5 ? reader.Array<double>(5) : null));
    }

    public static async ValueTask<EventLossTable> ReadEltAsync(IObjectStore store, string hash, CancellationToken cancellationToken)
    {
        var key = new ObjectKey(ObjectKind.Elt, hash);
        using SectionReader reader = await SectionReader.ReadAsync(store, key, cancellationToken).ConfigureAwait(false);
        return Read(key, () => new EventLossTable(
            reader.Array<long>(0),
            reader.Array<double>(1),
            reader.Count > 2 ? new LossUncertainty(reader.Array<double>(2), reader.Array<double>(3), reader.Array<double>(4)) : null));
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
