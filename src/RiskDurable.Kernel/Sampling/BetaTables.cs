using System.Runtime.Intrinsics;

namespace RiskDurable.Kernel.Sampling;

/// <summary>
/// Quantiles of all beta distributions in one set of tables, shared by every row of every ELT (docs/kernel.md, "Secondary uncertainty"). The square of
/// (c, m) is cut into cells; a cell's table holds cubic polynomials in c and m for each coefficient of the polynomials in which a quantile is
/// evaluated. A cell is worked out when it is first asked for, to the same bits by whoever does it.
/// </summary>
internal static class BetaTables
{
    /// <summary>Coefficients of one polynomial: degree 11.</summary>
    public const int Terms = 12;

    /// <summary>Pieces of a half of the distribution.</summary>
    public const int Pieces = 2;

    /// <summary>Where the logarithmic distance from the split goes over from the first piece to the second.</summary>
    public const double PieceEnd = 1.5;

    /// <summary>Where the second piece ends: ln 51. Beyond, the quantile is a power of the probability but for a constant.</summary>
    public const double LastPieceEnd = 3.9318256327243257;

    /// <summary>Coefficients of a shape: the polynomials of the lower half, then of the upper half.</summary>
    public const int RowLength = 2 * Pieces * Terms;

    /// <summary>The split lies where the mean would be with so much added to both shapes.</summary>
    public const double SplitShift = 0.35;

    /// <summary>Cells over c from 0 to 1.</summary>
    public const int CellsOfC = 40;

    /// <summary>Cells over the square root of 2 m from 0 to 1.</summary>
    public const int CellsOfM = 16;

    private const int Nodes = 4;

    // Behind the coefficients of a shape: what the odds of its split are made from.
    private const int OddsBelow = RowLength;
    private const int OddsAbove = RowLength + 1;
    private const int EntryLength = RowLength + 4;

    private static readonly double[]?[] Cells = new double[CellsOfC * CellsOfM][];
    private static readonly double[] ShapeNodes = ChebyshevNodes(Nodes);
    private static readonly double[] ShapeMonomials = Monomials(Nodes);
    private static readonly double[] PieceNodes = ChebyshevNodes(Terms);
    private static readonly double[] PieceMonomials = Monomials(Terms);

    /// <summary>Works out the polynomials of a shape.</summary>
    /// <param name="cell">Number of the cell.</param>
    /// <param name="u">Place in the cell along c, from -1 to 1.</param>
    /// <param name="v">Place along m.</param>
    /// <param name="row">Receives <see cref="RowLength"/> numbers.</param>
    public static void Collapse(int cell, double u, double v, Span<double> row)
    {
        ReadOnlySpan<double> table = Table(cell);
        Span<double> powers = stackalloc double[Nodes * Nodes];
        Powers(u, v, powers);
        for (int at = 0; at < RowLength; at += Vector512<double>.Count)
        {
            Vector512<double> sum = Vector512.Create(table[at..]);
            for (int k = 1; k < powers.Length; k++)
            {
                sum += Vector512.Create(powers[k]) * Vector512.Create(table[((k * EntryLength) + at)..]);
            }

            sum.CopyTo(row[at..]);
        }
    }

    /// <summary>The odds that a loss lies below the split of its shape.</summary>
    /// <param name="cell">Number of the cell.</param>
    /// <param name="u">Place in the cell along c.</param>
    /// <param name="v">Place along m.</param>
    /// <param name="alpha">The smaller of the shapes.</param>
    /// <param name="beta">The larger.</param>
    public static double Odds(int cell, double u, double v, double alpha, double beta)
    {
        ReadOnlySpan<double> table = Table(cell);
        Span<double> powers = stackalloc double[Nodes * Nodes];
        Powers(u, v, powers);
        double below = 0;
        double above = 0;
        for (int k = 0; k < powers.Length; k++)
        {
            below += powers[k] * table[(k * EntryLength) + OddsBelow];
            above += powers[k] * table[(k * EntryLength) + OddsAbove];
        }

        (double belowPart, double abovePart) = OddsParts(alpha, beta);
        double root = Math.Sqrt(1 + alpha);
        return PortableMath.Exp((below * (alpha / (1 + alpha))) - belowPart - (above * (beta / (1 + beta))) + abovePart)
            * (beta / alpha * root / (1 + (beta / root)));
    }

    private static double[] Table(int cell) => Cells[cell] ??= MakeCell(cell);

    private static void Powers(double u, double v, Span<double> powers)
    {
        double ofU = 1;
        for (int i = 0; i < Nodes; i++, ofU *= u)
        {
            double both = ofU;
            for (int j = 0; j < Nodes; j++, both *= v)
            {
                powers[(i * Nodes) + j] = both;
            }
        }
    }

    /// <summary>
    /// What the logarithms of the fractions tend to where alpha, or beta, becomes small. What is left of them is in the tables: in proportion to alpha and
    /// to beta, for where both are small an error in the odds is as many times larger in a loss.
    /// </summary>
    private static (double Below, double Above) OddsParts(double alpha, double beta)
    {
        double split = (alpha + SplitShift) / (alpha + beta + (2 * SplitShift));
        return (beta / (1 + alpha) * PortableMath.Log1P(-split), alpha / ((1 + beta) * (1 + beta) * (1 + beta)) * PortableMath.Log(split));
    }

