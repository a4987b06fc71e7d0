using RiskDurable.Kernel;

namespace RiskDurable.Bench;

/// <summary>
/// What a user would write: the layer's ELTs merged into one table of net losses by event, then one look-up for each occurrence of the
/// year-event table in trial order. Doubles, one thread.
/// </summary>
internal sealed class GatherBaseline(SyntheticData data)
{
    private readonly double[] _net = new double[data.Options.Catalogue];

    /// <summary>Year losses of each trial; written by every run.</summary>
    public double[] Aggregate { get; } = new double[data.Options.Trials];

    public double[] MaxOccurrence { get; } = new double[data.Options.Trials];

    public void Run(LayerModel layer)
    {
        Merge(layer);
        if (layer.Terms.AggregateRetention == 0 && double.IsPositiveInfinity(layer.Terms.AggregateLimit))
        {
            WithoutAggregateTerms();
        }
        else
        {
            WithAggregateTerms(layer.Terms.AggregateRetention, layer.Terms.AggregateLimit);
        }
    }

    private void Merge(LayerModel layer)
    {
        Array.Clear(_net);
        foreach (SubjectSource source in layer.Subject)
        {
            EventLossTable elt = source.Elt!;
            for (int i = 0; i < elt.Count; i++)
            {
                _net[elt.EventIds[i]] += source.Amount(elt.MeanLosses[i]);
            }
        }

        for (int i = 0; i < _net.Length; i++)
        {
            _net[i] = layer.Terms.ApplyOccurrenceTerms(_net[i]);
        }
    }

    private void WithoutAggregateTerms()
    {
        double[] net = _net;
        int perTrial = data.Options.EventsPerTrial;
        for (int trial = 0; trial < Aggregate.Length; trial++)
        {
            double sum = 0;
            double largest = 0;
            foreach (int id in data.Events.AsSpan(trial * perTrial, perTrial))
            {
                double loss = net[id];
                sum += loss;
                largest = loss > largest ? loss : largest;
            }

            Aggregate[trial] = sum;
            MaxOccurrence[trial] = largest;
        }
    }

    private void WithAggregateTerms(double retention, double limit)
    {
        double[] net = _net;
        int perTrial = data.Options.EventsPerTrial;
        for (int trial = 0; trial < Aggregate.Length; trial++)
        {
            double layered = 0;
            double paid = 0;
            double largest = 0;
            foreach (int id in data.Events.AsSpan(trial * perTrial, perTrial))
            {
                layered += net[id];
                double after = layered - retention;
                after = after > 0 ? after : 0;
                after = after < limit ? after : limit;
                double recovery = after - paid;
                largest = recovery > largest ? recovery : largest;
                paid = after;
            }

            Aggregate[trial] = paid;
            MaxOccurrence[trial] = largest;
        }
    }
}
