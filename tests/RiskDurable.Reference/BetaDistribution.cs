namespace RiskDurable.Reference;

/// <summary>
/// The beta distribution from its definition: the density integrated, and the integral searched for a probability. Slow and simple; nothing
/// in common with the product's tables.
/// </summary>
/// <param name="alpha">First shape, above 0.</param>
/// <param name="beta">Second shape, above 0.</param>
public sealed class BetaDistribution(double alpha, double beta)
{
    // The density of y = ln(x / (1 - x)) is log-concave, with its mode here.
    private readonly double _mode = Math.Log(alpha) - Math.Log(beta);
    private double? _below;
    private double? _above;

    /// <summary>The quantile as x and as 1 - x.</summary>
    /// <param name="q">Probability, above 0.</param>
    /// <param name="complement">1 less the probability, above 0.</param>
    public (double X, double Complement) Quantile(double q, double complement)
    {
        // Masses on both sides of the mode, relative to its density.
        double below = _below ??= Mass(_mode, -1);
        double above = _above ??= Mass(_mode, 1);
        bool lower = q <= below / (below + above);
        double sought = Math.Log(lower ? q : complement) + Math.Log(below + above);
        int side = lower ? -1 : 1;

        // The logarithm of the mass beyond falls with the distance from the mode, ever faster: Newton's method, kept between two bounds.
        double near = 0;
        double far = double.PositiveInfinity;
        double distance = 1 / Math.Sqrt(alpha * beta / (alpha + beta));
        for (int i = 0; i < 200; i++)
        {
            double mass = Mass(_mode + (side * distance), side);
            double excess = LogDensityRatio(_mode, side * distance) + Math.Log(mass) - sought;
            (near, far) = excess > 0 ? (distance, far) : (near, distance);
            double next = distance + (excess * mass);
            if (Math.Abs(next - distance) <= 1e-15 * distance)
            {
                break;
            }

            distance = next > near && next < far ? next : double.IsPositiveInfinity(far) ? 2 * near : (near + far) / 2;
        }

        double y = _mode + (side * distance);
        return (1 / (1 + Math.Exp(-y)), 1 / (1 + Math.Exp(y)));
    }

    /// <summary>The integral of the density beyond y, divided by the density at y, by exp-sinh quadrature.</summary>
    private double Mass(double y, int side)
    {
        // An error in a mass is one over the smaller shape times larger in the quantile.
        int steps = Math.Min(alpha, beta) < 1e-3 ? 80 : 32;
        double sum = 0;
        for (int i = -5 * steps; i <= 5 * steps; i++)
        {
            double t = (double)i / steps;
            double u = Math.Exp(Math.PI / 2 * Math.Sinh(t));
            double term = u * Math.Cosh(t) * Math.Exp(LogDensityRatio(y, side * u));
            if (double.IsFinite(term))
            {
                sum += term;
            }
        }

        return sum / steps * Math.PI / 2;
    }

    /// <summary>ln of density(y + u) / density(y).</summary>
    private double LogDensityRatio(double y, double u)
    {
        // (alpha + beta) * (softplus(y + u) - softplus(y)), without cancellation.
        double p = 1 / (1 + Math.Exp(-y));
        double rest = 1 / (1 + Math.Exp(y));
        double rise = u > 30 ? u + Math.Log(p + (Math.Exp(-u) * rest))
            : u < -1 ? Math.Log(rest + (p * Math.Exp(u)))
            : Log1P(p * ExpM1(u));
        return (alpha * u) - ((alpha + beta) * rise);
    }

    private static double ExpM1(double x) => Math.Abs(x) > 1e-2 ? Math.Exp(x) - 1 : x * (1 + (x / 2 * (1 + (x / 3 * (1 + (x / 4 * (1 + (x / 5 * (1 + (x / 6 * (1 + (x / 7))))))))))));

    private static double Log1P(double x)
    {
        double sum = 1 + x;
        return sum == 1 ? x : Math.Log(sum) * (x / (sum - 1));
    }
}
