namespace RiskDurable.Kernel;

/// <summary>Sums losses up from layers to deals and from children to parents, for one trial block, in the order it is given them.</summary>
/// <remarks>Keeps its work arrays between calls; one a thread.</remarks>
public sealed class LossRollup
{
    private readonly OccurrenceAccumulator _occurrences = new();
    private double[] _reinstatementPremiums = [];
    private TrialBlock? _block;

    // The first losses wait: a sum of one needs no adding up.
    private (OccurrenceLosses Losses, double Factor)? _only;
    private bool _isSum;
    private bool _anyPremium;

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
        _only = null;
        _isSum = false;
        _anyPremium = false;
    }

    /// <summary>Adds losses, times a factor.</summary>
    /// <param name="occurrences">By occurrence.</param>
    /// <param name="years">By year; only the reinstatement premium is read, the rest follows from the occurrences.</param>
    /// <param name="factor">Sign, share, currency: whatever each amount is multiplied by.</param>
    public void Add(OccurrenceLosses occurrences, BlockYearLosses years, double factor = 1)
    {
        ArgumentNullException.ThrowIfNull(years);
        ArgumentNullException.ThrowIfNull(occurrences);
        if (_isSum)
        {
            _occurrences.Add(occurrences, factor);
        }
        else if (_only is { } first)
        {
            _isSum = true;
            _occurrences.Add(first.Losses, first.Factor);
            _occurrences.Add(occurrences, factor);
        }
        else if (occurrences.Count > 0)
        {
            _only = (occurrences, factor);
        }

        for (int i = 0; i < years.Count; i++)
        {
            double premium = factor * years.ReinstatementPremium[i];
            _reinstatementPremiums[years.Trials[i]] += premium;
            _anyPremium |= premium != 0;
        }
    }

    /// <summary>Ends the sum: the node's losses by occurrence and by year.</summary>
    public (OccurrenceLosses Occurrences, BlockYearLosses Years) End()
    {
        TrialBlock block = EndBlock();
        OccurrenceLosses occurrences = Occurrences();
        return (occurrences, BlockYearLosses.FromOccurrences(block, occurrences, _reinstatementPremiums));
    }

    /// <summary>Ends the sum: the node's losses by occurrence, and of its years the reinstatement premiums alone.</summary>
    public (OccurrenceLosses Occurrences, BlockYearLosses Years) EndWithoutYears()
    {
        TrialBlock block = EndBlock();
        return (Occurrences(), _anyPremium ? BlockYearLosses.OfReinstatementPremiums(_reinstatementPremiums.AsSpan(0, block.TrialCount)) : BlockYearLosses.None);
    }

    private TrialBlock EndBlock()
    {
        TrialBlock block = _block ?? throw new InvalidOperationException("No sum was begun.");
        _block = null;
        return block;
    }

    private OccurrenceLosses Occurrences() => _isSum ? _occurrences.Drain() : _only is { } only ? only.Losses.Times(only.Factor) : OccurrenceLosses.None;
}
