namespace RiskDurable.Kernel;

/// <summary>Reinstatement premium of a year, pro rata as to amount (docs/kernel.md, section 2).</summary>
internal static class ReinstatementPremiums
{
    /// <summary>RP = premium * sum over k of c_k * min(max(A - (k-1) * L, 0), L) / L.</summary>
    /// <param name="model">The layer; its occurrence limit L is positive and finite where it has reinstatements.</param>
    /// <param name="aggregate">A, the year's paid loss at 100 %.</param>
    public static double Of(LayerModel model, double aggregate)
    {
        if (model.Reinstatements.Count == 0)
        {
            return 0;
        }

        double limit = model.Terms.OccurrenceLimit;
        double premium = 0;
        double before = 0; // (k-1) as a double: exact far beyond any count that a year can use up
        foreach (Reinstatement reinstatement in model.Reinstatements)
        {
            for (int k = 0; k < reinstatement.Count; k++, before++)
            {
                double used = Math.Min(aggregate - (before * limit), limit);
                if (used <= 0)
                {
                    return model.Premium * premium;
                }

                premium += reinstatement.Rate * (used / limit);
            }
        }

        return model.Premium * premium;
    }
}
