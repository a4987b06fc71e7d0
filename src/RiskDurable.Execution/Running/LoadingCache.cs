namespace RiskDurable.Execution.Running;

/// <summary>
/// Keeps the values used last, up to a number of bytes. Whoever asks for a value that is being loaded waits for that load. A value is
/// kept alive by its users, so that dropping one never takes it from a running job.
/// </summary>
/// <typeparam name="T">A loaded value.</typeparam>
internal sealed class LoadingCache<T>(long capacity, Func<T, long> sizeOf)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byUse = [];
    private long _size;

    public async ValueTask<T> GetAsync(string key, Func<string, CancellationToken, ValueTask<T>> load, CancellationToken cancellationToken)
    {
        Entry entry;
        bool mine = false;
        lock (_lock)
        {
            if (_entries.TryGetValue(key, out LinkedListNode<Entry>? node))
            {
                _byUse.Remove(node);
            }
            else
            {
                mine = true;
                node = new LinkedListNode<Entry>(new Entry(key));
                _entries.Add(key, node);
            }

            _byUse.AddFirst(node);
            entry = node.Value;
        }

        if (!mine)
        {
            return await entry.Loaded.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        try
        {
            T value = await load(key, cancellationToken).ConfigureAwait(false);
            entry.Loaded.SetResult(value);
            Keep(entry, sizeOf(value));
            return value;
        }
        catch (Exception exception)
        {
            Forget(entry);
            entry.Loaded.SetException(exception);
            _ = entry.Loaded.Task.Exception; // observed: others may be waiting, or nobody
            throw;
        }
    }

    private void Keep(Entry entry, long size)
    {
        lock (_lock)
        {
            entry.Size = size;
            _size += size;
            for (LinkedListNode<Entry>? oldest = _byUse.Last; _size > capacity && oldest is not null && oldest.Value != entry;)
            {
                LinkedListNode<Entry>? next = oldest.Previous;
                if (oldest.Value.Size > 0)
                {
                    Remove(oldest);
                }

                oldest = next;
            }
        }
    }

    private void Forget(Entry entry)
    {
        lock (_lock)
        {
            Remove(_entries[entry.Key]);
        }
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _byUse.Remove(node);
        _entries.Remove(node.Value.Key);
        _size -= node.Value.Size;
    }

    private sealed class Entry(string key)
    {
        public string Key { get; } = key;

        public TaskCompletionSource<T> Loaded { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public long Size { get; set; }
    }
}
