namespace RiskDurable.Kernel.Tests.Metrics;

internal static class Bits
{
    /// <summary>Fails unless both numbers have the same bits.</summary>
    public static void Same(double expected, double actual) =>
        Assert.True(BitConverter.DoubleToInt64Bits(expected) == BitConverter.DoubleToInt64Bits(actual),
            $"{expected:R} and {actual:R} differ.");
}
