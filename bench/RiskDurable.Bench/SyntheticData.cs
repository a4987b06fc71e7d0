using RiskDurable.Kernel;

namespace RiskDurable.Bench;

/// <summary>A year-event table in trial order, as the baseline reads it, and ELTs to go with it.</summary>
internal sealed class SyntheticData
{
    public SyntheticData(BenchOptions options, ulong seed = 1)
    {
        Options = options;
        Events = new int[options.Occurrences];
        var random = new SplitMix(seed);
        for (int i = 0; i < Events.Length; i++)
        {
            Events[i] = (int)random.Below((uint)options.Catalogue);
        }
    }

    public BenchOptions Options { get; }

    /// <summary>Event of each occurrence, from 0, trial by trial in order of time; every trial has as many.</summary>
    public int[] Events { get; }

    public int BlockCount => (Options.Trials + Options.BlockTrials - 1) / Options.BlockTrials;

    /// <summary>The rows of one block, ready to be indexed; those of a file come in this order as well.</summary>
    /// <param name="block">Number of the block.</param>
    /// <param name="builder">A builder whose memory is used again, or null for a new one.</param>
    public TrialBlockBuilder Rows(int block, TrialBlockBuilder? builder = null)
    {
        int first = block * Options.BlockTrials;
        int trials = Math.Min(Options.BlockTrials, Options.Trials - first);
        int perTrial = Options.EventsPerTrial;
        builder ??= new TrialBlockBuilder(first, trials, hasUniforms: false);
        builder.Begin(first, trials);
        int[] trial = new int[perTrial];
        long[] events = new long[perTrial];
        double[] days = new double[perTrial];
        for (int i = 0; i < perTrial; i++)
        {
            days[i] = 365.0 * i / perTrial;
        }

        for (int t = first; t < first + trials; t++)
        {
            Array.Fill(trial, t);
            for (int i = 0; i < perTrial; i++)
            {
                events[i] = Events[((long)t * perTrial) + i];
            }

            builder.Add(trial, events, days, []);
        }

        return builder;
    }

    /// <summary>An ELT of distinct events drawn at random, with losses that have a long tail.</summary>
    public EventLossTable Elt(ulong seed, int rows) => Elt(seed, rows, Options.Catalogue);

    public static EventLossTable Elt(ulong seed, int rows, int catalogue)
    {
        var random = new SplitMix(seed);
        long[] ids = new long[Math.Min(rows, catalogue)];
        if (ids.Length == catalogue)
        {
            for (int i = 0; i < ids.Length; i++)
            {
                ids[i] = i;
            }
        }
        else
        {
            var drawn = new HashSet<long>();
            while (drawn.Count < ids.Length)
            {
                drawn.Add(random.Below((uint)catalogue));
            }

            drawn.CopyTo(ids);
            Array.Sort(ids);
        }

        double[] losses = new double[ids.Length];
        for (int i = 0; i < losses.Length; i++)
        {
            losses[i] = 1e5 / Math.Sqrt(1 - random.Uniform());
        }

        return new EventLossTable(ids, losses);
    }

    public EventLossTable[] Elts(ulong seed, int count, int rows) => [.. Enumerable.Range(0, count).Select(i => Elt(seed + (ulong)i, rows))];

    public static LayerModel Layer(EventLossTable[] elts, LayerTerms terms) =>
        new(terms, [.. elts.Select(elt => new SubjectSource(elt, 1, 1))], 0, []);
}
