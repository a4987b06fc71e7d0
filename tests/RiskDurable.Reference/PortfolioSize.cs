namespace RiskDurable.Reference;

/// <summary>How large a random portfolio may become.</summary>
public sealed record PortfolioSize
{
    public int MinTrials { get; init; } = 1;

    public int MaxTrials { get; init; } = 200;

    public int MaxDeals { get; init; } = 8;

    public int MaxLayersPerDeal { get; init; } = 5;

    public int MaxElts { get; init; } = 6;

    public int MaxEvents { get; init; } = 40;

    public int MaxEventsPerTrial { get; init; } = 12;

    public static PortfolioSize Small { get; } = new();

    /// <summary>Enough trials for several blocks.</summary>
    public static PortfolioSize ManyTrials { get; } = new() { MinTrials = 2500, MaxTrials = 9500, MaxEvents = 300, MaxEventsPerTrial = 8 };
}
