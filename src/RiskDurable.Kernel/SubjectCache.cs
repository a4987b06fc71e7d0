using RiskDurable.Kernel.Sampling;

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
    private readonly Dictionary<Key, LinkedListNode<(Key Key, IMergedSubject Subject)>> _entries = [];
    private readonly LinkedList<(Key Key, IMergedSubject Subject)> _byUse = [];
    private long _size;

    /// <summary>The sum of a subject's first terms.</summary>
    /// <param name="terms">The subject.</param>
    /// <param name="count">Number of leading terms, all of them ELTs.</param>
    /// <remarks>A single table taken as it is needs no merging, and kept here it would stay in memory for nothing.</remarks>
    internal EventSubject Of(IReadOnlyList<SubjectSource> terms, int count) =>
        EventSubject.IsTable(terms, count) ? EventSubject.Merge(terms, count) : Of(terms, count, EventSubject.Merge);

    /// <summary>A subject's first terms, ready to be drawn from.</summary>
    /// <param name="terms">The subject.</param>
    /// <param name="count">Number of leading terms, all of them ELTs.</param>
    internal SampledSubject SampledOf(IReadOnlyList<SubjectSource> terms, int count) => Of(terms, count, SampledSubject.Of);

    private TSubject Of<TSubject>(IReadOnlyList<SubjectSource> terms, int count, Func<IReadOnlyList<SubjectSource>, int, TSubject> merge)
        where TSubject : class, IMergedSubject
    {
        var key = new Key(typeof(TSubject), terms, count);
        lock (_lock)
        {
            if (_entries.TryGetValue(key, out LinkedListNode<(Key, IMergedSubject)>? node))
            {
                _byUse.Remove(node);
                _byUse.AddFirst(node);
                return (TSubject)node.Value.Item2;
            }
        }

        // Outside of the lock: two threads may do the same work now and then.
        TSubject merged = merge(terms, count);
        lock (_lock)
        {
            if (merged.SizeInBytes <= capacity && !_entries.ContainsKey(key))
            {
                _entries.Add(key, _byUse.AddFirst((key, merged)));
                _size += merged.SizeInBytes;
            }

            while (_size > capacity)
            {
                (Key oldest, IMergedSubject subject) = _byUse.Last!.Value;
                _byUse.RemoveLast();
                _entries.Remove(oldest);
                _size -= subject.SizeInBytes;
            }
        }

        return merged;
    }

    private readonly struct Key : IEquatable<Key>
    {
        private readonly Type _kind;
        private readonly SubjectSource[] _terms;
        private readonly int _hash;

        public Key(Type kind, IReadOnlyList<SubjectSource> terms, int count)
        {
            _kind = kind;
            _terms = new SubjectSource[count];
            var hash = default(HashCode);
            hash.Add(kind);
            for (int i = 0; i < count; i++)
            {
                _terms[i] = terms[i];
                hash.Add(terms[i]);
            }

            _hash = hash.ToHashCode();
        }

        public bool Equals(Key other) => _kind == other._kind && _terms.AsSpan().SequenceEqual(other._terms);

        public override bool Equals(object? obj) => obj is Key other && Equals(other);

        public override int GetHashCode() => _hash;
    }
}

/// <summary>The leading ELTs of a subject, merged in one way or another.</summary>
internal interface IMergedSubject
{
    /// <summary>Bytes held.</summary>
    long SizeInBytes { get; }
}
