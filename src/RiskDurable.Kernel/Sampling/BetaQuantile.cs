using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RiskDurable.Kernel.Sampling;

/// <summary>
/// The quantile function of one beta distribution, from the shared tables: a few polynomials, no search and no iteration. Set up for a
/// distribution and then evaluated for many probabilities.
/// </summary>
internal sealed class BetaQuantile
{
    private const double PieceCentre = BetaTables.PieceEnd / 2;
    private const double SecondCentre = (BetaTables.PieceEnd + BetaTables.LastPieceEnd) / 2;
    private const double SecondHalfLength = (BetaTables.LastPieceEnd - BetaTables.PieceEnd) / 2;

    private readonly double[] _row = new double[BetaTables.RowLength];
    private bool _isMirrored;
    private double _split;
    private double _rest;
    private double _probabilityBelow;
    private double _inverseBelow;
    private double _inverseAbove;
    private double _inverseSmaller;
    private double _inverseLarger;
    private double _scaleBelow;
    private double _scaleAbove;

    /// <summary>Takes on a distribution.</summary>
    public void Set(in BetaShape shape)
    {
        BetaTables.Collapse(shape.Cell, shape.U, shape.V, _row);
        double smaller = shape.Smaller;
        double larger = shape.Larger;
        double shifted = 1 / (smaller + larger + (2 * BetaTables.SplitShift));
        double root = Math.Sqrt(1 + smaller);
        double odds = shape.Odds;
        _isMirrored = shape.IsMirrored;
        _split = (smaller + BetaTables.SplitShift) * shifted;
        _rest = (larger + BetaTables.SplitShift) * shifted;
        _probabilityBelow = odds / (1 + odds);
        _inverseBelow = (1 + odds) / odds;
        _inverseAbove = 1 + odds;
        _inverseSmaller = 1 / smaller;
        _inverseLarger = 1 / larger;
        _scaleBelow = 1 / root;
        _scaleAbove = root / (1 + larger);
    }

    /// <summary>Four quantiles, from 0 to 1.</summary>
    /// <param name="q">Probabilities, above 0.</param>
    /// <param name="complement">1 less each, above 0; exact also where q is near 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<double> Of(Vector256<double> q, Vector256<double> complement)
    {
        if (_isMirrored)
        {
            (q, complement) = (complement, q);
        }

        // How far the probability lies from that of the split, as a logarithm, on its side of it.
        Vector256<double> below = Vector256.LessThanOrEqual(q, Vector256.Create(_probabilityBelow));
        Vector256<double> decay = -PortableVectorMath.Log(
            Vector256.ConditionalSelect(below, q * _inverseBelow, complement * _inverseAbove));
        Vector256<double> inverse = Vector256.ConditionalSelect(below, Vector256.Create(_inverseSmaller), Vector256.Create(_inverseLarger));
        Vector256<double> distance = PortableVectorMath.Log(Vector256<double>.One + (decay * (Vector256<double>.One + inverse)));
        distance = Vector256.Min(distance, Vector256.Create(BetaTables.LastPieceEnd));

        Vector256<double> first = (distance - Vector256.Create(PieceCentre)) * (1 / PieceCentre);
        Vector256<double> second = (distance - Vector256.Create(SecondCentre)) * (1 / SecondHalfLength);
        Vector256<double> inFirst = Vector256.LessThanOrEqual(distance, Vector256.Create(BetaTables.PieceEnd));
        Vector256<double> place = Vector256.ConditionalSelect(inFirst, first, second);
        Vector256<double> excess = Polynomial(below, inFirst, place)
            * Vector256.ConditionalSelect(below, Vector256.Create(_scaleBelow), Vector256.Create(_scaleAbove));
        (Vector256<double> power, Vector256<double> powerLess1) = PortableVectorMath.Exp(-((decay * inverse) + (distance * excess)));

        // Below the split y = split * power, above it y = 1 - rest * power; whichever of y and 1 - y is asked for, in the form that does not cancel.
        Vector256<double> scale = Vector256.ConditionalSelect(below, Vector256.Create(_split), Vector256.Create(_rest));
        Vector256<double> other = Vector256.ConditionalSelect(below, Vector256.Create(_rest), Vector256.Create(_split));
        Vector256<double> direct = _isMirrored ? ~below : below;
        return Vector256.ConditionalSelect(direct, scale * power, other - (scale * powerLess1));
    }

    /// <summary>The polynomial of each number's half and piece. All are evaluated, and one is taken: that costs less than a choice of coefficients.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private unsafe Vector256<double> Polynomial(Vector256<double> below, Vector256<double> inFirst, Vector256<double> x)
    {
        fixed (double* row = _row)
        {
            Vector256<double> belowFirst = Vector256.Create(row[BetaTables.Terms - 1]);
            Vector256<double> belowSecond = Vector256.Create(row[(2 * BetaTables.Terms) - 1]);
            Vector256<double> aboveFirst = Vector256.Create(row[(3 * BetaTables.Terms) - 1]);
            Vector256<double> aboveSecond = Vector256.Create(row[(4 * BetaTables.Terms) - 1]);
            for (int k = BetaTables.Terms - 2; k >= 0; k--)
            {
                belowFirst = (belowFirst * x) + Vector256.Create(row[k]);
                belowSecond = (belowSecond * x) + Vector256.Create(row[BetaTables.Terms + k]);
                aboveFirst = (aboveFirst * x) + Vector256.Create(row[(2 * BetaTables.Terms) + k]);
                aboveSecond = (aboveSecond * x) + Vector256.Create(row[(3 * BetaTables.Terms) + k]);
            }

            return Vector256.ConditionalSelect(
                below, Vector256.ConditionalSelect(inFirst, belowFirst, belowSecond), Vector256.ConditionalSelect(inFirst, aboveFirst, aboveSecond));
        }
    }
}
