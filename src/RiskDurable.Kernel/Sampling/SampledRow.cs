using System.Runtime.InteropServices;

namespace RiskDurable.Kernel.Sampling;

/// <summary>A row of an ELT, ready to be drawn from (docs/kernel.md, "Secondary uncertainty").</summary>
/// <param name="Term">Number of the term of the subject that the ELT is.</param>
/// <param name="IsFixed">Whether the loss is always the mean.</param>
/// <param name="Scale">The exposure, or the mean where the loss is fixed; ELT currency.</param>
/// <param name="Shared">Weight of the occurrence's own deviation, which all ELTs share.</param>
/// <param name="Own">Weight of the deviation of this ELT alone.</param>
/// <param name="Shape">The distribution of the loss as a share of the exposure, unless it is fixed.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SampledRow(int Term, bool IsFixed, double Scale, double Shared, double Own, BetaShape Shape)
{
    /// <summary>Prepares an entry of an ELT.</summary>
    /// <param name="term">Number of the term.</param>
    /// <param name="elt">The ELT.</param>
    /// <param name="entry">Number of the entry; its mean is above 0.</param>
    public static SampledRow Of(int term, EventLossTable elt, int entry)
    {
        double mean = elt.MeanLosses[entry];
        if (elt.Uncertainty is not { } uncertainty)
        {
            return new(term, true, mean, 0, 0, default);
        }

        double independent = uncertainty.SdIndependent[entry];
        double correlated = uncertainty.SdCorrelated[entry];
        double exposure = uncertainty.Exposure[entry];
        double deviation = independent + correlated;
        if (deviation == 0 || mean >= exposure)
        {
            return new(term, true, mean, 0, 0, default);
        }

        var shape = BetaShape.Of(mean / exposure, (exposure - mean) / exposure, deviation / exposure);
        return new(term, false, exposure, correlated / deviation, Math.Sqrt(independent * (deviation + correlated)) / deviation, shape);
    }
}
