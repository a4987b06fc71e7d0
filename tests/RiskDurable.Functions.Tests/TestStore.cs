using RiskDurable.Execution.Storage;

namespace RiskDurable.Functions.Tests;

/// <summary>A store on disk whose writes a test can count, hold and break.</summary>
internal sealed class TestStore(string folder) : IObjectStore
{
    private readonly DiskObjectStore _disk = new(folder);
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private ObjectKey? _brokenKey;
    private int _broken;
    private int _held;
    private long _bytesRead;
    private long _lastHeld;

    /// <summary>Holds writes of this kind until the gate is opened; null holds none.</summary>
    public string? Hold { get; set; }

    /// <summary>Fails writes of this kind.</summary>
    public string? Break { get; set; }

    /// <summary>Fails the first write of this kind, or all writes of its key where it stays broken.</summary>
    public string? BreakOnce { get; set; }

    /// <summary>Whether the key that failed goes on failing.</summary>
    public bool StaysBroken { get; set; }

    /// <summary>What a write fails of.</summary>
    public Func<Exception> Failure { get; set; } = static () => new IOException("The disk is full.");

    /// <summary>Writes that failed because of <see cref="BreakOnce"/>.</summary>
    public int Broken => Volatile.Read(ref _broken);

    /// <summary>Writes that came to the gate, or through it.</summary>
    public int Held => Volatile.Read(ref _held);

    /// <summary>Bytes that were read by ranges.</summary>
    public long BytesRead => Volatile.Read(ref _bytesRead);

    /// <summary>How long no further write has come to the gate.</summary>
    public TimeSpan SinceLastHeld => TimeProvider.System.GetElapsedTime(Volatile.Read(ref _lastHeld));

    public string Name => _disk.Name;

    public void Open() => _gate.SetResult();

    public async ValueTask WriteAsync(ObjectKey key, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        if (key.Kind == Break)
        {
            throw Failure();
        }

        if (key.Kind == BreakOnce && IsBroken(key))
        {
            throw Failure();
        }

        if (key.Kind == Hold)
        {
            Interlocked.Increment(ref _held);
            Volatile.Write(ref _lastHeld, TimeProvider.System.GetTimestamp());
            await _gate.Task.WaitAsync(cancellationToken);
        }

        await _disk.WriteAsync(key, data, cancellationToken);
    }

    private bool IsBroken(ObjectKey key)
    {
        lock (_lock)
        {
            bool breaks = _brokenKey is null || (StaysBroken && _brokenKey == key);
            _brokenKey ??= key;
            _broken += breaks ? 1 : 0;
            return breaks;
        }
    }

    public ValueTask<bool> ExistsAsync(ObjectKey key, CancellationToken cancellationToken) => _disk.ExistsAsync(key, cancellationToken);

    public ValueTask<byte[]> ReadAsync(ObjectKey key, CancellationToken cancellationToken) => _disk.ReadAsync(key, cancellationToken);

    public async ValueTask<byte[]> ReadRangeAsync(ObjectKey key, long offset, int length, CancellationToken cancellationToken)
    {
        byte[] bytes = await _disk.ReadRangeAsync(key, offset, length, cancellationToken);
        Interlocked.Add(ref _bytesRead, bytes.Length);
        return bytes;
    }

    public ValueTask DeleteAsync(ObjectKey key, CancellationToken cancellationToken) => _disk.DeleteAsync(key, cancellationToken);

    public IAsyncEnumerable<StoredObject> ListAsync(CancellationToken cancellationToken) => _disk.ListAsync(cancellationToken);
}
