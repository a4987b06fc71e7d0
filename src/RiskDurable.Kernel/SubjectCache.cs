namespace RiskDurable.Kernel;

/// <summary>
/// Merged subjects that were used last: the layers of a tower share one, and a layer's blocks. Found again by the very tables, factors and
/// rates. May be shared by the simulators of several threads.
/// </summary>
/// <param name="capacity">Bytes of merged tables kept.</param>
public sealed class SubjectCache(long capacity = SubjectCache.DefaultCapacity)
{
    /// <summary>Bytes kept by default.</summary>
    public const long DefaultCapacity = 128L * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<Key, LinkedListNode<(Key Key, EventSubject Subject)>> _entries = [];
    private readonly LinkedList<(Key Key, EventSubject Subject)> _byUse = [];
    private long _size;

    /// <summary>The sum of a subject's first terms.</summary>
    /// <param name="terms">The subject.</param>
    /// <param name="count">Number of leading terms, all of them ELTs.</param>
    internal EventSubject Of(IReadOnlyList<SubjectSource> terms, int count)
    {
        var key = new Key(terms, count);
        lock (_lock)
        {
            if (_entries.TryGetValue(key, out LinkedListNode<(Key, EventSubject)>? node))
            {
                _byUse.Remove(node);
                _byUse.AddFirst(node);
                return node.Value.Item2;
            }
        }

        // Outside of the lock: two threads may do the same work now and then.
        EventSubject merged = EventSubject.Merge(terms, count);
        lock (_lock)
        {
            if (merged.SizeInBytes <= capacity && !_entries.ContainsKey(key))
            {
                _entries.Add(key, _byUse.AddFirst((key, merged)));
                _size += merged.SizeInBytes;
            }

            while (_size > capacity)
            {
                (Key oldest, EventSubject subject) = _byUse.Last!.Value;
                _byUse.RemoveLast();
                _entries.Remove(oldest);
                _size -= subject.SizeInBytes;
            }
        }

        return merged;
    }

    private readonly struct Key : IEquatable<Key>
    {
        private readonly SubjectSource[] _terms;
        private readonly int _hash;

        public Key(IReadOnlyList<SubjectSource> terms, int count)
        {
            _terms = new SubjectSource[count];
            var hash = default(HashCode);
            for (int i = 0; i < count; i++)
            {
                _terms[i] = terms[i];
                hash.Add(terms[i]);
            }

            _hash = hash.ToHashCode();
        }

        public bool Equals(Key other) => _terms.AsSpan().SequenceEqual(other._terms);

        public override bool Equals(object? obj) => obj is Key other && Equals(other);

        public override int GetHashCode() => _hash;
    }
}
