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
    private readonly OccurrenceRuns _runs = new();
    private readonly YearTotals _totals = new();
    private readonly OccurrenceOrder _order = new();
    private readonly LossMemory _memory;
    private readonly BlockYearLossesBuilder _years;
    private double[] _eventLosses = [];

    // The subject of a layer with upstream layers: its terms in order of time, and their sums.
    private readonly LossMemory _subjectMemory = new();
    private readonly OccurrenceSum _subjectSum;
    private double[] _sumsOfRuns = [];
    private double[] _absoluteSums = [];

    /// <summary>Creates a simulator.</summary>
    /// <param name="subjects">Merged subjects, shared with other simulators; null for its own.</param>
    /// <param name="sampling">How losses are drawn; null where each is its mean.</param>
    /// <param name="memory">Where losses go; null for memory of their own.</param>
    public LayerSimulator(SubjectCache? subjects = null, LossSampling? sampling = null, LossMemory? memory = null)
    {
        _memory = memory ?? LossMemory.Fresh;
        _years = new BlockYearLossesBuilder(_memory);
        _subjectSum = new OccurrenceSum(_memory);
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
        (Memory<int> positions, Memory<double> losses) = InOrder((int)_runs.Hits, _runs.Loss, _memory);
        return AggregateTerms.NeverBind(layer.Terms)
            ? new(Years(block, layer, inOrder: false, hasTotals: true), new(positions, losses))
            : Fold(block, layer, positions, losses, totalsByEvent: true);
    }

    /// <summary>The occurrences that were dealt, in order of time.</summary>
    /// <param name="count">Number of occurrences.</param>
    /// <param name="lossOf">Their losses, by what was dealt.</param>
    /// <param name="memory">Where they go.</param>
    private (Memory<int> Positions, Memory<double> Losses) InOrder(int count, ReadOnlySpan<double> lossOf, LossMemory memory)
    {
        Memory<int> positions = memory.Positions(count);
        Memory<double> losses = memory.Losses(count);
        int next = 0;
        for (int list = 0; list < _order.Lists; list++)
        {
            _order.Write(list, lossOf, positions.Span[next..], losses.Span[next..]);
            next += _order.CountOf(list);
        }

        return (positions, losses);
    }

    private LayerLosses SimulateByOccurrence(TrialBlock block, LayerModel layer, IReadOnlyList<OccurrenceLosses?> upstream)
    {
        _subjectSum.Begin();
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
            _subjectSum.Add(recoveries, source);
        }

        (Memory<int> positions, Memory<double> losses) = _subjectSum.EndWritable(ref _absoluteSums);
        _subjectMemory.TakeBack();
        int count = ApplyOccurrenceTerms(layer.Terms, positions.Span, losses.Span, _absoluteSums);
        return Fold(block, layer, positions[..count], losses[..count], totalsByEvent: false);
    }

    /// <summary>Adds ELTs that follow each other in a subject.</summary>
    private void AddElts(TrialBlock block, IReadOnlyList<SubjectSource> terms, int count)
    {
        if (count == 0)
        {
            return;
        }

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
        block.Occurrences.Match(subject.EventIds, subject.AbsoluteSums, _runs);
        _order.Deal(block, _runs);
        if (ReferenceEquals(subject.Sums, subject.AbsoluteSums))
        {
            AddInOrder((int)_runs.Hits, _runs.Loss, _runs.Loss);
            return;
        }

        if (_sumsOfRuns.Length < _runs.Count)
        {
            _sumsOfRuns = new double[_runs.Count + (_runs.Count >> 2)];
        }

        for (int run = 0; run < _runs.Count; run++)
        {
            _sumsOfRuns[run] = subject.Sums[_runs.Source[run]];
        }

        AddInOrder((int)_runs.Hits, _sumsOfRuns, _runs.Loss);
    }

    /// <summary>Adds occurrences that were dealt.</summary>
    /// <param name="count">Number of occurrences.</param>
    /// <param name="sumOf">The sums of their terms, by what was dealt.</param>
    /// <param name="absoluteSumOf">The sums of their absolute terms; the same span where no term is negative.</param>
    private void AddInOrder(int count, ReadOnlySpan<double> sumOf, ReadOnlySpan<double> absoluteSumOf)
    {
        LastHits += count;
        (Memory<int> positions, Memory<double> sums) = InOrder(count, sumOf, _subjectMemory);
        Memory<double> absoluteSums = sums;
        if (sumOf != absoluteSumOf)
        {
            absoluteSums = _subjectMemory.Losses(count);
            int next = 0;
            for (int list = 0; list < _order.Lists; list++)
            {
                _order.WriteLosses(list, absoluteSumOf, absoluteSums.Span[next..]);
                next += _order.CountOf(list);
            }
        }

        _subjectSum.Add(new OccurrenceLosses(positions, sums), absoluteSums);
    }

    /// <summary>l_d from s_d, in place.</summary>
    /// <returns>Number of occurrences with a loss, now the first ones.</returns>
    private static int ApplyOccurrenceTerms(LayerTerms terms, Span<int> positions, Span<double> losses, ReadOnlySpan<double> absoluteSums)
    {
        int count = 0;
        for (int i = 0; i < positions.Length; i++)
        {
            double loss = terms.ApplyOccurrenceTerms(EventSubject.Settle(losses[i], absoluteSums[i]));
            positions[count] = positions[i];
            losses[count] = loss;
            count += loss > 0 ? 1 : 0;
        }

        return count;
    }

    /// <summary>Aggregate terms trial by trial, and what the years come to.</summary>
    /// <param name="block">The trials.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="ofPositions">Positions, ascending.</param>
    /// <param name="layered">l_d of each, above 0; becomes r_d.</param>
    /// <param name="totalsByEvent">Whether the totals over (event, position) stand in the work arrays.</param>
    private LayerLosses Fold(TrialBlock block, LayerModel layer, Memory<int> ofPositions, Memory<double> layered, bool totalsByEvent)
    {
        _years.Begin(block.TrialCount);
        ReadOnlySpan<int> positions = ofPositions.Span;
        Span<double> losses = layered.Span;
        int[] starts = block.TrialStarts;
        bool anyUnpaid = false;
        int trial = 0;
        for (int first = 0; first < losses.Length;)
        {
            while (starts[trial + 1] <= positions[first])
            {
                trial++;
            }

            int end = first + 1;
            while (end < losses.Length && positions[end] < starts[trial + 1])
            {
                end++;
            }

            Span<double> ofTrial = losses[first..end];
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

        return new(_years.Build(), anyUnpaid ? OccurrenceLosses.WithoutZeros(ofPositions, layered, _memory) : new(ofPositions, layered));
    }
}
