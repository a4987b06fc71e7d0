namespace RiskDurable.Reference;

/// <summary>One node in one trial: the sum over its layers, occurrence by occurrence.</summary>
internal sealed class OccurrenceSums(int occurrences)
{
    private readonly double[] _losses = new double[occurrences];
    private readonly double[] _bounds = new double[occurrences];
    private double _premium;
    private double _premiumBound;

    /// <param name="year">The layer's year.</param>
    /// <param name="scale">Sign, share and rate.</param>
    /// <param name="premium">Reinstatement premium, scaled and signed.</param>
    /// <param name="premiumBound">How far rounding can move it.</param>
    public void Add(LayerYear year, double scale, double premium, double premiumBound)
    {
        for (int d = 0; d < _losses.Length; d++)
        {
            _losses[d] += scale * year.Recoveries[d];
            _bounds[d] += Math.Abs(scale) * (year.Bounds[d] + (RoundingBounds.Unit * year.Recoveries[d]));
        }

        _premium += premium;
        _premiumBound += premiumBound;
    }

    public void WriteTo(NodeYears years, int index)
    {
        double sum = 0;
        double largest = 0;
        for (int d = 0; d < _losses.Length; d++)
        {
            sum += _losses[d];
            largest = Math.Max(largest, _losses[d]);
        }

        years.Aggregate[index] = sum;
        years.MaxOccurrence[index] = largest;
        years.ReinstatementPremium[index] = _premium;
        years.AggregateBound[index] = _bounds.Sum() + (RoundingBounds.Unit * _losses.Sum(Math.Abs));
        years.MaxOccurrenceBound[index] = _bounds.DefaultIfEmpty(0).Max();
        years.ReinstatementPremiumBound[index] = _premiumBound;
    }
}
