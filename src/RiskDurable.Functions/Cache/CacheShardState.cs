using System.Buffers.Binary;

namespace RiskDurable.Functions.Cache;

/// <summary>State of a shard of the output cache.</summary>
public sealed class CacheShardState
{
    private const int KeyBytes = 16;
    private const int EntryBytes = KeyBytes + 8;
    private static readonly DateTimeOffset Epoch = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// The keys, ascending, 24 bytes each: the first half of the key's hash, when it was added, and when it expires, in seconds since 2020.
    /// Packed, so that a shard of 5,000 keys stays under 200 KB.
    /// </summary>
    public byte[] Entries { get; set; } = [];

    /// <summary>Keys that runs are at, by run.</summary>
    public List<RunClaims> Claims { get; set; } = [];

    /// <summary>When the next sweep is due; null when none is scheduled.</summary>
    public DateTimeOffset? NextSweep { get; set; }

    /// <summary>Number of keys, expired ones that no sweep has removed yet included.</summary>
    public int Count() => Entries.Length / EntryBytes;

    /// <summary>Whether a key is there and has not expired.</summary>
    /// <param name="key">The key: the first 32 hexadecimal digits of its hash.</param>
    /// <param name="now">The time of the question.</param>
    public bool Has(string key, DateTimeOffset now)
    {
        int at = Find(Convert.FromHexString(key));
        return at >= 0 && ExpiryAt(at) > now;
    }

    /// <summary>What the shard knows of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="now">The time of the question.</param>
    internal CacheAnswer AnswerOf(string key, DateTimeOffset now)
    {
        int at = Find(Convert.FromHexString(key));
        return at < 0 ? CacheAnswer.Unseen : ExpiryAt(at) > now ? CacheAnswer.There : CacheAnswer.Expired;
    }

    /// <summary>Whether a run other than this one is at a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="runId">This run.</param>
    /// <param name="now">The time of the question.</param>
    public bool IsClaimedByOther(string key, string runId, DateTimeOffset now) =>
        Claims.Exists(claims => claims.RunId != runId && claims.Until > now && claims.Has(key));

    /// <summary>Whether any run is at a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="now">The time of the question.</param>
    public bool IsClaimed(string key, DateTimeOffset now) => Claims.Exists(claims => claims.Until > now && claims.Has(key));

    /// <summary>A run is at keys from now on, those included that it was at before; nobody else is at them.</summary>
    internal void Claim(string runId, IReadOnlyCollection<string> keys, DateTimeOffset until)
    {
        RunClaims? own = Claims.Find(claims => claims.RunId == runId);
        if (own is null)
        {
            Claims.Add(own = new RunClaims { RunId = runId });
        }

        Claims.ForEach(claims => claims.Remove(keys));
        own.Add(keys);
        own.Until = until;
        Claims.RemoveAll(claims => claims.Keys.Length == 0);
    }

    /// <summary>Keys are there: nobody is at them any more, and the runs that were have given a sign of life.</summary>
    internal void Produced(IReadOnlyCollection<string> keys, DateTimeOffset until)
    {
        foreach (RunClaims claims in Claims)
        {
            if (claims.Remove(keys))
            {
                claims.Until = until;
            }
        }

        Claims.RemoveAll(claims => claims.Keys.Length == 0);
    }

    internal void Put(string key, DateTimeOffset now, TimeSpan timeToLive)
    {
        byte[] bytes = Convert.FromHexString(key);
        int at = Find(bytes);
        if (at < 0)
        {
            at = ~at;
            byte[] grown = new byte[Entries.Length + EntryBytes];
            Entries.AsSpan(0, at * EntryBytes).CopyTo(grown);
            Entries.AsSpan(at * EntryBytes).CopyTo(grown.AsSpan((at + 1) * EntryBytes));
            bytes.CopyTo(grown.AsSpan(at * EntryBytes));
            Entries = grown;
        }

        Write(at, KeyBytes, now);
        Write(at, KeyBytes + 4, now + timeToLive);
    }

    /// <summary>Lets a key live on after a use; never beyond the cap.</summary>
    internal void Extend(string key, DateTimeOffset now, TimeSpan timeToLive, TimeSpan cap)
    {
        int at = Find(Convert.FromHexString(key));
        if (at < 0 || ExpiryAt(at) <= now)
        {
            return;
        }

        DateTimeOffset latest = Read(at, KeyBytes) + cap;
        DateTimeOffset extended = now + timeToLive;
        Write(at, KeyBytes + 4, extended < latest ? extended : latest);
    }

    internal void Remove(string key)
    {
        int at = Find(Convert.FromHexString(key));
        if (at >= 0)
        {
            Entries = [.. Entries.AsSpan(0, at * EntryBytes), .. Entries.AsSpan((at + 1) * EntryBytes)];
        }
    }

    internal void RemoveExpired(DateTimeOffset now)
    {
        byte[] kept = new byte[Entries.Length];
        int length = 0;
        for (int at = 0; at < Count(); at++)
        {
            if (ExpiryAt(at) > now)
            {
                Entries.AsSpan(at * EntryBytes, EntryBytes).CopyTo(kept.AsSpan(length));
                length += EntryBytes;
            }
        }

        Entries = kept[..length];
        Claims.RemoveAll(claims => claims.Until <= now);
    }

    /// <summary>When the first key expires; null without keys.</summary>
    internal DateTimeOffset? FirstExpiry()
    {
        DateTimeOffset? first = null;
        for (int at = 0; at < Count(); at++)
        {
            DateTimeOffset expiry = ExpiryAt(at);
            first = first is { } earlier && earlier <= expiry ? earlier : expiry;
        }

        return first;
    }

    private DateTimeOffset ExpiryAt(int at) => Read(at, KeyBytes + 4);

    private DateTimeOffset Read(int at, int offset) =>
        Epoch + TimeSpan.FromSeconds(BinaryPrimitives.ReadUInt32BigEndian(Entries.AsSpan((at * EntryBytes) + offset)));

    private void Write(int at, int offset, DateTimeOffset time) =>
        BinaryPrimitives.WriteUInt32BigEndian(Entries.AsSpan((at * EntryBytes) + offset), checked((uint)(time - Epoch).TotalSeconds));

    private int Find(ReadOnlySpan<byte> key)
    {
        int low = 0;
        int high = Count() - 1;
        while (low <= high)
        {
            int middle = (low + high) >> 1;
            int order = Entries.AsSpan(middle * EntryBytes, KeyBytes).SequenceCompareTo(key);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return ~low;
    }
}
