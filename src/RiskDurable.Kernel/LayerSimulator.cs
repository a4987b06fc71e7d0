using RiskDurable.Kernel.Sampling;

namespace RiskDurable.Kernel;

/// <summary>Simulates layers over trial blocks (docs/kernel.md, section 2), exactly.</summary>
/// <remarks>
/// A layer on ELTs alone is worked out by event first: one table of what each event costs the layer, then a scatter of that cost over the
/// event's occurrences. Only trials whose aggregate terms may bind are folded in order of time. A layer with upstream layers in its subject
/// adds up its subject by occurrence, and is folded in order of time throughout. Neither choice depends on anything but the layer and
/// the trial's losses, so results are the same bit for bit whatever the block. Keeps its work arrays between calls; one a thread.
/// </remarks>
public sealed partial class LayerSimulator
{
    private readonly SubjectCache _subjects;
    private readonly SubjectSampler? _sampler;
    private readonly OccurrenceAccumulator _losses = new();
    private readonly OccurrenceAccumulator _absoluteTerms = new();
    private readonly OccurrenceRuns _runs = new();
    private readonly YearTotals _totals = new();
    private readonly OccurrenceOrder _order = new();
    private readonly BlockYearLossesBuilder _years = new();
    private double[] _eventLosses = [];

    /// <summary>Creates a simulator.</summary>
    /// <param name="subjects">Merged subjects, shared with other simulators; null for its own.</param>
    /// <param name="sampling">How losses are drawn; null where each is its mean.</param>
    public LayerSimulator(SubjectCache? subjects = null, LossSampling? sampling = null)
    {
        _subjects = subjects ?? new SubjectCache();
        _sampler = sampling is null ? null : new SubjectSampler(sampling.Seed);
    }

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
        LastHits = 0;
        return !layer.DependsOnEventsOnly ? SimulateByOccurrence(block, layer, upstream)
            : _sampler is null ? SimulateByEvent(block, layer)
            : SimulateSampled(block, layer, _sampler);
    }

    private void EnsureEventLosses(int events)
    {
        if (_eventLosses.Length < events)
        {
            _eventLosses = new double[events];
        }
    }

    private EventSubject ApplyOccurrenceTerms(LayerModel layer)
    {
        EventSubject subject = _subjects.Of(layer.Subject, layer.Subject.Count);
        EnsureEventLosses(subject.EventIds.Length);
        subject.ApplyOccurrenceTerms(layer.Terms, _eventLosses.AsSpan(0, subject.EventIds.Length));
        return subject;
    }

    private void Match(TrialBlock block, EventSubject subject)
    {
        block.Occurrences.Match(subject.EventIds, _eventLosses.AsSpan(0, subject.EventIds.Length), _runs);
        LastHits = _runs.Hits;
    }

    private LayerLosses SimulateByEvent(TrialBlock block, LayerModel layer)
    {
        Match(block, ApplyOccurrenceTerms(layer));
        _totals.Add(block, _runs);
        _order.Deal(block, _runs);
        int count = (int)_runs.Hits;
        int[] positions = GC.AllocateUninitializedArray<int>(count);
        double[] losses = GC.AllocateUninitializedArray<double>(count);
        int next = 0;
        for (int list = 0; list < _order.Lists; list++)
        {
            _order.Write(list, _runs, positions.AsSpan(next), losses.AsSpan(next));
            next += _order.CountOf(list);
        }

        var layered = new OccurrenceLosses(positions, losses);
        return AggregateTerms.NeverBind(layer.Terms)
            ? new(Years(block, layer, inOrder: false, hasTotals: true), layered)
            : Fold(block, layer, layered, totalsByEvent: true);
    }

    private LayerLosses SimulateByOccurrence(TrialBlock block, LayerModel layer, IReadOnlyList<OccurrenceLosses?> upstream)
    {
        _losses.EnsureCapacity(block.OccurrenceCount);
        _absoluteTerms.EnsureCapacity(block.OccurrenceCount);
        int leading = 0;
        while (layer.Subject[leading].Elt is not null)
        {
            leading++;
        }

        AddElts(block, layer.Subject, leading);
        for (int term = leading; term < layer.Subject.Count; term++)
        {
            SubjectSource source = layer.Subject[term];
            if (source.Elt is not null)
            {
                AddElts(block, [source], 1);
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

    private void AddElts(TrialBlock block, IReadOnlyList<SubjectSource> terms, int count)
    {
        if (_sampler is null)
        {
            AddByEvent(block, _subjects.Of(terms, count));
        }
        else
        {
            AddSampled(block, _subjects.SampledOf(terms, count), _sampler);
        }
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
        _years.Begin(block.TrialCount);
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
            AggregateTerms.Effect effect = totalsByEvent ? AggregateTerms.EffectOn(_totals[trial].Total, layer.Terms) : AggregateTerms.Effect.Ordered;
            double total = 0;
            double largest = 0;
            switch (effect)
            {
                case AggregateTerms.Effect.None:
                    (total, largest) = _totals[trial];
                    break;
                case AggregateTerms.Effect.NothingPaid:
                    ofTrial.Clear();
                    anyUnpaid = true;
                    break;
                default:
                    (total, largest) = AggregateTerms.Fold(ofTrial, layer.Terms);
                    anyUnpaid |= ofTrial.Contains(0);
                    break;
            }

            _years.Add(trial, total, largest, ReinstatementPremiums.Of(layer, total));
            first = end;
        }

        return new(_years.Build(), anyUnpaid ? WithoutZeros(layered) : layered);
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
