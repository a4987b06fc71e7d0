using System.Collections.Concurrent;
using RiskDurable.Execution.Storage;

namespace RiskDurable.Execution.Tests;

/// <summary>A store that answers later, as one behind a network does, that fails where a test says so, and that knows what it has lent.</summary>
internal sealed class WatchedStore(IObjectStore store) : IObjectStore
{
    private readonly ConcurrentBag<ObjectBytes> _lent = [];
    private readonly Lock _lock = new();
    private int _underWay;

    public string Name => store.Name;

    /// <summary>Fails reads: the failure of a key's, or null.</summary>
    public Func<ObjectKey, Exception?> FailureOf { get; set; } = _ => null;

    /// <summary>Told of each object that is written, before it is there.</summary>
    public Action<ObjectKey> Written { get; set; } = _ => { };

    /// <summary>Every read waits for it, once it has told <see cref="Arrived"/>.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Released by each read as it begins.</summary>
    public SemaphoreSlim Arrived { get; } = new(0);

    /// <summary>Reads that were under way at the same time, at most.</summary>
    public int MostUnderWay { get; private set; }

    /// <summary>Reads that have not ended.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>How often memory was lent.</summary>
    public int Lent => _lent.Count;

    /// <summary>How often it was not given back.</summary>
    public int NotReturned => _lent.Count(bytes => !IsReturned(bytes));

    public async ValueTask<ObjectBytes> LendRangeAsync(ObjectKey key, long offset, int length, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            MostUnderWay = Math.Max(MostUnderWay, ++_underWay);
        }

        try
        {
            Arrived.Release();
            await Task.Yield();
            await Gate.WaitAsync(cancellationToken);
            if (FailureOf(key) is { } failure)
            {
                throw failure;
            }

            ObjectBytes bytes = await store.LendRangeAsync(key, offset, length, cancellationToken);
            _lent.Add(bytes);
            return bytes;
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    public ValueTask<bool> ExistsAsync(ObjectKey key, CancellationToken cancellationToken) => store.ExistsAsync(key, cancellationToken);

    public ValueTask WriteAsync(ObjectKey key, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        Written(key);
        return store.WriteAsync(key, data, cancellationToken);
    }

    public ValueTask<byte[]> ReadAsync(ObjectKey key, CancellationToken cancellationToken) => store.ReadAsync(key, cancellationToken);

    public ValueTask<byte[]> ReadRangeAsync(ObjectKey key, long offset, int length, CancellationToken cancellationToken) =>
        store.ReadRangeAsync(key, offset, length, cancellationToken);

    public ValueTask DeleteAsync(ObjectKey key, CancellationToken cancellationToken) => store.DeleteAsync(key, cancellationToken);

    public IAsyncEnumerable<StoredObject> ListAsync(CancellationToken cancellationToken) => store.ListAsync(cancellationToken);

    private static bool IsReturned(ObjectBytes bytes)
    {
        try
        {
            _ = bytes.Span.Length;
            return false;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }
}
