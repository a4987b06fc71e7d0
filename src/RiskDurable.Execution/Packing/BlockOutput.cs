using System.Collections.Concurrent;
using RiskDurable.Execution.Storage;
using RiskDurable.Kernel;

namespace RiskDurable.Execution.Packing;

/// <summary>Indexes and stores trial blocks on so many threads, in the background of whoever reads the next one.</summary>
internal sealed class BlockOutput(
    IObjectStore store, int threads, Func<CancellationToken, ValueTask> pauseAsync, CancellationToken cancellationToken) : IAsyncDisposable
{
    private readonly SemaphoreSlim _slots = new(threads);
    private readonly List<Task<PackedBlock>> _blocks = [];
    private readonly ConcurrentBag<TrialBlockBuilder> _free = [];

    /// <summary>A builder for the next block: one whose block is stored, so that its memory is used again, or a new one.</summary>
    /// <param name="firstTrial">Zero-based number of the first trial.</param>
    /// <param name="trialCount">Number of trials, at least 1.</param>
    /// <param name="hasUniforms">Whether the YET has uniforms; the same for all its blocks.</param>
    public TrialBlockBuilder Begin(int firstTrial, int trialCount, bool hasUniforms)
    {
        if (!_free.TryTake(out TrialBlockBuilder? builder))
        {
            return new TrialBlockBuilder(firstTrial, trialCount, hasUniforms);
        }

        builder.Begin(firstTrial, trialCount);
        return builder;
    }

    /// <summary>Takes over a block; waits while all threads are busy. Null is passed over.</summary>
    public async Task PassAsync(TrialBlockBuilder? builder)
    {
        if (builder is null)
        {
            return;
        }

        await _slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        _blocks.Add(Task.Run(() => StoreAsync(builder), CancellationToken.None));
    }

    public async Task<IReadOnlyList<PackedBlock>> CompleteAsync() => await Task.WhenAll(_blocks).ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        // A failure was thrown, or will be, by CompleteAsync; here only that nothing runs on.
        await Task.WhenAll(_blocks).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).ConfigureAwait(false);
        _slots.Dispose();
    }

    private async Task<PackedBlock> StoreAsync(TrialBlockBuilder builder)
    {
        try
        {
            await pauseAsync(cancellationToken).ConfigureAwait(false);
            TrialBlock block = builder.Build();
            _free.Add(builder);
            await pauseAsync(cancellationToken).ConfigureAwait(false);
            byte[] bytes = PackedTables.Pack(block);
            string hash = KeyHash.OfContent(bytes);
            await store.WriteAsync(new ObjectKey(ObjectKind.Block, hash), bytes, cancellationToken).ConfigureAwait(false);
            return new PackedBlock(block.FirstTrial, block.TrialCount, block.OccurrenceCount, block.EventIds.Length, hash);
        }
        finally
        {
            _slots.Release();
        }
    }
}
