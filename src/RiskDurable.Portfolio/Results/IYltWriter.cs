namespace RiskDurable.Portfolio.Results;

/// <summary>
/// Writes a year loss table: columns <c>node</c>, <c>trial</c>, <c>aggregate_loss</c>, <c>max_occurrence_loss</c>,
/// <c>reinstatement_premium</c>. The file appears under its name only after <see cref="Complete"/>; disposed without it, nothing
/// is left. The same rows give the same bytes, however they are split into calls.
/// </summary>
public interface IYltWriter : IDisposable
{
    /// <summary>Appends rows of one node; the columns have one length.</summary>
    /// <param name="node">The node's path.</param>
    /// <param name="trials">Trials, from 1.</param>
    /// <param name="aggregateLoss">Sum of the year's losses, reporting currency.</param>
    /// <param name="maxOccurrenceLoss">Largest loss of one occurrence, reporting currency.</param>
    /// <param name="reinstatementPremium">Reinstatement premium of the year, reporting currency.</param>
    /// <exception cref="ArgumentException">The columns differ in length.</exception>
    void Write(
        string node,
        ReadOnlySpan<int> trials,
        ReadOnlySpan<double> aggregateLoss,
        ReadOnlySpan<double> maxOccurrenceLoss,
        ReadOnlySpan<double> reinstatementPremium);

    /// <summary>Puts the file in its place.</summary>
    void Complete();
}
