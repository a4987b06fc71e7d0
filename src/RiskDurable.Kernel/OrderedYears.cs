using System.Runtime.CompilerServices;

namespace RiskDurable.Kernel;

/// <summary>Folds occurrences in order of time into years, part by part, without a list of all of them. Work arrays, kept between layers.</summary>
internal sealed class OrderedYears
{
    // With no more occurrences than this in a trial, sums in any two orders differ by less than half of the share within which a total
    // counts as near a bound (AggregateTerms.Near): a fold that crossed a bound then says where every other sum would fall.
    private const int MostSettled = 2000;

    // (paid, largest) by trial.
    private double[] _years = [];
    private bool[] _settled = [];
    private double[] _losses = [];
    private double[] _lossOfEvent = [];

    /// <summary>Whether there are trials whose total over (event, position) is needed.</summary>
    public bool AnyUnsettled { get; private set; }

    /// <summary>The year's paid loss and largest recovery, as the fold in order of time has it.</summary>
    public (double Total, double Largest) this[int trial] => (_years[2 * trial], _years[(2 * trial) + 1]);

    /// <summary>
    /// Whether the fold stands whatever a total over (event, position) comes to: the terms were seen to bind, or nothing was paid out of a
    /// retention.
    /// </summary>
    public bool IsSettled(int trial) => _settled[trial];

    /// <summary>Folds all trials of a block.</summary>
    /// <param name="block">The trials.</param>
    /// <param name="terms">The layer's terms.</param>
    /// <param name="lossOf">l_d of the runs, or of the occurrences, that were dealt.</param>
    /// <param name="order">The occurrences.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fold(TrialBlock block, LayerTerms terms, ReadOnlySpan<double> lossOf, OccurrenceOrder order)
    {
        int[] starts = block.TrialStarts;
        Begin(block.TrialCount);
        int kept = 0;
        int trial = 0;
        for (int list = 0; list < order.Lists; list++)
        {
            int count = order.CountOf(list);
            MakeRoom(kept + count, kept);
            order.WriteLosses(list, lossOf, _losses.AsSpan(kept));
            long end = order.EndOf(list);
            int first = 0;
            int before = 0;
            for (; trial < block.TrialCount && starts[trial + 1] <= end; trial++)
            {
                before = order.CountBefore(list, starts[trial + 1], before);
                FoldTrial(trial, new ListedLosses(_losses.AsSpan(first..(kept + before))), terms);
                first = kept + before;
            }

            // The trial that goes on in the next list.
            kept += count - first;
            _losses.AsSpan(first, kept).CopyTo(_losses);
        }

        for (; trial < block.TrialCount; trial++)
        {
            FoldTrial(trial, new ListedLosses([]), terms);
        }
    }

    /// <summary>Folds all trials of a block where most occurrences have a loss: looked up in trial order, until a trial's limit is used up.</summary>
    /// <param name="block">The trials; its events are numbered.</param>
    /// <param name="terms">The layer's terms.</param>
    /// <param name="eventIds">Event ids of the matched table.</param>
    /// <param name="runs">The events that have a loss.</param>
    public void FoldDense(TrialBlock block, LayerTerms terms, ReadOnlySpan<long> eventIds, OccurrenceRuns runs)
    {
        Begin(block.TrialCount);
        int[] events = block.Occurrences.EventNumbers(block.Positions);
        int eventCount = block.Occurrences.EventNumberCount;
        if (_lossOfEvent.Length < eventCount)
        {
            _lossOfEvent = new double[eventCount];
        }

        Array.Clear(_lossOfEvent, 0, eventCount);
        for (int run = 0; run < runs.Count; run++)
        {
            _lossOfEvent[eventIds[runs.Source[run]] - block.EventIds[0]] = runs.Loss[run];
        }

        ReadOnlySpan<double> table = _lossOfEvent.AsSpan(0, eventCount);
        for (int trial = 0; trial < block.TrialCount; trial++)
        {
            FoldTrial(trial, new LookedUpLosses(table, events.AsSpan(block.TrialStarts[trial]..block.TrialStarts[trial + 1])), terms);
        }
    }

    private void Begin(int trials)
    {
        if (_settled.Length < trials)
        {
            _years = new double[2 * trials];
            _settled = new bool[trials];
        }

        AnyUnsettled = false;
    }

    private void FoldTrial<TLosses>(int trial, TLosses losses, LayerTerms terms)
        where TLosses : struct, ITrialLosses, allows ref struct
    {
        (double paid, double largest) = AggregateTerms.FoldYear(losses, terms);
        _years[2 * trial] = paid;
        _years[(2 * trial) + 1] = largest;
        bool settled = losses.Count == 0
            || (losses.Count <= MostSettled && (terms.AggregateRetention > 0 || paid == terms.AggregateLimit));
        _settled[trial] = settled;
        AnyUnsettled |= !settled;
    }

    private void MakeRoom(int capacity, int filled)
    {
        if (_losses.Length < capacity)
        {
            double[] losses = new double[capacity * 2];
            _losses.AsSpan(0, filled).CopyTo(losses);
            _losses = losses;
        }
    }
}
