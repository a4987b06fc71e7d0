using System.Runtime.CompilerServices;
using RiskDurable.Kernel.Sampling;

namespace RiskDurable.Kernel;

/// <content>Losses drawn by occurrence: what an event costs a layer then depends on the occurrence, and every trial is folded in order of time.</content>
public sealed partial class LayerSimulator
{
    // Occurrences that cost the layer something, in the order in which they are drawn.
    private int[] _sampledPositions = [];
    private double[] _sampledLosses = [];

    private LayerLosses SimulateSampled(TrialBlock block, LayerModel layer, SubjectSampler sampler)
    {
        int count = SampleInOrder(block, layer, sampler);
        (Memory<int> positions, Memory<double> losses) = InOrder(count, _sampledLosses, _memory);
        return Fold(block, layer, positions, losses, totalsByEvent: false);
    }

    /// <summary>Draws the losses of a layer, and puts the occurrences that have one in order of time.</summary>
    /// <returns>Number of occurrences with a loss.</returns>
    private int SampleInOrder(TrialBlock block, LayerModel layer, SubjectSampler sampler)
    {
        sampler.Draw(block, _subjects.SampledOf(layer.Subject, layer.Subject.Count));
        LastHits = sampler.Runs.Hits;
        MakeRoom((int)LastHits);
        int count = ApplyOccurrenceTerms(block, layer.Terms, sampler);
        _order.Deal(block, _sampledPositions, count);
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int ApplyOccurrenceTerms(TrialBlock block, LayerTerms terms, SubjectSampler sampler)
    {
        ReadOnlySpan<double> sums = sampler.Sums;
        ReadOnlySpan<double> absoluteSums = sampler.AbsoluteSums;
        OccurrenceRuns runs = sampler.Runs;
        int[] positions = _sampledPositions;
        double[] losses = _sampledLosses;
        int hit = 0;
        int count = 0;
        for (int run = 0; run < runs.Count; run++)
        {
            foreach (int position in block.Positions.AsSpan(runs.First[run], runs.Length[run]))
            {
                double loss = terms.ApplyOccurrenceTerms(EventSubject.Settle(sums[hit], absoluteSums[hit]));
                positions[count] = position;
                losses[count] = loss;
                count += loss > 0 ? 1 : 0;
                hit++;
            }
        }

        return count;
    }

    private void AddSampled(TrialBlock block, SampledSubject subject, SubjectSampler sampler)
    {
        sampler.Draw(block, subject);
        OccurrenceRuns runs = sampler.Runs;
        int hits = (int)runs.Hits;
        MakeRoom(hits);
        int hit = 0;
        for (int run = 0; run < runs.Count; run++)
        {
            block.Positions.AsSpan(runs.First[run], runs.Length[run]).CopyTo(_sampledPositions.AsSpan(hit));
            hit += runs.Length[run];
        }

        _order.Deal(block, _sampledPositions, hits);
        AddInOrder(hits, sampler.Sums, sampler.AbsoluteSums);
    }

    private void MakeRoom(int hits)
    {
        if (_sampledLosses.Length < hits)
        {
            int capacity = checked(hits + (hits >> 2));
            _sampledPositions = LargeArray.Uninitialized<int>(capacity);
            _sampledLosses = LargeArray.Uninitialized<double>(capacity);
        }
    }
}
