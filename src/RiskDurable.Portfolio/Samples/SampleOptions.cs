namespace RiskDurable.Portfolio.Samples;

/// <summary>What a sample portfolio should be like. The same options give the same files on every machine.</summary>
public sealed record SampleOptions
{
    /// <summary>Number of deals, bought covers and the retro among them; at least 1.</summary>
    public int Deals { get; init; } = 100;

    /// <summary>Number of simulated years; at least 1.</summary>
    public int Trials { get; init; } = 10_000;

    /// <summary>
    /// Mean number of occurrences a year over all perils; above 0. The default is what a multi-peril table of two continents
    /// has when attritional events are left out; most of them touch only a few deals.
    /// </summary>
    public double EventsPerTrial { get; init; } = 50;

    /// <summary>Another seed gives another portfolio of the same kind.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>File format of the tables.</summary>
    public SampleFormat Format { get; init; } = SampleFormat.Parquet;

    /// <summary>Whether a portfolio that is already in the folder is replaced.</summary>
    public bool Overwrite { get; init; }
}

/// <summary>File format of a sample's tables.</summary>
public enum SampleFormat
{
    /// <summary>Parquet: small and fast.</summary>
    Parquet,

    /// <summary>CSV: to look at, and to open anywhere.</summary>
    Csv,
}

/// <summary>How far writing a sample is.</summary>
/// <param name="Stage">What is being written, in words.</param>
/// <param name="Done">Units done.</param>
/// <param name="Total">Units in all.</param>
public readonly record struct SampleProgress(string Stage, long Done, long Total);
