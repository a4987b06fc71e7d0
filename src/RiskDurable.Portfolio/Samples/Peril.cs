namespace RiskDurable.Portfolio.Samples;

/// <summary>One peril of the sample's catalogue.</summary>
/// <param name="Name">Name for people.</param>
/// <param name="FrequencyShare">Its share of all occurrences.</param>
/// <param name="Events">Number of its events in the catalogue.</param>
/// <param name="PeakDay">Middle of its season, from 0; NaN for none.</param>
/// <param name="SeasonWidth">Standard deviation of the season, days.</param>
/// <param name="Dispersion">Shape of the gamma that mixes its yearly counts: small is strongly clustered in years; infinite is Poisson.</param>
/// <param name="ClusterChance">Chance that an occurrence follows the one before it within days.</param>
internal sealed record Peril(
    string Name,
    double FrequencyShare,
    int Events,
    double PeakDay,
    double SeasonWidth,
    double Dispersion,
    double ClusterChance)
{
    /// <summary>Event ids of the n-th peril start here, times n + 1.</summary>
    public const long IdsPerPeril = 1_000_000;

    public static readonly IReadOnlyList<Peril> All =
    [
        new("US hurricane", 0.10, 20_000, 255, 28, 3, 0.20),
        new("US earthquake", 0.04, 12_000, double.NaN, 0, double.PositiveInfinity, 0.05),
        new("US convective storm", 0.28, 20_000, 150, 45, 8, 0.50),
        new("US wildfire", 0.06, 8_000, 260, 40, 2, 0.30),
        new("US flood", 0.08, 8_000, 120, 70, 6, 0.20),
        new("European windstorm", 0.14, 18_000, 15, 40, 2, 0.40),
        new("European flood", 0.10, 10_000, 190, 50, 4, 0.30),
        new("European earthquake", 0.04, 8_000, double.NaN, 0, double.PositiveInfinity, 0.05),
        new("European hail", 0.08, 8_000, 185, 32, 6, 0.40),
        new("UK flood", 0.08, 8_000, 340, 45, 4, 0.30),
    ];
}
