namespace RiskDurable.Portfolio.OpenResults;

/// <summary>What of another engine's results to make a portfolio from. Files are CSV or Parquet, by their extension.</summary>
public sealed record OrdImportOptions
{
    /// <summary>Moments of events; or null.</summary>
    public string? Melt { get; init; }

    /// <summary>Quantiles of events; or null. Without either, the moments are those of <see cref="Plt"/>, an MPLT.</summary>
    public string? Qelt { get; init; }

    /// <summary>A period loss table (MPLT, QPLT or SPLT), for when events happen; or null.</summary>
    public string? Plt { get; init; }

    /// <summary>An occurrence table, for when events happen; or null where there is a PLT.</summary>
    public string? Occurrence { get; init; }

    /// <summary>Weights of the periods; null for those of the PLT, if any.</summary>
    public string? PeriodWeights { get; init; }

    /// <summary>Number of simulated periods, those without a loss included.</summary>
    public required int Periods { get; init; }

    /// <summary>1 for analytical moments, 2 for those of samples; null for the only ones there are.</summary>
    public int? SampleType { get; init; }

    /// <summary>The portfolio's id.</summary>
    public required string Id { get; init; }

    /// <summary>Currency of the losses.</summary>
    public required string Currency { get; init; }

    /// <summary>Whether to replace a portfolio that is in the folder.</summary>
    public bool Overwrite { get; init; }
}

/// <summary>What an import made.</summary>
/// <param name="Summaries">Number of summaries: as many ELTs, and deals that pay their losses in full.</param>
/// <param name="Events">Number of events with a loss.</param>
/// <param name="Occurrences">Rows of the YET.</param>
/// <param name="Trials">Number of trials.</param>
/// <param name="HasWeights">Whether trials have weights.</param>
/// <param name="CappedDeviations">Standard deviations lowered to the most that losses between 0 and their exposure can have.</param>
/// <param name="WithoutOccurrence">Events with a loss that never happen.</param>
public sealed record OrdImportOutcome(
    int Summaries, int Events, int Occurrences, int Trials, bool HasWeights, int CappedDeviations, int WithoutOccurrence);
