namespace RiskDurable.Portfolio.Samples;

/// <summary>Amounts as people write them.</summary>
internal static class SampleAmounts
{
    /// <summary>Rounds a positive amount to two significant digits, as people write retentions and limits.</summary>
    public static double RoundToTwoDigits(double amount)
    {
        double unit = 1;
        while (amount / unit >= 100)
        {
            unit *= 10;
        }

        return Math.Max(1, Math.Floor((amount / unit) + 0.5)) * unit;
    }
}
