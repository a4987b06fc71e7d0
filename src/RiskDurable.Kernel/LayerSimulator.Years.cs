using System.Buffers;
using System.Runtime.Intrinsics;

namespace RiskDurable.Kernel;

/// <content>Years alone: of a layer, and of the layers of a tower in one pass.</content>
public sealed partial class LayerSimulator
{
    // Beyond this share of occurrences with a loss, looking all of them up in trial order costs less than ordering the hits.
    private const double DenseShare = 0.4;

    // Beyond this share of events with a loss, going through all occurrences tile by tile costs less than looking up the runs of events.
    private const double TiledShare = 0.4;

    private readonly OccurrenceRuns _towerRuns = new();
    private readonly TowerTotals _tower = new();
    private readonly OrderedYears _ordered = new();

    /// <summary>
    /// Simulates one layer on ELTs alone over one block, and works out its years alone: the same as those of <see cref="Simulate"/>, for
    /// less, as occurrences are put in order only where the aggregate terms may bind.
    /// </summary>
    /// <param name="block">The trials.</param>
    /// <param name="layer">The layer.</param>
    /// <exception cref="ArgumentException">An upstream layer is in the layer's subject.</exception>
    public BlockYearLosses SimulateYears(TrialBlock block, LayerModel layer)
    {
        ArgumentNullException.ThrowIfNull(block);
        ArgumentNullException.ThrowIfNull(layer);
        if (!layer.DependsOnEventsOnly)
        {
            throw new ArgumentException("The layer has upstream layers in its subject.", nameof(layer));
        }

        if (_sampler is not null)
        {
            SampleInOrder(block, layer, _sampler);
            _ordered.Fold(block, layer.Terms, _sampledLosses, _order);
            return Years(block, layer, inOrder: true, hasTotals: false);
        }

        EventSubject subject = ApplyOccurrenceTerms(layer);
        LayerTerms terms = layer.Terms;
        ReadOnlySpan<double> eventLosses = _eventLosses.AsSpan(0, subject.EventIds.Length);
        if (AggregateTerms.NeverBind(terms) && IsTiled(block, eventLosses) && block.Occurrences.Tiles() is { } tiles)
        {
            LastHits = _totals.Add(block, tiles, subject.EventIds, eventLosses);
            return Years(block, layer, inOrder: false, hasTotals: true);
        }

        Match(block, subject);
        double threshold = terms.AggregateRetention > 0 ? terms.AggregateRetention : terms.AggregateLimit / 2;

        // A guess that decides on the way there, not on the result: where most trials will need order, they get it at once.
        bool inOrder = !AggregateTerms.NeverBind(terms) && _runs.MeanYear(block.TrialCount) > threshold;
        bool hasTotals = !inOrder;
        if (hasTotals)
        {
            _totals.Add(block, _runs);
            inOrder = AnyOrdered(block, terms);
        }

        if (inOrder)
        {
            if (block.Occurrences.HasEventNumbers && _runs.Hits > DenseShare * block.OccurrenceCount)
            {
                _ordered.FoldDense(block, terms, subject.EventIds, _runs);
            }
            else
            {
                _order.Deal(block, _runs);
                _ordered.Fold(block, terms, _runs.Loss, _order);
            }

            if (!hasTotals && _ordered.AnyUnsettled)
            {
                _totals.Add(block, _runs);
                hasTotals = true;
            }
        }

        return Years(block, layer, inOrder, hasTotals);
    }

    /// <summary>Whether so many events have a loss that going through all occurrences costs less: judged by a sample, for the result is the same.</summary>
    private static bool IsTiled(TrialBlock block, ReadOnlySpan<double> eventLosses)
    {
        const int Step = 61;
        if (eventLosses.Length < TiledShare * block.EventIds.Length)
        {
            return false;
        }

        int with = 0;
        for (int i = 0; i < eventLosses.Length; i += Step)
        {
            with += eventLosses[i] > 0 ? 1 : 0;
        }

        return (double)with * Step > TiledShare * block.EventIds.Length;
    }

    /// <summary>
    /// Simulates layers that have one subject, of ELTs alone, over one block in one pass, and works out their years: the same as those of
    /// <see cref="SimulateYears(TrialBlock, LayerModel)"/> one by one, for less.
    /// </summary>
    /// <param name="block">The trials.</param>
    /// <param name="tower">The layers; the terms of their subjects are equal one by one.</param>
    /// <returns>For each layer its years.</returns>
    /// <exception cref="ArgumentException">The subjects differ, or an upstream layer is in them.</exception>
    public BlockYearLosses[] SimulateYears(TrialBlock block, IReadOnlyList<LayerModel> tower)
    {
        ArgumentNullException.ThrowIfNull(block);
        ArgumentNullException.ThrowIfNull(tower);
        if (tower.Any(layer => !layer.DependsOnEventsOnly || !layer.Subject.SequenceEqual(tower[0].Subject)))
        {
            throw new ArgumentException("The layers must have one subject, of ELTs alone.", nameof(tower));
        }

        return tower.Count == 0 ? []
            : _sampler is not null ? [.. tower.Select(layer => SimulateYears(block, layer))]
            : SimulateTower(block, tower);
    }

