namespace RiskDurable.Functions.Cache;

/// <summary>What the output cache knows of a key.</summary>
public enum CacheAnswer
{
    /// <summary>The output is there.</summary>
    There,

    /// <summary>It was there, and its time is over.</summary>
    Expired,

    /// <summary>It has not been there, or so long ago that nobody remembers.</summary>
    Unseen,

    /// <summary>The shard did not answer in time, which counts as a miss.</summary>
    Unanswered,
}