    private static double[] MakeCell(int cell)
    {
        // By shape node, then by number of the row.
        double[] values = new double[Nodes * Nodes * EntryLength];
        for (int i = 0; i < Nodes; i++)
        {
            double c = ((cell / CellsOfM) + ((1 + ShapeNodes[i]) / 2)) / CellsOfC;
            for (int j = 0; j < Nodes; j++)
            {
                double rootOfM = ((cell % CellsOfM) + ((1 + ShapeNodes[j]) / 2)) / CellsOfM;
                MakeRow(c, rootOfM * rootOfM / 2, values.AsSpan(((i * Nodes) + j) * EntryLength, EntryLength));
            }
        }

        double[] table = new double[values.Length];
        for (int k = 0; k < Nodes * Nodes; k++)
        {
            for (int node = 0; node < Nodes * Nodes; node++)
            {
                double weight = ShapeMonomials[(k / Nodes * Nodes) + (node / Nodes)] * ShapeMonomials[(k % Nodes * Nodes) + (node % Nodes)];
                for (int at = 0; at < EntryLength; at++)
                {
                    table[(k * EntryLength) + at] += weight * values[(node * EntryLength) + at];
                }
            }
        }

        return table;
    }

    private static void MakeRow(double c, double m, Span<double> row)
    {
        double alpha = (1 / (c * c)) - 1;
        double beta = ((alpha + SplitShift) / m) - alpha - (2 * SplitShift);
        double rest = (beta + SplitShift) / (alpha + beta + (2 * SplitShift));
        MakeHalf(alpha, beta, m, rest, 1 / c, row[..(Pieces * Terms)]);
        MakeHalf(beta, alpha, rest, m, (1 + beta) * c, row[(Pieces * Terms)..RowLength]);
        (double belowPart, double abovePart) = OddsParts(alpha, beta);
        row[OddsBelow] = (PortableMath.Log(BetaFraction.Of(alpha, beta, m) * c) + belowPart) * ((1 + alpha) / alpha);
        row[OddsAbove] = (PortableMath.Log(BetaFraction.Of(beta, alpha, rest) / (1 + (beta * c))) + abovePart) * ((1 + beta) / beta);
    }

    /// <summary>The polynomials of one half, in powers of the place in the piece: how much -ln(y / split) exceeds decay / p, by the logarithmic distance.</summary>
    private static void MakeHalf(double p, double r, double split, double rest, double scale, Span<double> row)
    {
        Span<double> distances = stackalloc double[Pieces * Terms];
        Span<double> decays = stackalloc double[Pieces * Terms];
        for (int i = 0; i < distances.Length; i++)
        {
            (double start, double end) = i < Terms ? (0, PieceEnd) : (PieceEnd, LastPieceEnd);
            distances[i] = start + ((end - start) * (1 + PieceNodes[i % Terms]) / 2);
            decays[i] = PortableMath.ExpM1(distances[i]) / (1 + (1 / p));
        }

        double[] solutions = BetaFraction.Invert(p, r, split, rest, decays);
        for (int piece = 0; piece < Pieces; piece++)
        {
            for (int k = 0; k < Terms; k++)
            {
                double sum = 0;
                for (int node = 0; node < Terms; node++)
                {
                    int at = (piece * Terms) + node;
                    sum += PieceMonomials[(k * Terms) + node] * ((solutions[at] - (decays[at] / p)) * scale / distances[at]);
                }

                row[(piece * Terms) + k] = sum;
            }
        }
    }

    private static double[] ChebyshevNodes(int count)
    {
        double[] nodes = new double[count];
        for (int i = 0; i < count; i++)
        {
            nodes[i] = -Cosine(Math.PI * (i + 0.5) / count);
        }

        return nodes;
    }

    /// <summary>The cosine by its series: the same on every machine. Arguments from 0 to pi.</summary>
    private static double Cosine(double x)
    {
        double sum = 1;
        double term = 1;
        for (int n = 1; n <= 16; n++)
        {
            term *= -x * x / ((2 * n) * ((2 * n) - 1));
            sum += term;
        }

        return sum;
    }

    /// <summary>The matrix that turns values at Chebyshev's nodes into coefficients of powers: by power, then by node.</summary>
    private static double[] Monomials(int count)
    {
        double[] nodes = ChebyshevNodes(count);
        double[] matrix = new double[count * count];
        double[] previous = new double[count];
        double[] current = new double[count];
        previous[0] = 1;
        current[1] = 1;
        for (int degree = 0; degree < count; degree++)
        {
            // Powers of T_degree, and its weight at each node.
            double[] chebyshev = degree == 0 ? previous : current;
            for (int node = 0; node < count; node++)
            {
                double weight = ValueAt(chebyshev, nodes[node]) * (degree == 0 ? 1 : 2) / count;
                for (int k = 0; k < count; k++)
                {
                    matrix[(k * count) + node] += weight * chebyshev[k];
                }
            }

            if (degree > 0)
            {
                double[] next = new double[count];
                for (int k = 0; k < count; k++)
                {
                    next[k] = (k > 0 ? 2 * current[k - 1] : 0) - previous[k];
                }

                (previous, current) = (current, next);
            }
        }

        return matrix;
    }

    private static double ValueAt(double[] powers, double x)
    {
        double sum = 0;
        for (int k = powers.Length - 1; k >= 0; k--)
        {
            sum = (sum * x) + powers[k];
        }

        return sum;
    }
}
