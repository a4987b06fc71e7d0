namespace RiskDurable.Kernel;

/// <summary>Sums losses up from layers to deals and from children to parents, for one trial block, in the order it is given them.</summary>
/// <remarks>Keeps its work arrays between calls; one a thread.</remarks>
/// <param name="memory">Where sums go; null for memory of their own.</param>
public sealed class LossRollup(LossMemory? memory = null)
{
    private readonly OccurrenceSum _occurrences = new(memory);
    private readonly BlockYearLossesBuilder _years = new(memory ?? LossMemory.Fresh);
    private double[] _reinstatementPremiums = [];
    private TrialBlock? _block;
    private bool _anyPremium;

    /// <summary>Starts the sum of a node.</summary>
    /// <param name="block">The trials.</param>
    public void Begin(TrialBlock block)
    {
        ArgumentNullException.ThrowIfNull(block);
        _block = block;
        _occurrences.Begin();
        if (_reinstatementPremiums.Length < block.TrialCount)
        {
            _reinstatementPremiums = new double[block.TrialCount];
        }

        Array.Clear(_reinstatementPremiums, 0, block.TrialCount);
        _anyPremium = false;
    }

    /// <summary>Adds losses, times a factor.</summary>
    /// <param name="occurrences">By occurrence; read when the sum ends.</param>
    /// <param name="years">By year; only the reinstatement premium is read, the rest follows from the occurrences.</param>
    /// <param name="factor">Sign, share, currency: whatever each amount is multiplied by.</param>
    public void Add(OccurrenceLosses occurrences, BlockYearLosses years, double factor = 1)
    {
        ArgumentNullException.ThrowIfNull(years);
        ArgumentNullException.ThrowIfNull(occurrences);
        _occurrences.Add(occurrences, factor);
        if (!years.HasReinstatementPremiums)
        {
            return;
        }

        ReadOnlySpan<int> trials = years.Trials;
        ReadOnlySpan<double> premiums = years.ReinstatementPremium;
        for (int i = 0; i < trials.Length; i++)
        {
            double premium = factor * premiums[i];
            _reinstatementPremiums[trials[i]] += premium;
            _anyPremium |= premium != 0;
        }
    }

    /// <summary>Ends the sum: the node's losses by occurrence and by year.</summary>
    public (OccurrenceLosses Occurrences, BlockYearLosses Years) End()
    {
        TrialBlock block = EndBlock();
        OccurrenceLosses occurrences = _occurrences.End();
        return (occurrences, _years.OfOccurrences(block, occurrences, _reinstatementPremiums));
    }

    /// <summary>Ends the sum: the node's losses by occurrence, and of its years the reinstatement premiums alone.</summary>
    public (OccurrenceLosses Occurrences, BlockYearLosses Years) EndWithoutYears()
    {
        TrialBlock block = EndBlock();
        return (_occurrences.End(), _anyPremium ? _years.OfReinstatementPremiums(_reinstatementPremiums.AsSpan(0, block.TrialCount)) : BlockYearLosses.None);
    }

    private TrialBlock EndBlock()
    {
        TrialBlock block = _block ?? throw new InvalidOperationException("No sum was begun.");
        _block = null;
        return block;
    }
}
