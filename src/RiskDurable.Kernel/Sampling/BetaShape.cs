using System.Runtime.InteropServices;

namespace RiskDurable.Kernel.Sampling;

/// <summary>Where a beta distribution stands in the shared tables: what is kept for a row of an ELT.</summary>
/// <param name="Cell">Number of the cell.</param>
/// <param name="IsMirrored">Whether alpha is above beta: the tables then hold the distribution of 1 - x.</param>
/// <param name="U">Place in the cell along c.</param>
/// <param name="V">Place in the cell along m.</param>
/// <param name="Smaller">The smaller of alpha and beta.</param>
/// <param name="Larger">The larger of the two.</param>
/// <param name="Odds">Odds of a loss below the split.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BetaShape(int Cell, bool IsMirrored, double U, double V, double Smaller, double Larger, double Odds)
{
    // The variance may come so close to its bound, as a share of it: below, all is at 0 or at the exposure.
    private const double LeastSpread = 1.0 / (1 << 24);

    /// <summary>Places a distribution.</summary>
    /// <param name="mean">Mean, as a share of the exposure, above 0.</param>
    /// <param name="complement">1 less the mean, above 0.</param>
    /// <param name="deviation">Standard deviation as a share of the exposure, above 0.</param>
    public static BetaShape Of(double mean, double complement, double deviation)
    {
        double nu = Math.Max((mean * complement / (deviation * deviation)) - 1, LeastSpread);
        return Of(mean * nu, complement * nu);
    }

    /// <summary>Places a distribution.</summary>
    /// <param name="alpha">First shape, above 0.</param>
    /// <param name="beta">Second shape, above 0.</param>
    public static BetaShape Of(double alpha, double beta)
    {
        double smaller = Math.Min(alpha, beta);
        double larger = Math.Max(alpha, beta);
        double c = BetaTables.CellsOfC / Math.Sqrt(1 + smaller);
        double m = BetaTables.CellsOfM * Math.Sqrt(2 * (smaller + BetaTables.SplitShift) / (smaller + larger + (2 * BetaTables.SplitShift)));
        int cellOfC = Math.Min((int)c, BetaTables.CellsOfC - 1);
        int cellOfM = Math.Min((int)m, BetaTables.CellsOfM - 1);
        int cell = (cellOfC * BetaTables.CellsOfM) + cellOfM;
        double u = (2 * (c - cellOfC)) - 1;
        double v = (2 * (m - cellOfM)) - 1;
        return new(cell, alpha > beta, u, v, smaller, larger, BetaTables.Odds(cell, u, v, smaller, larger));
    }
}
