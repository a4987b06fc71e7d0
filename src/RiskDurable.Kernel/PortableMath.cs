namespace RiskDurable.Kernel;

/// <summary>
/// Exponential and logarithm from additions, multiplications and divisions alone, so that they are the same to the last bit
/// on every machine; the runtime's call the platform's library. Accurate to about 1e-15 relative.
/// </summary>
public static class PortableMath
{
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;

    // 1/14!, 1/13!, ... 1/0!
    private static readonly double[] InverseFactorials = MakeInverseFactorials(14);

    /// <summary>The exponential.</summary>
    /// <param name="x">Any finite number.</param>
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

    /// <summary>The natural logarithm.</summary>
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

    /// <summary>The logarithm of 1 + x, accurate for small x.</summary>
    /// <param name="x">Above -1.</param>
    public static double Log1P(double x)
    {
        double sum = 1 + x;
        return Log(sum) + ((x - (sum - 1)) / sum);
    }

    /// <summary>The exponential of x, less 1, accurate for small x.</summary>
    /// <param name="x">Any finite number.</param>
    public static double ExpM1(double x)
    {
        if (Math.Abs(x) > 0.35)
        {
            return Exp(x) - 1;
        }

        double sum = 0;
        for (int n = 0; n < InverseFactorials.Length - 1; n++)
        {
            sum = (sum * x) + InverseFactorials[n];
        }

        return sum * x;
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
