namespace RiskDurable.Kernel.Metrics;

/// <summary>
/// The return period of rank k among N trials, the largest loss being rank 1. Definitions: docs/kernel.md, "Metrics" and "Weights".
/// </summary>
public enum RankConvention
{
    /// <summary>N/k, as in Open Results Data: the share of simulated years that reach the loss.</summary>
    Empirical,

    /// <summary>(N + 1)/k, Weibull's plotting position: the mean of the k-th largest loss's exceedance probability is k/(N + 1).</summary>
    Weibull,
}
