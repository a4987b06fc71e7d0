namespace RiskDurable.Portfolio.OpenResults;

/// <summary>Losses of an event in one summary, on their way into an ELT. Amounts in the currency of the table.</summary>
/// <param name="EventId">The event.</param>
/// <param name="Mean">Expected loss.</param>
/// <param name="SdIndependent">Standard deviation that is independent between ELTs.</param>
/// <param name="SdCorrelated">Standard deviation that all ELTs share.</param>
/// <param name="Exposure">The largest loss possible; 0 where the table does not say.</param>
internal readonly record struct OrdEltRow(long EventId, double Mean, double SdIndependent, double SdCorrelated, double Exposure);
