using RiskDurable.Execution.Storage;
using RiskDurable.Kernel;
using RiskDurable.Portfolio;
using RiskDurable.Portfolio.Files;
using RiskDurable.Portfolio.Tables;

namespace RiskDurable.Execution.Packing;

/// <summary>
/// Cuts a year-event table into trial blocks, indexes and stores them. Holds one block a thread, never the table: a file whose blocks
/// follow one another, as in almost every YET, is read once; any other is first dealt out into one scratch file a block.
/// </summary>
internal sealed class YetPacker(IObjectStore store, PackSettings settings, string scratchFolder, Func<CancellationToken, ValueTask> pauseAsync)
{
    /// <summary>Packs a table.</summary>
    /// <returns>Its blocks in order; trials without rows are in them.</returns>
    /// <exception cref="BadInputException">The table is not sound.</exception>
    public async Task<IReadOnlyList<PackedBlock>> PackAsync(
        IPortfolioFiles files, string file, int trials, IProgress<PackProgress>? progress, CancellationToken cancellationToken)
    {
        return await PackInOrderAsync(files, file, trials, progress, cancellationToken).ConfigureAwait(false)
            ?? await PackScatteredAsync(files, file, trials, progress, cancellationToken).ConfigureAwait(false);
    }

    private int BlockCount(int trials) => (int)(((long)trials + settings.BlockTrials - 1) / settings.BlockTrials);

    private TrialBlockBuilder Begin(BlockOutput output, int block, int trials, bool hasUniforms)
    {
        int first = block * settings.BlockTrials;
        return output.Begin(first, Math.Min(settings.BlockTrials, trials - first), hasUniforms);
    }

    /// <summary>The blocks, or null as soon as a row turns up whose block was passed already.</summary>
    private async Task<IReadOnlyList<PackedBlock>?> PackInOrderAsync(
        IPortfolioFiles files, string file, int trials, IProgress<PackProgress>? progress, CancellationToken cancellationToken)
    {
        await using var output = new BlockOutput(store, settings.Threads, pauseAsync, cancellationToken);
        TrialBlockBuilder? current = null;
        int currentBlock = -1;
        bool hasUniforms = false;
        foreach (YetBatch batch in YetReader.Read(files, file, trials))
        {
            await pauseAsync(cancellationToken).ConfigureAwait(false);
            hasUniforms = batch.HasZ;
            for (int row = 0; row < batch.Count;)
            {
                int block = (batch.Trial[row] - 1) / settings.BlockTrials;
                if (block < currentBlock)
                {
                    return null;
                }

                for (; currentBlock < block; current = Begin(output, ++currentBlock, trials, hasUniforms))
                {
                    await output.PassAsync(current).ConfigureAwait(false);
                }

                row = AddRun(batch, row, block, current!);
            }

            progress?.Report(new PackProgress("Indexing the year-event table", batch.FractionRead));
        }

        for (int last = BlockCount(trials) - 1; currentBlock < last; current = Begin(output, ++currentBlock, trials, hasUniforms))
        {
            await output.PassAsync(current).ConfigureAwait(false);
        }

        await output.PassAsync(current).ConfigureAwait(false);
        return await output.CompleteAsync().ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<PackedBlock>> PackScatteredAsync(
        IPortfolioFiles files, string file, int trials, IProgress<PackProgress>? progress, CancellationToken cancellationToken)
    {
        using var scratch = new ScatteredRows(scratchFolder, BlockCount(trials));
        foreach (YetBatch batch in YetReader.Read(files, file, trials))
        {
            await pauseAsync(cancellationToken).ConfigureAwait(false);
            scratch.Add(batch, settings.BlockTrials);
            progress?.Report(new PackProgress("Sorting the year-event table", batch.FractionRead));
        }

        await using var output = new BlockOutput(store, settings.Threads, pauseAsync, cancellationToken);
        for (int block = 0; block < BlockCount(trials); block++)
        {
            TrialBlockBuilder builder = Begin(output, block, trials, scratch.HasUniforms);
            scratch.CopyTo(block, builder);
            await output.PassAsync(builder).ConfigureAwait(false);
            progress?.Report(new PackProgress("Indexing the year-event table", (block + 1.0) / BlockCount(trials)));
        }

        return await output.CompleteAsync().ConfigureAwait(false);
    }

    /// <summary>Adds the rows from <paramref name="row"/> on that belong to the block; returns the first that does not.</summary>
    private int AddRun(YetBatch batch, int row, int block, TrialBlockBuilder builder)
    {
        long first = (long)block * settings.BlockTrials;
        int end = row + 1;
        while (end < batch.Count && batch.Trial[end] > first && batch.Trial[end] <= first + settings.BlockTrials)
        {
            end++;
        }

        Span<int> trials = new int[end - row];
        for (int i = row; i < end; i++)
        {
            trials[i - row] = batch.Trial[i] - 1;
        }

        builder.Add(trials, batch.EventId[row..end], batch.Day[row..end], batch.HasZ ? batch.Z[row..end] : []);
        return end;
    }
}
