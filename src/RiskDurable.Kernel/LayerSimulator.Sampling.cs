using RiskDurable.Kernel.Sampling;

namespace RiskDurable.Kernel;

/// <content>Losses drawn by occurrence: what an event costs a layer then depends on the occurrence, and every trial is folded in order of time.</content>
public sealed partial class LayerSimulator
{
    private LayerLosses SimulateSampled(TrialBlock block, LayerModel layer, SubjectSampler sampler)
    {
        sampler.Draw(block, _subjects.SampledOf(layer.Subject, layer.Subject.Count));
        LastHits = sampler.Runs.Hits;
        _losses.EnsureCapacity(block.OccurrenceCount);
        ReadOnlySpan<double> sums = sampler.Sums;
        ReadOnlySpan<double> absoluteSums = sampler.AbsoluteSums;
        OccurrenceRuns runs = sampler.Runs;
        int hit = 0;
        for (int run = 0; run < runs.Count; run++)
        {
            foreach (int position in block.Positions.AsSpan(runs.First[run], runs.Length[run]))
            {
                double loss = layer.Terms.ApplyOccurrenceTerms(EventSubject.Settle(sums[hit], absoluteSums[hit]));
                if (loss > 0)
                {
                    _losses.Add(position, loss);
                }

                hit++;
            }
        }

        (Memory<int> positions, Memory<double> losses) = _losses.Drain(_memory);
        return Fold(block, layer, positions, losses, totalsByEvent: false);
    }

    private void AddSampled(TrialBlock block, SampledSubject subject, SubjectSampler sampler)
    {
        sampler.Draw(block, subject);
        LastHits += sampler.Runs.Hits;
        ReadOnlySpan<double> sums = sampler.Sums;
        ReadOnlySpan<double> absoluteSums = sampler.AbsoluteSums;
        OccurrenceRuns runs = sampler.Runs;
        int hit = 0;
        for (int run = 0; run < runs.Count; run++)
        {
            foreach (int position in block.Positions.AsSpan(runs.First[run], runs.Length[run]))
            {
                _losses.Add(position, sums[hit]);
                _absoluteTerms.Add(position, absoluteSums[hit++]);
            }
        }
    }
}
