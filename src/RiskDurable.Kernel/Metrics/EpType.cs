namespace RiskDurable.Kernel.Metrics;

/// <summary>Kinds of exceedance probability curve, numbered as in Open Results Data.</summary>
public enum EpType
{
    /// <summary>Occurrence exceedance: the largest occurrence of a year.</summary>
    Oep = 1,

    /// <summary>Mean of the worst largest occurrences, at and beyond a return period.</summary>
    OepTvar = 2,

    /// <summary>Aggregate exceedance: all losses of a year together.</summary>
    Aep = 3,

    /// <summary>Mean of the worst annual losses, at and beyond a return period.</summary>
    AepTvar = 4,
}
