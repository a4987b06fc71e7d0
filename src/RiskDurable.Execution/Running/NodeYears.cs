using RiskDurable.Execution.Planning;
using RiskDurable.Execution.Storage;
using RiskDurable.Kernel;
using RiskDurable.Kernel.Metrics;

namespace RiskDurable.Execution.Running;

/// <summary>A node's year losses over all trials, reporting currency; its memory is used again for the next node.</summary>
/// <param name="weights">The trials' weights; null where all count alike.</param>
public sealed class NodeYears(TrialWeights? weights = null)
{
    private int[] _trials = [];
    private double[] _aggregate = [];
    private double[] _maxOccurrence = [];
    private double[] _reinstatementPremium = [];

    /// <summary>Number of trials with an entry.</summary>
    public int Count { get; private set; }

    /// <summary>Weight of the trials that use up a layer's aggregate limit, 1 a trial where all count alike; 0 for other nodes.</summary>
    public double ExhaustedWeight { get; private set; }

    /// <summary>The trials' weights; null where all count alike.</summary>
    public TrialWeights? Weights => weights;

    /// <summary>Zero-based trials, ascending.</summary>
    public ReadOnlySpan<int> Trials => _trials.AsSpan(0, Count);

    /// <summary>Aggregate loss of each.</summary>
    public ReadOnlySpan<double> Aggregate => _aggregate.AsSpan(0, Count);

    /// <summary>Largest occurrence of each.</summary>
    public ReadOnlySpan<double> MaxOccurrence => _maxOccurrence.AsSpan(0, Count);

    /// <summary>Reinstatement premium of each.</summary>
    public ReadOnlySpan<double> ReinstatementPremium => _reinstatementPremium.AsSpan(0, Count);

    /// <summary>The columns as the metrics take them.</summary>
    /// <param name="trialCount">Number of trials.</param>
    public NodeYearLosses View(int trialCount) => NodeYearLosses.Sparse(Trials, Aggregate, MaxOccurrence, ReinstatementPremium, trialCount);

    internal void Begin()
    {
        Count = 0;
        ExhaustedWeight = 0;
    }

    /// <summary>Appends the losses of the next block.</summary>
    internal void Add(SectionReader reader, in LossSource source, int firstTrial, double aggregateLimit) =>
        Add(reader.YearLosses(source.Section), source, firstTrial, aggregateLimit);

    /// <summary>Appends the losses of the next block.</summary>
    internal void Add(BlockYearLosses years, in LossSource source, int firstTrial, double aggregateLimit)
    {
        int count = Count + years.Count;
        if (count > _trials.Length)
        {
            int capacity = Math.Max(count, 2 * _trials.Length);
            Array.Resize(ref _trials, capacity);
            Array.Resize(ref _aggregate, capacity);
            Array.Resize(ref _maxOccurrence, capacity);
            Array.Resize(ref _reinstatementPremium, capacity);
        }

        ReadOnlySpan<int> trials = years.Trials;
        ReadOnlySpan<double> aggregate = years.Aggregate;
        ReadOnlySpan<double> maxOccurrence = years.MaxOccurrence;
        ReadOnlySpan<double> premium = years.ReinstatementPremium;
        for (int i = 0; i < trials.Length; i++)
        {
            int to = Count + i;
            _trials[to] = firstTrial + trials[i];
            _aggregate[to] = source.InReportingCurrency(aggregate[i]);
            _maxOccurrence[to] = source.InReportingCurrency(maxOccurrence[i]);
            _reinstatementPremium[to] = source.InReportingCurrency(premium[i]);

            // Exactly: what the limit cut adds up to it exactly (docs/kernel.md).
            ExhaustedWeight += aggregate[i] == aggregateLimit ? weights?.Values[_trials[to]] ?? 1 : 0;
        }

        Count = count;
    }
}
