namespace RiskDurable.Portfolio.Samples;

/// <summary>Where the sample's deals are: a currency, its regions, and the perils that strike there.</summary>
/// <param name="Currency">Currency of the deals and of their ELTs.</param>
/// <param name="Rate">Reporting-currency units (USD) for one unit.</param>
/// <param name="Regions">Values of the tag <c>region</c>.</param>
/// <param name="Perils">Indices of the perils.</param>
internal sealed record Territory(string Currency, double Rate, IReadOnlyList<string> Regions, IReadOnlyList<int> Perils)
{
    public static readonly Territory America =
        new("USD", 1, ["US Southeast", "US Gulf", "US West", "US Midwest", "US Northeast"], [0, 1, 2, 3, 4]);

    public static readonly Territory Europe = new("EUR", 1.08, ["Germany", "France", "Italy", "Benelux"], [5, 6, 7, 8]);

    public static readonly Territory Britain = new("GBP", 1.27, ["England", "Scotland"], [5, 9]);

    public static readonly IReadOnlyList<Territory> All = [America, Europe, Britain];

    // Half of the book is American, so that the retro covers half of it.
    private static readonly Territory[] Turns =
    [
        America, Europe, America, Britain, America, Europe, America, Britain, America, Europe,
    ];

    /// <summary>The territory of the n-th deal.</summary>
    public static Territory OfDeal(int index) => Turns[index % Turns.Length];
}
