namespace RiskDurable.Kernel.Sampling;

/// <summary>
/// The incomplete beta function and its inverse, each relative to a split of the unit interval, without any gamma function: from these the quantile
/// tables are made. Nothing here runs while losses are drawn.
/// </summary>
internal static class BetaFraction
{
    private const int MostTerms = 1_000_000;
    private const int MostSteps = 200;
    private const double Tiny = 1e-300;

    /// <summary>
    /// F in I_y(p, r) = y^p (1 - y)^r F / (p B(p, r)): the continued fraction of the incomplete beta function (<em>Numerical Recipes</em>, 3rd ed.,
    /// section 6.4), by the modified method of Lentz.
    /// </summary>
    /// <param name="p">First shape, above 0.</param>
    /// <param name="r">Second shape, above 0.</param>
    /// <param name="y">Above 0 and below 1, not far above p / (p + r).</param>
    public static double Of(double p, double r, double y)
    {
        double c = 1;
        double d = 1 / Away(1 - ((p + r) * y / (p + 1)));
        double fraction = d;
        for (int m = 1; m < MostTerms; m++)
        {
            double even = m * (r - m) * y / ((p + (2.0 * m) - 1) * (p + (2.0 * m)));
            d = 1 / Away(1 + (even * d));
            c = Away(1 + (even / c));
            fraction *= d * c;
            double odd = -(p + m) * (p + r + m) * y / ((p + (2.0 * m)) * (p + (2.0 * m) + 1));
            d = 1 / Away(1 + (odd * d));
            c = Away(1 + (odd / c));
            double change = d * c;
            fraction *= change;
            if (Math.Abs(change - 1) < 4e-16)
            {
                return fraction;
            }
        }

        throw new ArithmeticException(FormattableString.Invariant($"The incomplete beta function of ({p}, {r}) at {y} does not converge."));
    }

    /// <summary>
    /// The A for which I_y(p, r) = e^-decay I_s(p, r) with y = s e^-A, for several decays: Newton's method, each from its neighbour.
    /// </summary>
    /// <param name="p">First shape.</param>
    /// <param name="r">Second shape.</param>
    /// <param name="split">s, above 0 and below 1.</param>
    /// <param name="rest">1 - s.</param>
    /// <param name="decays">Ascending, above 0.</param>
    public static double[] Invert(double p, double r, double split, double rest, ReadOnlySpan<double> decays)
    {
        double atSplit = Of(p, r, split);
        double[] solutions = new double[decays.Length];
        double solution = 0;
        double decay = 0;
        double slope = rest * atSplit / p;
        for (int i = 0; i < solutions.Length; i++)
        {
            double low = solution;
            double high = double.PositiveInfinity;
            solution += slope * (decays[i] - decay);
            decay = decays[i];
            for (int step = 0; ; step++)
            {
                double y = split * PortableMath.Exp(-solution);
                double shift = split * PortableMath.ExpM1(-solution);
                double z = rest - shift;
                double fraction = Of(p, r, y);
                double error = solution + (((r * PortableMath.Log1P(shift / z)) + PortableMath.Log(atSplit / fraction) - decay) / p);
                slope = z * fraction / p;
                double next = solution - (error * p * slope);
                (low, high) = error < 0 ? (solution, high) : (low, solution);
                if (!(next >= low && next <= high))
                {
                    next = double.IsPositiveInfinity(high) ? 2 * low : (low + high) / 2;
                }

                // Newton's steps square the error: behind a step so small there is nothing left but rounding.
                bool found = Math.Abs(next - solution) <= (1e-9 * next) + (1e-14 / p);
                solution = next;
                if (found)
                {
                    break;
                }

                if (step == MostSteps)
                {
                    throw new ArithmeticException(FormattableString.Invariant($"The quantile of beta({p}, {r}) was not found."));
                }
            }

            solutions[i] = solution;
        }

        return solutions;
    }

    private static double Away(double value) => Math.Abs(value) < Tiny ? Tiny : value;
}
