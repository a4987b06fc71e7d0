namespace RiskDurable.Kernel;

/// <summary>Simulates layers over trial blocks (docs/kernel.md, section 2), exactly.</summary>
/// <remarks>
/// A layer on ELTs alone is worked out by event first: one table of what each event costs the layer, then a scatter of that cost over the
/// event's occurrences. Only trials whose aggregate terms may bind are folded in order of time. A layer with upstream layers in its subject
/// adds up its subject by occurrence, and is folded in order of time throughout. Neither choice depends on anything but the layer and
/// the trial's losses, so results are the same bit for bit whatever the block. Keeps its work arrays between calls; one a thread.
/// </remarks>
public sealed class LayerSimulator
{
    private readonly OccurrenceAccumulator _losses = new();
    private readonly OccurrenceAccumulator _absoluteTerms = new();
    private double[] _totals = [];
    private double[] _largest = [];

    /// <summary>Occurrences with a loss that the last simulation visited, each as often as it did.</summary>
    public long LastHits { get; private set; }

    /// <summary>Simulates one layer over one block.</summary>
    /// <param name="block">The trials.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="upstream">
    /// For each term of the subject that is an upstream layer, at the term's index, that layer's recoveries in this block; other
    /// entries are not read. May be empty when no term is a layer.
    /// </param>
    /// <exception cref="ArgumentException">The recoveries of an upstream layer are missing.</exception>
    public LayerLosses Simulate(TrialBlock block, LayerModel layer, IReadOnlyList<OccurrenceLosses?> upstream)
    {
        ArgumentNullException.ThrowIfNull(block);
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(upstream);
        _losses.EnsureCapacity(block.OccurrenceCount);
        LastHits = 0;
        return layer.DependsOnEventsOnly ? SimulateByEvent(block, layer) : SimulateByOccurrence(block, layer, upstream);
    }

    private LayerLosses SimulateByEvent(TrialBlock block, LayerModel layer)
    {
        (long[] eventIds, double[] eventLosses) = EventSubject.Merge(layer.Subject, layer.Subject.Count).LayeredLosses(layer.Terms);
        if (_totals.Length < block.TrialCount)
        {
            _totals = new double[block.TrialCount];
            _largest = new double[block.TrialCount];
        }

        double[] totals = _totals;
        double[] largest = _largest;
        Array.Clear(totals, 0, block.TrialCount);
        Array.Clear(largest, 0, block.TrialCount);
        int[] trials = block.Trials;
        int[] positions = block.Positions;
        var walk = new EventIntersection(eventIds, block.EventIds);
        while (walk.MoveNext())
        {
            double loss = eventLosses[walk.InTable];
            int end = block.EventStarts[walk.InBlock + 1];
            LastHits += end - block.EventStarts[walk.InBlock];
            for (int i = block.EventStarts[walk.InBlock]; i < end; i++)
            {
                int trial = trials[i];
                totals[trial] += loss;
                largest[trial] = Math.Max(largest[trial], loss);
                _losses.Add(positions[i], loss);
            }
        }

        return Fold(block, layer, _losses.Drain(), totalsByEvent: true);
    }

    private LayerLosses SimulateByOccurrence(TrialBlock block, LayerModel layer, IReadOnlyList<OccurrenceLosses?> upstream)
    {
        _absoluteTerms.EnsureCapacity(block.OccurrenceCount);
        int leading = 0;
        while (layer.Subject[leading].Elt is not null)
        {
            leading++;
        }

        AddByEvent(block, EventSubject.Merge(layer.Subject, leading));
        for (int term = leading; term < layer.Subject.Count; term++)
        {
            SubjectSource source = layer.Subject[term];
            if (source.Elt is not null)
            {
                AddByEvent(block, EventSubject.Merge([source], 1));
                continue;
            }

            OccurrenceLosses recoveries = (term < upstream.Count ? upstream[term] : null)
                ?? throw new ArgumentException($"The recoveries of the upstream layer in term {term} are missing.", nameof(upstream));
            LastHits += recoveries.Count;
            for (int i = 0; i < recoveries.Count; i++)
            {
                double amount = source.Amount(recoveries.Losses[i]);
                _losses.Add(recoveries.Positions[i], amount);
                _absoluteTerms.Add(recoveries.Positions[i], Math.Abs(amount));
            }
        }

        OccurrenceLosses absolute = _absoluteTerms.Drain();
        OccurrenceLosses subject = _losses.Drain();
        return Fold(block, layer, ApplyOccurrenceTerms(layer.Terms, subject, absolute), totalsByEvent: false);
    }

