namespace RiskDurable.Kernel.Metrics;

/// <summary>One point of an exceedance curve.</summary>
/// <param name="Type">Which curve.</param>
/// <param name="ReturnPeriod">Years, at least 1.</param>
/// <param name="Loss">Loss at the return period (VaR) or mean loss beyond it (TVaR), in the currency of the year losses.</param>
/// <param name="Interval">How far the number of trials lets the loss be trusted, at 95 %.</param>
public readonly record struct ExceedancePoint(EpType Type, double ReturnPeriod, double Loss, LossInterval Interval);

/// <summary>A two-sided 95 % confidence interval; a side that the trials cannot give is null.</summary>
/// <param name="Lower">Lower end, in the currency of the losses.</param>
/// <param name="Upper">Upper end, in the currency of the losses.</param>
public readonly record struct LossInterval(double? Lower, double? Upper);
