using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RiskDurable.Kernel.Sampling;

/// <summary>
/// Exponential and logarithm of four numbers, from operations that are exactly rounded on every machine: the same bits lane by lane whether
/// the machine has vectors or not. Relative error below 1e-15; no fused multiply-add, which not every machine has.
/// </summary>
internal static class PortableVectorMath
{
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;
    private const double SquareRootOfTwo = 1.4142135623730951;

    // 2^52, and 2^52 + 2^51: added to a whole number, they leave it in the low bits of the sum.
    private const double WholeShift = 4503599627370496;
    private const double SignedWholeShift = 6755399441055744;

    /// <summary>The natural logarithm.</summary>
    /// <param name="x">Positive, normal.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Log(Vector256<double> x)
    {
        Vector256<ulong> bits = x.AsUInt64();
        Vector256<double> exponent = ((bits >> 52) | Vector256.Create(WholeShift).AsUInt64()).AsDouble() - Vector256.Create(WholeShift + 1023);
        Vector256<double> m = ((bits & Vector256.Create(0xFFFFFFFFFFFFFUL)) | Vector256.Create(1023UL << 52)).AsDouble();
        Vector256<double> large = Vector256.GreaterThan(m, Vector256.Create(SquareRootOfTwo));
        m = Vector256.ConditionalSelect(large, m * 0.5, m);
        exponent += large & Vector256<double>.One;

        // ln m = 2 artanh((m - 1) / (m + 1))
        Vector256<double> s = (m - Vector256<double>.One) / (m + Vector256<double>.One);
        Vector256<double> square = s * s;
        Vector256<double> sum = Vector256.Create(1.0 / 21);
        sum = Vector256.Create(1.0 / 19) + (sum * square);
        sum = Vector256.Create(1.0 / 17) + (sum * square);
        sum = Vector256.Create(1.0 / 15) + (sum * square);
        sum = Vector256.Create(1.0 / 13) + (sum * square);
        sum = Vector256.Create(1.0 / 11) + (sum * square);
        sum = Vector256.Create(1.0 / 9) + (sum * square);
        sum = Vector256.Create(1.0 / 7) + (sum * square);
        sum = Vector256.Create(1.0 / 5) + (sum * square);
        sum = Vector256.Create(1.0 / 3) + (sum * square);
        sum = Vector256<double>.One + (sum * square);
        return (exponent * Ln2High) + ((s * 2 * sum) + (exponent * Ln2Low));
    }

    /// <summary>The exponential, and the exponential less 1.</summary>
    /// <param name="x">At most 700; below -700 the exponential is 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<double> Exp, Vector256<double> ExpM1) Exp(Vector256<double> x)
    {
        Vector256<double> vanishes = Vector256.LessThan(x, Vector256.Create(-700.0));
        x = Vector256.ConditionalSelect(vanishes, Vector256.Create(-700.0), x);
        Vector256<double> k = Vector256.Floor((x * (1 / (Ln2High + Ln2Low))) + Vector256.Create(0.5));
        Vector256<double> r = x - (k * Ln2High) - (k * Ln2Low);
        Vector256<double> sum = Vector256.Create(1.0 / 6227020800);
        sum = Vector256.Create(1.0 / 479001600) + (sum * r);
        sum = Vector256.Create(1.0 / 39916800) + (sum * r);
        sum = Vector256.Create(1.0 / 3628800) + (sum * r);
        sum = Vector256.Create(1.0 / 362880) + (sum * r);
        sum = Vector256.Create(1.0 / 40320) + (sum * r);
        sum = Vector256.Create(1.0 / 5040) + (sum * r);
        sum = Vector256.Create(1.0 / 720) + (sum * r);
        sum = Vector256.Create(1.0 / 120) + (sum * r);
        sum = Vector256.Create(1.0 / 24) + (sum * r);
        sum = Vector256.Create(1.0 / 6) + (sum * r);
        sum = Vector256.Create(0.5) + (sum * r);
        sum = r + (sum * r * r);
        Vector256<ulong> power = (k + Vector256.Create(SignedWholeShift + 1023)).AsUInt64() << 52;
        Vector256<double> scale = power.AsDouble();
        Vector256<double> grown = sum * scale;
        return (
            Vector256.AndNot(scale + grown, vanishes),
            Vector256.ConditionalSelect(vanishes, Vector256.Create(-1.0), (scale - Vector256<double>.One) + grown));
    }
}
