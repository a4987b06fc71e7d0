using RiskDurable.Kernel;

namespace RiskDurable.Execution.Analytics;

/// <summary>
/// Puts deals on and takes deals off the whole portfolio's losses by occurrence, for one trial block. Years that no deal touches stay as
/// the rollup left them, to the bit; the others are added up again in order of time.
/// </summary>
/// <remarks>
/// A rollup adds in another order, so that amounts agree with it up to rounding. What is left of an occurrence that cancels but for rounding
/// is nothing, as in the subject of a layer. Keeps its work arrays between calls; one a thread.
/// </remarks>
internal sealed class RootChange
{
    // Of the sum of absolute terms, as in docs/kernel.md, section 2.
    private const double CancellationShare = 1.0 / (1L << 40);

    private readonly LossMemory _memory = new();
    private readonly OccurrenceSum _changes;
    private readonly List<int> _trials = [];
    private readonly List<double> _aggregate = [];
    private readonly List<double> _maxOccurrence = [];
    private readonly List<double> _reinstatementPremium = [];
    private double[] _absolutes = [];
    private double[] _premiums = [];
    private double[] _absolutePremiums = [];
    private bool[] _touched = [];
    private TrialBlock? _block;

    public RootChange() => _changes = new OccurrenceSum(_memory);

    public void Begin(TrialBlock block)
    {
        _block = block;
        _changes.Begin();
        if (_premiums.Length < block.TrialCount)
        {
            _premiums = new double[block.TrialCount];
            _absolutePremiums = new double[block.TrialCount];
            _touched = new bool[block.TrialCount];
        }

        Array.Clear(_premiums, 0, block.TrialCount);
        Array.Clear(_absolutePremiums, 0, block.TrialCount);
        Array.Clear(_touched, 0, block.TrialCount);
    }

    /// <summary>Adds a deal, times a factor.</summary>
    /// <param name="occurrences">Its losses by occurrence; read when the change ends.</param>
    /// <param name="years">Its years; only the reinstatement premium is read.</param>
    /// <param name="factor">The factor.</param>
    public void Add(OccurrenceLosses occurrences, BlockYearLosses years, double factor)
    {
        _changes.Add(occurrences, factor);
        ReadOnlySpan<int> trials = years.Trials;
        ReadOnlySpan<double> premiums = years.ReinstatementPremium;
        for (int i = 0; i < trials.Length; i++)
        {
            double premium = factor * premiums[i];
            _premiums[trials[i]] += premium;
            _absolutePremiums[trials[i]] += Math.Abs(premium);
        }
    }

    /// <summary>The years that are different now; a year of zeros is listed where it was none before.</summary>
    public BlockYearLosses End(RootLosses root)
    {
        TrialBlock block = _block ?? throw new InvalidOperationException("No change was begun.");
        _block = null;
        OccurrenceLosses changes = _changes.End(ref _absolutes);
        Touch(block, changes);
        _trials.Clear();
        _aggregate.Clear();
        _maxOccurrence.Clear();
        _reinstatementPremium.Clear();
        int change = 0;
        for (int trial = 0; trial < block.TrialCount; trial++)
        {
            if (!_touched[trial])
            {
                continue;
            }

            _trials.Add(trial);
            AddYear(root, trial, block.TrialStarts[trial + 1], changes, ref change);
            _reinstatementPremium.Add(Settle(
                root.ReinstatementPremium[trial] + _premiums[trial], Math.Abs(root.ReinstatementPremium[trial]) + _absolutePremiums[trial]));
        }

        _memory.TakeBack();
        return new BlockYearLosses([.. _trials], [.. _aggregate], [.. _maxOccurrence], [.. _reinstatementPremium]);
    }

    private static double Settle(double sum, double absoluteSum) => Math.Abs(sum) <= CancellationShare * absoluteSum ? 0 : sum;

    private void Touch(TrialBlock block, OccurrenceLosses changes)
    {
        int trial = 0;
        foreach (int position in changes.Positions)
        {
            while (block.TrialStarts[trial + 1] <= position)
            {
                trial++;
            }

            _touched[trial] = true;
        }

        for (int i = 0; i < block.TrialCount; i++)
        {
            _touched[i] |= _premiums[i] != 0;
        }
    }

    /// <summary>Adds up a year: the portfolio's occurrences and the changes, merged by position.</summary>
    private void AddYear(RootLosses root, int trial, int endOfTrial, OccurrenceLosses changes, ref int change)
    {
        ReadOnlySpan<int> positions = root.Occurrences.Positions;
        ReadOnlySpan<double> losses = root.Occurrences.Losses;
        int next = root.Starts[trial];
        int end = root.Starts[trial + 1];
        double sum = 0;

        // Compared, not Math.Max: no amount is NaN, and this is the loop that reads the whole portfolio.
        double largest = 0;
        while (true)
        {
            int changed = change < changes.Count && changes.Positions[change] < endOfTrial ? changes.Positions[change] : int.MaxValue;
            while (next < end && positions[next] < changed)
            {
                sum += losses[next];
                largest = losses[next] > largest ? losses[next] : largest;
                next++;
            }

            if (changed == int.MaxValue)
            {
                break;
            }

            double before = next < end && positions[next] == changed ? losses[next++] : 0;
            double loss = Settle(before + changes.Losses[change], Math.Abs(before) + _absolutes[change]);
            sum += loss;
            largest = Math.Max(largest, loss);
            change++;
        }

        _aggregate.Add(sum);
        _maxOccurrence.Add(largest);
    }
}
