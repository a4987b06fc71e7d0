namespace RiskDurable.Reference;

/// <summary>Random amounts of one order of magnitude: whole ones add up exactly and make ties, the others round everywhere.</summary>
internal sealed record Amounts(Random Random, bool Whole)
{
    private const double Typical = 1000;

    /// <summary>A heavy-tailed loss, never 0.</summary>
    public double Severity() => Round(1 + (Typical * 0.5 * Math.Pow(1 - Random.NextDouble(), -0.6)));

    /// <summary>A term of up to <paramref name="multiple"/> typical losses in a currency of the given rate.</summary>
    public double Term(double multiple, double rate) => Round(1 + (Random.NextDouble() * multiple * Typical / rate));

    /// <summary>A threshold that no loss meets exactly, so that rounding alone cannot decide.</summary>
    public double Threshold(double rate) => (Random.NextDouble() * 1.5 * Typical / rate) + 0.123456789;

    private double Round(double amount) => Whole ? Math.Round(amount) : amount;
}
