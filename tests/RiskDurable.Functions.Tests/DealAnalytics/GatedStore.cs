using RiskDurable.Execution.Storage;

namespace RiskDurable.Functions.Tests.DealAnalytics;

/// <summary>A store that holds up writes of some kind of object until it is opened.</summary>
public sealed class GatedStore(IObjectStore store, string kind) : IObjectStore
{
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waiting;

    /// <summary>Writers that stand at the gate.</summary>
    public int Waiting => _waiting;

    public string Name => store.Name;

    /// <summary>Whether anybody is held up at all.</summary>
    public bool IsClosed { get; set; }

    public void Open() => _open.TrySetResult();

    public ValueTask<bool> ExistsAsync(ObjectKey key, CancellationToken cancellationToken) => store.ExistsAsync(key, cancellationToken);

    public async ValueTask WriteAsync(ObjectKey key, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        if (IsClosed && key.Kind == kind)
        {
            Interlocked.Increment(ref _waiting);
            await _open.Task.WaitAsync(cancellationToken);
            Interlocked.Decrement(ref _waiting);
        }

        await store.WriteAsync(key, data, cancellationToken);
    }

    public ValueTask<byte[]> ReadAsync(ObjectKey key, CancellationToken cancellationToken) => store.ReadAsync(key, cancellationToken);

    public ValueTask<byte[]> ReadRangeAsync(ObjectKey key, long offset, int length, CancellationToken cancellationToken) =>
        store.ReadRangeAsync(key, offset, length, cancellationToken);

    public ValueTask DeleteAsync(ObjectKey key, CancellationToken cancellationToken) => store.DeleteAsync(key, cancellationToken);

    public IAsyncEnumerable<StoredObject> ListAsync(CancellationToken cancellationToken) => store.ListAsync(cancellationToken);
}
