namespace RiskDurable.Portfolio.Samples;

/// <summary>
/// Exponential and logarithm from additions, multiplications and divisions alone, so that they are the same to the last bit
/// on every machine; the runtime's call the platform's library. Accurate to about 1e-15 relative.
/// </summary>
internal static class PortableMath
{
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;

    // 1/14!, 1/13!, ... 1/0!
    private static readonly double[] InverseFactorials = MakeInverseFactorials(14);

    public static double Exp(double x)
    {
        double k = Math.Floor((x / (Ln2High + Ln2Low)) + 0.5);
        double r = x - (k * Ln2High) - (k * Ln2Low);
        double sum = 0;
        foreach (double coefficient in InverseFactorials)
        {
            sum = (sum * r) + coefficient;
        }

        return Math.ScaleB(sum, (int)k);
    }

    /// <param name="x">Positive, normal.</param>
    public static double Log(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        int exponent = (int)(bits >> 52) - 1023;
        double m = BitConverter.Int64BitsToDouble((bits & 0xFFFFFFFFFFFFFL) | (1023L << 52));
        if (m > 1.4142135623730951)
        {
            m /= 2;
            exponent++;
        }

        // ln m = 2 artanh((m - 1) / (m + 1))
        double s = (m - 1) / (m + 1);
        double square = s * s;
        double sum = 0;
        for (int n = 21; n >= 1; n -= 2)
        {
            sum = (1.0 / n) + (sum * square);
        }

        return (exponent * Ln2High) + ((2 * s * sum) + (exponent * Ln2Low));
    }

    /// <summary>x to the power y.</summary>
    /// <param name="x">Positive, normal.</param>
    /// <param name="y">Any exponent.</param>
    public static double Pow(double x, double y) => Exp(y * Log(x));

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

    private static double[] MakeInverseFactorials(int highest)
    {
        double[] inverse = new double[highest + 1];
        double factorial = 1;
        for (int n = 0; n <= highest; n++)
        {
            factorial *= Math.Max(1, n);
            inverse[highest - n] = 1 / factorial;
        }

        return inverse;
    }
}
