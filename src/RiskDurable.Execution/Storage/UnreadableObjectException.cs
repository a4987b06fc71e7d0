namespace RiskDurable.Execution.Storage;

/// <summary>An object is missing or damaged, or several that were read together are. Whoever knows what produced them removes them and produces them again.</summary>
public sealed class UnreadableObjectException : Exception
{
    /// <summary>One object.</summary>
    /// <param name="key">The object.</param>
    /// <param name="reason">What is wrong with it.</param>
    /// <param name="innerException">What was met, if anything.</param>
    public UnreadableObjectException(ObjectKey key, string reason, Exception? innerException = null)
        : base($"Object {key} cannot be read: {reason}", innerException) => Keys = [key];

    private UnreadableObjectException(IReadOnlyList<ObjectKey> keys, UnreadableObjectException first)
        : base($"{keys.Count} objects cannot be read. {first.Message}", first) => Keys = keys;

    /// <summary>The object; the first of several.</summary>
    public ObjectKey Key => Keys[0];

    /// <summary>All objects that were found missing or damaged, so that they are produced again at once and not one after the other.</summary>
    public IReadOnlyList<ObjectKey> Keys { get; }

    /// <summary>Whether its bytes are wrong, rather than missing or of another version.</summary>
    public bool IsDamage { get; private init; }

    /// <summary>Bytes are not those that were written.</summary>
    /// <param name="key">The object.</param>
    /// <param name="reason">What is wrong with them.</param>
    internal static UnreadableObjectException Damaged(ObjectKey key, string reason) => new(key, reason) { IsDamage = true };

    /// <summary>There are fewer bytes than there should be.</summary>
    /// <param name="key">The object.</param>
    /// <param name="end">Where it should end, or later.</param>
    internal static UnreadableObjectException EndsBefore(ObjectKey key, long end) => Damaged(key, $"it ends before byte {end}");

    /// <summary>What was found while several objects were read.</summary>
    /// <param name="found">What is wrong with each, at least one.</param>
    internal static UnreadableObjectException Of(IReadOnlyList<UnreadableObjectException> found)
    {
        ObjectKey[] keys = [.. found.SelectMany(objects => objects.Keys).Distinct()];
        return keys.Length == 1 ? found[0] : new(keys, found[0]);
    }
}
