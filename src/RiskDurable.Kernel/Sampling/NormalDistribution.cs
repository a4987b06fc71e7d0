using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RiskDurable.Kernel.Sampling;

/// <summary>The standard normal distribution, four numbers at a time, from exactly rounded operations.</summary>
internal static class NormalDistribution
{
    /// <summary>Deviates further out count as this: a probability of 2e-33.</summary>
    public const double MostDeviation = 12;

    /// <summary>
    /// The quantile, by M. J. Wichura's algorithm AS 241 (<em>Applied Statistics</em> 37, 1988): relative error about 1e-15.
    /// </summary>
    /// <param name="p">Probabilities, above 0 and below 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Quantile(Vector256<double> p)
    {
        Vector256<double> q = p - Vector256.Create(0.5);
        Vector256<double> r = Vector256.Create(0.180625) - (q * q);
        Vector256<double> central = q
            * Polynomial(r, 2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457, 13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.3871328727963666080)
            / Polynomial(r, 5226.4952788528545610, 28729.085735721942674, 39307.895800092710610, 21213.794301586595867, 5394.1960214247511077, 687.18700749205790830, 42.313330701600911252, 1);
        Vector256<double> outer = Vector256.LessThan(r, Vector256<double>.Zero);
        return Vector256.EqualsAll(outer.AsUInt64(), Vector256<ulong>.Zero) ? central : Vector256.ConditionalSelect(outer, Outer(p, q), central);
    }

    /// <summary>
    /// The probability beyond a deviation, by J. F. Hart's approximation (<em>Computer Approximations</em>, 1968, no. 5666): relative error below
    /// 2e-13 up to 4, 3e-9 up to 7, 2e-7 up to 12; absolute error below 1e-16.
    /// </summary>
    /// <param name="t">Deviations from 0 to 12.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Tail(Vector256<double> t)
    {
        Vector256<double> numerator = Polynomial(t, 0, 3.52624965998911e-02, 0.700383064443688, 6.37396220353165, 33.912866078383, 112.079291497871, 221.213596169931, 220.206867912376);
        Vector256<double> denominator = Polynomial(t, 8.83883476483184e-02, 1.75566716318264, 16.064177579207, 86.7807322029461, 296.564248779674, 637.333633378831, 793.826512519948, 440.413735824752);
        return PortableVectorMath.Exp(t * t * -0.5).Exp * numerator / denominator;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector256<double> Outer(Vector256<double> p, Vector256<double> q)
    {
        Vector256<double> r = Vector256.Sqrt(-PortableVectorMath.Log(Vector256.Min(p, Vector256<double>.One - p)));
        Vector256<double> near = r - Vector256.Create(1.6);
        Vector256<double> far = r - Vector256.Create(5.0);
        Vector256<double> nearValue =
            Polynomial(near, 7.74545014278341407640e-4, 0.0227238449892691845833, 0.241780725177450611770, 1.27045825245236838258, 3.64784832476320460504, 5.76949722146069140550, 4.63033784615654529590, 1.42343711074968357734)
            / Polynomial(near, 1.05075007164441684324e-9, 5.47593808499534494600e-4, 0.0151986665636164571966, 0.148103976427480074590, 0.689767334985100004550, 1.67638483018380384940, 2.05319162663775882187, 1);
        Vector256<double> farValue =
            Polynomial(far, 2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3, 0.0265321895265761230930, 0.296560571828504891230, 1.78482653991729133580, 5.46378491116411436990, 6.65790464350110377720)
            / Polynomial(far, 2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4, 0.0148753612908506148525, 0.136929880922735805310, 0.599832206555887937690, 1);
        Vector256<double> value = Vector256.ConditionalSelect(Vector256.GreaterThan(r, Vector256.Create(5.0)), farValue, nearValue);
        return Vector256.ConditionalSelect(Vector256.LessThan(q, Vector256<double>.Zero), -value, value);
    }

    /// <summary>A polynomial of degree 7, highest coefficient first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Polynomial(Vector256<double> x, double c7, double c6, double c5, double c4, double c3, double c2, double c1, double c0)
    {
        Vector256<double> sum = Vector256.Create(c7);
        sum = (sum * x) + Vector256.Create(c6);
        sum = (sum * x) + Vector256.Create(c5);
        sum = (sum * x) + Vector256.Create(c4);
        sum = (sum * x) + Vector256.Create(c3);
        sum = (sum * x) + Vector256.Create(c2);
        sum = (sum * x) + Vector256.Create(c1);
        return (sum * x) + Vector256.Create(c0);
    }
}