    private void AddByEvent(TrialBlock block, EventSubject subject)
    {
        var walk = new EventIntersection(subject.EventIds, block.EventIds);
        while (walk.MoveNext())
        {
            double sum = subject.Sums[walk.InTable];
            double absolute = subject.AbsoluteSums[walk.InTable];
            int end = block.EventStarts[walk.InBlock + 1];
            LastHits += end - block.EventStarts[walk.InBlock];
            for (int i = block.EventStarts[walk.InBlock]; i < end; i++)
            {
                _losses.Add(block.Positions[i], sum);
                _absoluteTerms.Add(block.Positions[i], absolute);
            }
        }
    }

    /// <summary>l_d from s_d: both lists ascend by position, and every subject loss has its absolute sum.</summary>
    private static OccurrenceLosses ApplyOccurrenceTerms(LayerTerms terms, OccurrenceLosses subject, OccurrenceLosses absolute)
    {
        int[] positions = new int[subject.Count];
        double[] losses = new double[subject.Count];
        int count = 0;
        int other = 0;
        for (int i = 0; i < subject.Count; i++)
        {
            while (absolute.Positions[other] != subject.Positions[i])
            {
                other++;
            }

            double loss = terms.ApplyOccurrenceTerms(EventSubject.Settle(subject.Losses[i], absolute.Losses[other]));
            positions[count] = subject.Positions[i];
            losses[count] = loss;
            count += loss > 0 ? 1 : 0;
        }

        return new(positions[..count], losses[..count]);
    }

    /// <summary>Aggregate terms trial by trial, and what the years come to. Takes over the arrays of <paramref name="layered"/>.</summary>
    /// <param name="block">The trials.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="layered">l_d, ascending by position, all above 0.</param>
    /// <param name="totalsByEvent">Whether the totals over (event, position) stand in the work arrays.</param>
    private LayerLosses Fold(TrialBlock block, LayerModel layer, OccurrenceLosses layered, bool totalsByEvent)
    {
        var years = new BlockYearLossesBuilder();
        double[] losses = layered.Losses;
        int[] starts = block.TrialStarts;
        bool anyUnpaid = false;
        int trial = 0;
        for (int first = 0; first < losses.Length;)
        {
            while (starts[trial + 1] <= layered.Positions[first])
            {
                trial++;
            }

            int end = first + 1;
            while (end < losses.Length && layered.Positions[end] < starts[trial + 1])
            {
                end++;
            }

            Span<double> ofTrial = losses.AsSpan(first..end);
            AggregateTerms.Effect effect = totalsByEvent ? AggregateTerms.EffectOn(_totals[trial], layer.Terms) : AggregateTerms.Effect.Ordered;
            double total = 0;
            double largest = 0;
            switch (effect)
            {
                case AggregateTerms.Effect.None:
                    (total, largest) = (_totals[trial], _largest[trial]);
                    break;
                case AggregateTerms.Effect.NothingPaid:
                    ofTrial.Clear();
                    break;
                default:
                    (total, largest) = AggregateTerms.Fold(ofTrial, layer.Terms);
                    break;
            }

            anyUnpaid |= ofTrial.Contains(0);
            years.Add(trial, total, largest, ReinstatementPremiums.Of(layer, total));
            first = end;
        }

        return new(years.Build(), anyUnpaid ? WithoutZeros(layered) : layered);
    }

    private static OccurrenceLosses WithoutZeros(OccurrenceLosses losses)
    {
        int[] positions = new int[losses.Count];
        double[] values = new double[losses.Count];
        int count = 0;
        for (int i = 0; i < losses.Count; i++)
        {
            positions[count] = losses.Positions[i];
            values[count] = losses.Losses[i];
            count += losses.Losses[i] == 0 ? 0 : 1;
        }

        return new(positions[..count], values[..count]);
    }
}
