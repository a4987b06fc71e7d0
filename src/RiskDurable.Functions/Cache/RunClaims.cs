namespace RiskDurable.Functions.Cache;

/// <summary>Keys of a shard that a run is at. Packed like the entries: all of a shard's keys may be claimed at once.</summary>
public sealed class RunClaims
{
    private const int KeyBytes = 16;

    /// <summary>The run.</summary>
    public string RunId { get; set; } = "";

    /// <summary>When another run may take over, unless this one gives a sign of life before.</summary>
    public DateTimeOffset Until { get; set; }

    /// <summary>The keys, ascending, 16 bytes each: the first half of the key's hash.</summary>
    public byte[] Keys { get; set; } = [];

    /// <summary>Whether the run is at a key.</summary>
    /// <param name="key">The first 32 hexadecimal digits of its hash.</param>
    public bool Has(string key)
    {
        byte[] wanted = Convert.FromHexString(key);
        int low = 0;
        int high = (Keys.Length / KeyBytes) - 1;
        while (low <= high)
        {
            int middle = (low + high) >> 1;
            int order = Keys.AsSpan(middle * KeyBytes, KeyBytes).SequenceCompareTo(wanted);
            if (order == 0)
            {
                return true;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return false;
    }

    internal void Add(IEnumerable<string> keys) => Keys = Pack(Unpack().Union(keys));

    /// <returns>Whether the run was at any of them.</returns>
    internal bool Remove(IReadOnlyCollection<string> keys)
    {
        if (!keys.Any(Has))
        {
            return false;
        }

        Keys = Pack(Unpack().Except(keys));
        return true;
    }

    // In lower case the digits sort as the bytes do.
    private static byte[] Pack(IEnumerable<string> keys) => [.. keys.Order(StringComparer.Ordinal).SelectMany(Convert.FromHexString)];

    private IEnumerable<string> Unpack() => Keys.Chunk(KeyBytes).Select(Convert.ToHexStringLower);
}
