namespace RiskDurable.Kernel;

/// <summary>A layer ready to be simulated: its terms, and its subject with the tables in hand.</summary>
/// <param name="Terms">Terms, deal currency, at 100 %.</param>
/// <param name="Subject">The terms of the subject loss, in the order in which they are added.</param>
/// <param name="Premium">Premium at 100 %, deal currency.</param>
/// <param name="Reinstatements">Paid reinstatements, in order; may be empty.</param>
public sealed record LayerModel(
    LayerTerms Terms,
    IReadOnlyList<SubjectSource> Subject,
    double Premium,
    IReadOnlyList<Reinstatement> Reinstatements)
{
    /// <summary>Whether the subject loss depends on the event alone: no upstream layer is in it.</summary>
    public bool DependsOnEventsOnly => Subject.All(term => term.Elt is not null);
}

/// <summary>One term of a subject loss.</summary>
/// <param name="Elt">An event loss table, or null for an upstream layer.</param>
/// <param name="Factor">What the loss is multiplied by.</param>
/// <param name="CurrencyRatio">Units of the deal's currency for one unit of the source's.</param>
/// <param name="Stream">What tells the ELT's random numbers from those of others: <see cref="LossSampling.StreamOf"/> of its id; not read unless losses are sampled.</param>
public sealed record SubjectSource(EventLossTable? Elt, double Factor, double CurrencyRatio, ulong Stream = 0)
{
    /// <summary>The term's amount for a loss of the source, deal currency.</summary>
    /// <param name="loss">Loss or recovery in the source's currency.</param>
    public double Amount(double loss) => Factor * (loss * CurrencyRatio);
}

/// <summary>What one layer yields in a trial block: at 100 %, deal currency, unsigned.</summary>
/// <param name="Years">By year.</param>
/// <param name="Recoveries">By occurrence: r_d.</param>
public sealed record LayerLosses(BlockYearLosses Years, OccurrenceLosses Recoveries);
