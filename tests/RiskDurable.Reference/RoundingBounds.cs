namespace RiskDurable.Reference;

/// <summary>
/// How far another order of the same additions can move a number. A difference of large amounts keeps their absolute error, so a
/// tolerance relative to the difference alone would be unfair; one relative to the book would be blind. This follows the error term by term.
/// </summary>
internal static class RoundingBounds
{
    /// <summary>Error of a short sum or of a few multiplications, relative to the absolute terms: eight units in the last place.</summary>
    public const double Unit = 1.0 / (1L << 50);

    /// <summary>How far rounding can move a product or what is added from it: not at all for whole numbers.</summary>
    public static double OfAmount(double amount) => IsWhole(amount) ? 0 : Unit * Math.Abs(amount);

    public static (double[] Recoveries, double Aggregate) OfLayer(
        Layer layer, IReadOnlyList<double> subject, IReadOnlyList<double> absolute, IReadOnlyList<double> bounds)
    {
        var result = new double[subject.Count];
        double top = layer.AggregateRetention + layer.EffectiveAggregateLimit;
        double c = 0;
        double bound = 0;
        bool whole = true;
        for (int d = 0; d < subject.Count; d++)
        {
            // The loss to the layer grows with the subject, jumps of franchise and cancellation included.
            double low = LayerYear.OccurrenceLoss(layer, subject[d] - bounds[d], absolute[d]);
            double high = LayerYear.OccurrenceLoss(layer, subject[d] + bounds[d], absolute[d]);
            double lossBound = high - low + (low < high ? Unit * high : 0);

            (double cBefore, double boundBefore) = (c, bound);
            double loss = LayerYear.OccurrenceLoss(layer, subject[d], absolute[d]);
            c += loss;
            whole &= IsWhole(loss);
            bound += lossBound + (whole ? 0 : Unit * c);

            bool between = cBefore - boundBefore >= layer.AggregateRetention && c + bound <= top;
            bool nothingCounted = layer.AggregateRetention == 0 && double.IsPositiveInfinity(top);
            result[d] = between || nothingCounted
                ? lossBound
                : Uncertain(layer, top, cBefore, boundBefore) + Uncertain(layer, top, c, bound);
        }

        return (result, Uncertain(layer, top, c, bound));
    }

    /// <summary>The error of min(max(c - retention, 0), limit), which is that of c, and nothing where c is clearly below or above.</summary>
    private static double Uncertain(Layer layer, double top, double c, double bound) =>
        c + bound <= layer.AggregateRetention || c - bound >= top ? 0 : bound;

    private static bool IsWhole(double amount) => Math.Abs(amount) < 1e12 && Math.Floor(amount) == amount;
}
