namespace RiskDurable.Kernel;

/// <summary>Sums losses up from layers to deals and from children to parents, for one trial block, in the order it is given them.</summary>
/// <remarks>Keeps its work arrays between calls; one a thread.</remarks>
public sealed class LossRollup
{
    private readonly OccurrenceAccumulator _occurrences = new();
    private double[] _reinstatementPremiums = [];
    private TrialBlock? _block;

    /// <summary>Starts the sum of a node.</summary>
    /// <param name="block">The trials.</param>
    public void Begin(TrialBlock block)
    {
        ArgumentNullException.ThrowIfNull(block);
        _block = block;
        _occurrences.EnsureCapacity(block.OccurrenceCount);
        if (_reinstatementPremiums.Length < block.TrialCount)
        {
            _reinstatementPremiums = new double[block.TrialCount];
        }

        Array.Clear(_reinstatementPremiums, 0, block.TrialCount);
    }

    /// <summary>Adds losses, times a factor.</summary>
    /// <param name="occurrences">By occurrence.</param>
    /// <param name="years">By year; only the reinstatement premium is read, the rest follows from the occurrences.</param>
    /// <param name="factor">Sign, share, currency: whatever each amount is multiplied by.</param>
    public void Add(OccurrenceLosses occurrences, BlockYearLosses years, double factor = 1)
    {
        ArgumentNullException.ThrowIfNull(years);
        _occurrences.Add(occurrences, factor);
        for (int i = 0; i < years.Count; i++)
        {
            _reinstatementPremiums[years.Trials[i]] += factor * years.ReinstatementPremium[i];
        }
    }

    /// <summary>Ends the sum: the node's losses by occurrence and by year.</summary>
    public (OccurrenceLosses Occurrences, BlockYearLosses Years) End()
    {
        TrialBlock block = _block ?? throw new InvalidOperationException("No sum was begun.");
        _block = null;
        OccurrenceLosses occurrences = _occurrences.Drain();
        return (occurrences, BlockYearLosses.FromOccurrences(block, occurrences, _reinstatementPremiums));
    }
}