    private BlockYearLosses[] SimulateTower(TrialBlock block, IReadOnlyList<LayerModel> tower)
    {
        EventSubject subject = _subjects.Of(tower[0].Subject, tower[0].Subject.Count);
        int events = subject.EventIds.Length;
        EnsureEventLosses(events);
        Array.Clear(_eventLosses, 0, events);
        var losses = new double[tower.Count][];
        for (int layer = 0; layer < losses.Length; layer++)
        {
            double[] ofLayer = losses[layer] = ArrayPool<double>.Shared.Rent(events);
            subject.ApplyOccurrenceTerms(tower[layer].Terms, ofLayer);
            Raise(_eventLosses.AsSpan(0, events), ofLayer);
        }

        block.Occurrences.Match(subject.EventIds, _eventLosses.AsSpan(0, events), _towerRuns);
        var years = new BlockYearLosses?[losses.Length];
        long hits = 0;
        var together = new List<int>();
        for (int layer = 0; layer < losses.Length; layer++)
        {
            _runs.Select(_towerRuns, losses[layer]);
            hits += _runs.Hits;
            if (TowerTotals.IsSupported && _runs.Hits > _towerRuns.Hits / 2)
            {
                together.Add(layer);
                continue;
            }

            _totals.Add(block, _runs);
            years[layer] = AnyOrdered(block, tower[layer].Terms) ? null : Years(block, tower[layer], inOrder: false, hasTotals: true);
        }

        foreach (int[] group in together.Chunk(TowerTotals.MostLayers))
        {
            _tower.Add(block, _towerRuns, [.. group.Select(layer => losses[layer])]);
            for (int number = 0; number < group.Length; number++)
            {
                years[group[number]] = YearsOfTower(block, tower[group[number]], number);
            }
        }

        Array.ForEach(losses, ofLayer => ArrayPool<double>.Shared.Return(ofLayer));
        BlockYearLosses[] all = [.. years.Select((ofLayer, layer) => ofLayer ?? SimulateYears(block, tower[layer]))];
        LastHits = hits;
        return all;
    }

    /// <summary>The years of a layer of the group that was added last, or null where one of them needs order.</summary>
    private BlockYearLosses? YearsOfTower(TrialBlock block, LayerModel layer, int number)
    {
        _years.Begin(block.TrialCount);
        for (int trial = 0; trial < block.TrialCount; trial++)
        {
            (double Total, double Largest) year = _tower[number, trial];
            AggregateTerms.Effect effect = AggregateTerms.EffectOn(year.Total, layer.Terms);
            if (effect == AggregateTerms.Effect.Ordered)
            {
                return null;
            }

            year = effect == AggregateTerms.Effect.None ? year : default;
            _years.Add(trial, year.Total, year.Largest, ReinstatementPremiums.Of(layer, year.Total));
        }

        return _years.Build();
    }

    private static void Raise(Span<double> largest, ReadOnlySpan<double> losses)
    {
        int next = 0;
        for (; next + Vector256<double>.Count <= largest.Length; next += Vector256<double>.Count)
        {
            Vector256.MaxNative(Vector256.Create<double>(largest[next..]), Vector256.Create(losses[next..])).CopyTo(largest[next..]);
        }

        for (; next < largest.Length; next++)
        {
            largest[next] = double.MaxNative(largest[next], losses[next]);
        }
    }

    private bool AnyOrdered(TrialBlock block, LayerTerms terms)
    {
        if (AggregateTerms.NeverBind(terms))
        {
            return false;
        }

        for (int trial = 0; trial < block.TrialCount; trial++)
        {
            if (AggregateTerms.EffectOn(_totals[trial].Total, terms) == AggregateTerms.Effect.Ordered)
            {
                return true;
            }
        }

        return false;
    }

    private BlockYearLosses Years(TrialBlock block, LayerModel layer, bool inOrder, bool hasTotals)
    {
        _years.Begin(block.TrialCount);
        for (int trial = 0; trial < block.TrialCount; trial++)
        {
            (double Total, double Largest) year = default;
            if (!hasTotals)
            {
                year = _ordered[trial];
            }
            else if (inOrder && _ordered.IsSettled(trial))
            {
                year = _ordered[trial];
            }
            else
            {
                year = AggregateTerms.EffectOn(_totals[trial].Total, layer.Terms) switch
                {
                    AggregateTerms.Effect.None => _totals[trial],
                    AggregateTerms.Effect.NothingPaid => default,
                    _ => _ordered[trial],
                };
            }

            _years.Add(trial, year.Total, year.Largest, ReinstatementPremiums.Of(layer, year.Total));
        }

        return _years.Build();
    }
}
